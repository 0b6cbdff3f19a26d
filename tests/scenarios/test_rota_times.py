"""When a rota begins: wall times in the zone of whoever types them, and the changes of the clocks."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.harness import Workspace
from tests.scenarios import rotas
from tests.scenarios.screenplay import slack_at

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")


def test_a_start_on_the_wall_is_in_the_typists_zone(tmp_path: Path) -> None:
    slack_at(tmp_path, datetime(2026, 3, 4, 9, 30, tzinfo=UTC))
    with Workspace(tmp_path) as workspace:
        bob = workspace.person("bob")
        channel = bob.declares("Checkout is down sev3")
        # 9:30 UTC is 4:30 in New York, where Bob is.
        bob.types("/incident rota start @bob @indu @ada 8h from 16:00", channel).says(
            "The first shift begins *Wed 4 Mar 16:00 EST (21:00 UTC)*.", "theirs Thu 10:30–18:30 IST"
        )
        channel.expects(
            "Command rota of INC-1: Bob Kahn → Indu Rao → Ada Lovelace, 8 h each, from 2026-03-04 21:00 UTC"
        )
        workspace.dm("bob").expects("• Wed 4 Mar 16:00 to Thu 00:00 EST")
        workspace.dm("indu").expects("• Thu 5 Mar 10:30 to 18:30 IST")
        workspace.dm("ada").expects("• Thu 5 Mar 13:00 to 21:00 GMT")
        bob.types("/incident rota start @bob @indu 8h from tomorrow 09:00 Europe/Berlin", channel).says(
            "The first shift begins *Thu 5 Mar 03:00 EST (08:00 UTC)*."
        )
        bob.types("/incident rota start @bob @indu 8h from monday 09:00", channel).says("within the next 48 hours")
        bob.types("/incident me zone Asia/Kolkata", channel)
        bob.types("/incident rota start @bob @indu 8h from 16:00", channel).says("16:00 IST (10:30 UTC)")
        workspace.clock.until(datetime(2026, 3, 4, 10, 31, tzinfo=UTC))
        assert rotas.commander(workspace) == "bob"
        workspace.forgive()


def test_a_wall_time_that_the_clocks_skip_or_repeat_is_asked_about(tmp_path: Path) -> None:
    slack_at(tmp_path, datetime(2026, 3, 7, 15, 0, tzinfo=UTC))
    with Workspace(tmp_path) as workspace:
        bob = workspace.person("bob")
        channel = bob.declares("Checkout is down sev3")
        # In New York the clocks go from 2:00 to 3:00 on the 8th.
        bob.types("/incident rota start @bob @ada from 02:30", channel).says(
            "02:30 is skipped on Sun 8 Mar in America/New_York", "`2026-03-08 01:59` or `2026-03-08 03:00`"
        )
        bob.types("/incident rota", channel).says("has no rota")
        bob.types("/incident rota start @bob @ada from 2026-03-08 03:00", channel).says("03:00 EDT (07:00 UTC)")
        channel.expects("Command rota of INC-1: Bob Kahn → Ada Lovelace, 8 h each, from 2026-03-08 07:00 UTC")
        rotas.told(workspace, "bob", "ada")


def test_a_wall_time_that_comes_twice_is_asked_about(tmp_path: Path) -> None:
    slack_at(tmp_path, datetime(2026, 10, 31, 20, 0, tzinfo=UTC))
    with Workspace(tmp_path) as workspace:
        bob = workspace.person("bob")
        channel = bob.declares("Checkout is down sev3")
        bob.types("/incident rota", channel)
        bob.clicks("Start a rota", channel)
        answers = {
            "Who takes turns, in this order?": [bob.id, workspace.person("ada").id],
            "How long is a shift?": "8h",
            "From when?": "01:30",
        }
        wrong = bob.submits(answers).errors
        assert "01:30 comes twice on Sun 1 Nov in America/New_York" in str(wrong)
        assert "Type 2026-11-01 01:30 EDT or 2026-11-01 01:30 EST" in str(wrong)
        bob.submits({**answers, "From when?": "2026-11-01 01:30 EST"}).says("01:30 EST (06:30 UTC)")
        bob.closes_form()
        channel.expects("Command rota of INC-1: ", "from 2026-11-01 06:30 UTC on")
        rotas.told(workspace, "bob", "ada")


def test_shifts_are_exact_through_a_change_of_clocks(tmp_path: Path) -> None:
    slack_at(tmp_path, datetime(2026, 3, 28, 20, 0, tzinfo=UTC))
    with Workspace(tmp_path) as workspace:
        channel = rotas.begin(workspace, "@ada @eve 8h from 20:30")
        # In the night the clocks go forward in London and Paris: eight hours stay eight hours.
        assert rotas.boundaries(workspace)[:3] == [0, 8, 16]
        assert workspace.dm("eve").messages[0].has("Sun 29 Mar 06:30 to 14:30 CEST")
        workspace.clock.until(datetime(2026, 3, 29, 3, 31, tzinfo=UTC))
        workspace.dm("eve").expects("*Are you up?*", "Sun 29 Mar 06:30 to 14:30 CEST")
        workspace.dm("ada").expects("At *Sun 29 Mar 05:30 BST* Eve Moreau takes command")
        channel.expects_nothing()


def test_a_wall_start_is_offered_then(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down sev3")
    begins = (workspace.clock.now + timedelta(hours=3)).replace(second=0, microsecond=0)
    ada.types(f"/incident rota start @bob @ada 4h from {begins.astimezone(LONDON):%Y-%m-%d %H:%M}").says("first shift")
    channel.expects("Command rota of INC-1: Bob Kahn → Ada Lovelace", "First handoff: Bob Kahn")
    rotas.told(workspace, "ada", "bob")
    workspace.clock.until(begins - timedelta(minutes=59))
    workspace.dm("bob").expects("*Are you up?*", f"{begins.astimezone(NEW_YORK):%H:%M}")
    workspace.dm("ada").expects("Bob Kahn takes command")
    workspace.person("bob").clicks("I'm up", "@watchbill")
    workspace.clock.until(begins + timedelta(seconds=5))
    channel.expects("Briefing of INC-1*")
    channel.expects("@bob, your shift in command of *INC-1*")
    workspace.person("bob").clicks("I have command", channel).says("You have command", "Next handoff: @ada")
    workspace.dm("ada").expects("You are relieved")
