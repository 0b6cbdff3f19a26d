"""The rota: started, changed and stopped, in one line and by forms; and who is told what of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.harness import Place, Workspace
from tests.scenarios import rotas
from tests.scenarios.screenplay import slack_at

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")


def _plan(workspace: Workspace, role: str = "ic", many: int = 6) -> list[str]:
    """Who takes the next shifts."""
    query = (
        "SELECT shifts.person FROM shifts JOIN rotas ON rotas.id = shifts.rota"
        " WHERE rotas.role = ? AND rotas.stopped_at IS NULL ORDER BY position LIMIT ?"
    )
    return [workspace.name_of(row["person"]) for row in workspace.bot.rows(query, role, many)]


def _boundaries(workspace: Workspace) -> list[float]:
    """When the shifts begin, in hours after the first."""
    rows = workspace.bot.rows("SELECT starts_at FROM shifts ORDER BY position")
    times = [datetime.fromisoformat(str(row["starts_at"])) for row in rows]
    return [round((one - times[0]).total_seconds() / 3600, 2) for one in times]


def _changed(workspace: Workspace, channel: Place, words: str, *told: str) -> None:
    """The channel hears of it, and exactly these people by DM, once."""
    channel.expects(f"Command rota of INC-1: {words}")
    rotas.told(workspace, *told)
    for handle in ("ada", "bob", "eve", "chen"):
        assert not workspace.dm(handle).exists or not workspace.dm(handle).unexpected(), handle
    channel.expects_nothing()


def test_people_join_and_leave(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = rotas.begin(workspace, "@ada @bob @eve 8h")
    before = _boundaries(workspace)
    ada.types("/incident rota add @chen", channel).says("Command rota of INC-1*", "@chen")
    _changed(workspace, channel, "Chen Wei joined (Ada Lovelace).", "bob", "eve", "chen")
    assert "chen" in channel.members
    assert _plan(workspace) == ["ada", "bob", "eve", "chen", "ada", "bob"]
    ada.types("/incident rota remove @bob", channel).says("Command rota of INC-1*")
    assert _plan(workspace) == ["ada", "eve", "chen", "ada", "eve", "chen"]
    channel.expects("Command rota of INC-1: Bob Kahn left", "Next handoff: Eve Moreau")
    workspace.dm("bob").expects("You have no shift in command of *INC-1* Checkout is down any more")
    rotas.told(workspace, "eve", "chen")
    assert _boundaries(workspace)[: len(before)] == before, "no boundary moves"
    ada.types("/incident rota remove @bob", channel).says("@bob is not in this rota")
    ada.types("/incident rota add @eve", channel).says("@eve is in this rota already")
    ada.types("/incident rota remove @ada", channel).says(
        "@ada holds command now", "Hand over first: `/incident handoff`"
    )
    ada.types("/incident rota remove @eve", channel).says("Command rota")
    channel.expects("Eve Moreau left")
    workspace.dm("eve").expects("You have no shift")
    rotas.told(workspace, "chen")
    ada.types("/incident rota remove @chen", channel).says("one person in the rota", "/incident rota stop")
    workspace.dm("ada").expects_nothing()


def test_two_swap(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = rotas.begin(workspace, "@ada @bob @eve 8h")
    before = _boundaries(workspace)
    ada.types("/incident rota swap @bob @eve", channel).says("Command rota of INC-1*")
    _changed(workspace, channel, "Bob Kahn and Eve Moreau swapped their next shifts", "bob", "eve")
    assert _plan(workspace) == ["ada", "eve", "bob", "ada", "bob", "eve"]
    assert _boundaries(workspace) == before
    ada.types("/incident rota swap @bob", channel).says("Two people swap")
    ada.types("/incident rota swap @bob @chen", channel).says("@chen has no shift to come")
    ada.types("/incident rota swap", channel).says("Which two trade their next shifts?")


def test_the_next_boundary_is_extended(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = rotas.begin(workspace, "@ada @bob @eve 8h")
    ada.types("/incident rota extend 1h", channel).says("Command rota of INC-1*")
    channel.expects("Command rota of INC-1: the next boundary moved by 1 h (Ada Lovelace).", "Next handoff: Bob Kahn")
    rotas.told(workspace, "bob")
    assert _boundaries(workspace)[:4] == [0, 9, 16, 24], "Bob's turn is shorter, the others are as they were"
    ada.types("/incident rota extend 30m all", channel)
    channel.expects("the next boundary moved by 30 min, later ones too")
    rotas.told(workspace, "bob", "eve")
    assert _boundaries(workspace)[:4] == [0, 9.5, 16.5, 24.5]
    ada.types("/incident rota extend 7h", channel).says("@bob less than 30 minutes", "/incident rota extend 1h all")
    ada.types("/incident rota extend", channel).says("By how much?")
    ada.types("/incident rota extend 1m", channel).says("by 5 minutes to 24 hours")
    ada.types("/incident rota extend soon", channel).says("By how much?")


def test_the_boundary_at_which_command_changes_hands_is_extended(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = rotas.begin(workspace, "@ada @bob @eve 8h")
    workspace.clock.forward(hours=1)
    ada.types("/incident handoff @bob", channel)
    channel.expects("Briefing of INC-1*")
    channel.expects("@bob, Ada Lovelace offers you command")
    bob.clicks("I have command", channel).says("Next handoff: @eve")
    workspace.dm("ada").expects("You are relieved")
    # Bob has it, and the next shift is his own: what comes next is his handing over to Eve.
    bob.types("/incident rota extend 1h", channel).says("Command rota of INC-1*")
    channel.expects("the next boundary moved by 1 h (Bob Kahn)", "Next handoff: Eve Moreau")
    rotas.told(workspace, "eve")
    assert _boundaries(workspace)[:4] == [0, 8, 17, 24]
    bob.types("/incident rota", channel)
    bob.clicks("Extend 1 h", channel)
    channel.expects("the next boundary moved by 1 h (Bob Kahn)")
    rotas.told(workspace, "eve")
    bob.types("/incident rota extend 30m all", channel)
    channel.expects("the next boundary moved by 30 min, later ones too")
    rotas.told(workspace, "eve", "ada")
    assert _boundaries(workspace)[:4] == [0, 8, 18.5, 24.5]
    workspace.dm("bob").expects_nothing()


def test_extending_by_the_button_an_hour_before(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = rotas.begin(workspace, "@ada @bob @eve 8h")
    workspace.clock.forward(hours=7, seconds=5)
    up = workspace.dm("bob").expects("*Are you up?*")
    out = workspace.dm("ada").expects("Will it be over soon?")
    ada.presses("Extend 1 h", out).says("Command rota of INC-1*")
    channel.expects("the next boundary moved by 1 h")
    rotas.told(workspace, "bob")
    ada.presses("Extend 1 h", out).says("That boundary was moved already")
    bob.presses("I'm up", up).says("That shift was changed since")
    workspace.clock.forward(minutes=59)
    workspace.dm("bob").expects_nothing()
    workspace.clock.forward(minutes=2)
    workspace.dm("bob").expects("*Are you up?*", "in 1 h")
    out = workspace.dm("ada").expects("Bob Kahn takes command")
    pressed = workspace.together(
        lambda: ada.presses("Extend 1 h", out, settle=False), lambda: ada.presses("Extend 1 h", out, settle=False)
    )
    workspace.settle()
    answers = ada.answers()
    assert [one.error for one in pressed].count("") == len(answers)
    assert sum("Command rota of" in one for one in answers) == 1, answers
    channel.expects("the next boundary moved by 1 h")
    rotas.told(workspace, "bob")


def test_extending_what_nobody_has_accepted_yet(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = rotas.begin(workspace, "@ada @bob 2h")
    workspace.clock.forward(hours=1, seconds=5)
    bob.clicks("I'm up", "@watchbill")
    workspace.clock.forward(hours=1)
    channel.expects("Briefing of INC-1*")
    offer = channel.expects("@bob, your shift in command of *INC-1*")
    ada.types("/incident rota extend 1h", channel).says("Command rota")
    channel.expects("the next boundary moved by 1 h")
    assert channel.again(offer).has("was withdrawn (the shift before was extended)", "@ada has command")
    workspace.clock.forward(minutes=59)
    channel.expects_nothing()
    workspace.forgive()
    workspace.clock.forward(minutes=1)
    channel.expects("@bob, your shift in command of *INC-1*")


def test_the_outgoing_of_a_short_shift_may_extend_too(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = rotas.begin(workspace, "@ada @bob @eve 50m")
    first = workspace.dm("ada").expects("Bob Kahn takes command of *INC-1*", "Will it be over soon?")
    assert first.buttons == ["Extend 20 min", "Write the briefing…"]
    bob.clicks("I'm up", "@watchbill") if workspace.dm("bob").unexpected() else None
    workspace.clock.forward(minutes=50, seconds=5)
    _forget(workspace)
    offer = channel.expects("@bob, your shift in command of *INC-1*")
    workspace.dm("bob").expects_nothing()
    bob.presses("I have command", offer).says("You have command", "Next handoff: @eve")
    out = workspace.dm("bob").expects("Eve Moreau takes command of *INC-1*", "Will it be over soon?")
    workspace.dm("ada").expects("You are relieved")
    bob.types("/incident role deputy @ada", channel)
    ada.presses("Extend 20 min", first).says("That is not the next boundary any more.")
    bob.types("/incident rota extend 1h", channel).says("@eve less than 30 minutes", "`/incident rota extend 1h all`")
    shown = bob.presses("Extend 20 min", out).says("Command rota of INC-1*")
    assert shown.buttons == ["Change the rota…", "Hand over…"], "it can't be moved any further"
    channel.expects("the next boundary moved by 20 min (Bob Kahn)")
    workspace.forgive("messages")


def _forget(workspace: Workspace) -> None:
    """What the table says before a boundary: of this it is not about."""
    for handle in ("ada", "bob", "eve"):
        for message in workspace.dm(handle).unexpected():
            workspace.ledger.consume(message)


def test_a_rota_that_stops_is_suggested_anew(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = rotas.begin(workspace, "@ada @bob 8h", "Checkout is down sev2")
    workspace.clock.forward(hours=1)
    ada.types("/incident rota stop", channel)
    channel.expects("Command rota of INC-1: stopped")
    workspace.dm("bob").expects("You have no shift")
    for _ in range(4):
        ada.types("still here", channel)
        workspace.clock.forward(minutes=59)
    workspace.dm("ada").expects_nothing()
    workspace.clock.forward(minutes=5)
    workspace.dm("ada").expects("nobody is planned after you")
    workspace.forgive("messages")


def test_a_day_is_said_in_hours(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down sev3")
    ada.types("/incident rota start @ada @bob 24h", channel).says("Command rota of INC-1*, 24 h each")
    channel.expects("Command rota of INC-1: Ada Lovelace → Bob Kahn, 24 h each")
    rotas.told(workspace, "ada", "bob")
    ada.types("/incident timeline", channel).says("24 h each")


def test_a_restarted_rota_replaces_all_that_was_planned(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = rotas.begin(workspace, "@ada @bob 2h")
    workspace.clock.forward(minutes=30)
    ada.types("/incident rota start @ada @eve 3h", channel).says("3 h each")
    channel.expects("Command rota of INC-1: Ada Lovelace → Eve Moreau, 3 h each")
    rotas.told(workspace, "ada", "eve")
    workspace.dm("bob").expects("You have no shift in command of *INC-1*")
    workspace.clock.forward(hours=1, minutes=55)
    workspace.dm("bob").expects_nothing()
    channel.expects_nothing()
    workspace.clock.forward(minutes=6)
    workspace.dm("eve").expects("*Are you up?*")
    workspace.dm("ada").expects("Eve Moreau takes command")
    ada.types("/incident rota stop", channel).says("has no rota for command", "/incident rota start @ada @bob 8h")
    channel.expects("Command rota of INC-1: stopped (Ada Lovelace). Ada Lovelace stays in command.")
    workspace.dm("eve").expects("You have no shift in command of *INC-1*")
    ada.types("/incident rota stop", channel).says("INC-1 has no rota", "Start one")
    workspace.clock.forward(hours=4)
    channel.expects_nothing()
    for handle in ("ada", "bob", "eve"):
        workspace.dm(handle).expects_nothing()


def test_any_role_can_have_one(workspace: Workspace) -> None:
    ada, bob, eve = workspace.person("ada"), workspace.person("bob"), workspace.person("eve")
    channel = ada.declares("Checkout is down sev3")
    ada.types("/incident rota for communications start @bob @eve 4h").says("Communications rota of INC-1*, 4 h each")
    channel.expects("Communications rota of INC-1: Bob Kahn → Eve Moreau, 4 h each")
    for handle in ("bob", "eve"):
        workspace.dm(handle).expects("Your shifts in communications of *INC-1*")
    offer = channel.expects("@bob, your shift in communications of *INC-1*")
    assert offer.buttons == ["I have communications", "I can't"]
    bob.presses("I have communications", offer).says("You have communications of *INC-1*")
    assert channel.again(offer).has("@bob *has communications*")
    assert channel.card().has("*Communications*\n@bob", "*Incident commander*\n@ada")
    workspace.clock.forward(hours=3, seconds=5)
    workspace.dm("eve").expects("You take communications of *INC-1*")
    workspace.dm("bob").expects("Eve Moreau takes communications of *INC-1*")
    workspace.clock.forward(minutes=59)
    # Nobody is woken for anything but command.
    workspace.dm("eve").expects_nothing()
    workspace.clock.forward(minutes=1)
    channel.expects("Briefing of INC-1*, communications")
    second = channel.expects("@eve, your shift in communications", "@bob has it until")
    workspace.clock.forward(minutes=10)
    workspace.dm("bob").expects("Eve Moreau has not accepted communications")
    late = workspace.dm("eve").expects("Your shift in communications of *INC-1* Checkout is down began")
    eve.presses("I have communications", late).says("You have communications")
    workspace.dm("bob").expects("You are relieved: Eve Moreau has communications")
    assert channel.again(second).has("@eve *has communications*")
    ada.types("/incident rota for communications").says("Communications rota of INC-1*", "*Held by*")
    ada.types("/incident rota").says("has no rota for command")
    ada.types("/incident rota for comms add @ada").says("There is no such role")
    ada.types("/incident rota for communications sideways").says("I don't know `rota sideways`")
    ada.types("/incident rota for communications stop").says("has no rota for communications")
    channel.expects("Communications rota of INC-1: stopped")
    workspace.dm("bob").expects("You have no shift in communications")
    workspace.dm("eve").expects("You have no shift in communications")
    assert rotas.commander(workspace) == "ada"


def test_a_rota_refuses_what_can_not_be(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down sev3")
    ada.types("/incident rota start @ada").says("at least two people")
    ada.types("/incident rota start @ada @ada").says("named twice")
    ada.types("/incident rota start @ada @bob 5m").says("30 minutes to 24 hours")
    ada.types("/incident rota start @ada @bob 99h").says("30 minutes to 24 hours")
    ada.types("/incident rota start @ada @bob soon").says("`soon` is not the length of a shift")
    ada.types("/incident rota start @ada @nobody").says("I don't know @nobody", "Pick people from Slack's list")
    ada.types("/incident rota start @ada @bob 8h 16:00").says("some people and how long")
    ada.types("/incident rota start @ada @bob from noon").says("I don't understand `noon` as a time", "16:00")
    ada.types("/incident rota start @ada @bob from 25:00").says("There is no 25:00 on a clock")
    ada.types("/incident rota for").says("A rota for which role?")
    ada.types("/incident rota @ada @bob").says("Do you want to start a rota", "rota start")
    ada.types("/incident rota extnd 1h").says("I don't know `rota extnd`", "Did you mean `rota extend`?")
    ada.types("/incident rota extend 1h").says("INC-1 has no rota")
    channel.expects_nothing()
    ada.types("/incident rota start @ada and @bob 1h30m").says("1 h 30 min each")
    channel.expects("1 h 30 min each")
    rotas.told(workspace, "ada", "bob")


def test_the_form_starts_one(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down sev3")
    ada.types("/incident rota").says("INC-1 has no rota for command")
    ada.clicks("Start a rota", channel)
    form = ada.sees_form("Start a rota")
    assert form.initial("Who takes turns, in this order?") == [ada.id]
    assert form.initial("How long is a shift?") == "8h"
    bob, eve = workspace.person("bob").id, workspace.person("eve").id
    answers = {"Who takes turns, in this order?": [ada.id], "How long is a shift?": "4h", "From when?": ""}
    wrong = ada.submits(answers).errors
    assert "at least two people" in wrong["Who takes turns, in this order?"]
    ada.submits({**answers, "Who takes turns, in this order?": [ada.id, bob, eve]}).says("Command rota of INC-1*, 4 h")
    ada.closes_form()
    channel.expects("Command rota of INC-1: Ada Lovelace → Bob Kahn → Eve Moreau, 4 h each")
    rotas.told(workspace, "ada", "bob", "eve")


def test_the_form_changes_one(workspace: Workspace) -> None:
    ada, bob, chen = (workspace.person(handle) for handle in ("ada", "bob", "chen"))
    channel = rotas.begin(workspace, "@ada @bob @eve 8h")
    shown = ada.types("/incident rota", channel)
    assert shown.buttons == ["Change the rota…", "Extend 1 h", "Hand over…"]
    ada.clicks("Change the rota", channel)
    eve = workspace.person("eve").id
    assert ada.sees_form("Change the rota").initial("Who takes turns?") == [ada.id, bob.id, eve]
    assert ada.submits({"Who takes turns?": [bob.id, eve]}).errors == {
        "Who takes turns?": "Ada Lovelace holds command now. Hand over first: /incident handoff"
    }
    ada.submits({"Who takes turns?": [ada.id, eve, chen.id]})
    channel.expects("Chen Wei joined")
    channel.expects("Bob Kahn left")
    workspace.dm("bob").expects("You have no shift in command")
    rotas.told(workspace, "eve", "chen")
    assert _plan(workspace, many=4) == ["ada", "eve", "chen", "ada"]
    ada.clicks("Extend 1 h", channel).says("Command rota of INC-1*")
    channel.expects("the next boundary moved by 1 h")
    rotas.told(workspace, "eve")


def test_two_change_it_at_once(workspace: Workspace) -> None:
    ada, bob, eve, chen = (workspace.person(handle) for handle in ("ada", "bob", "eve", "chen"))
    channel = rotas.begin(workspace, "@ada @bob @eve 8h")
    ada.types("/incident role deputy @eve", channel)
    channel.expects("@eve is now *deputy*")
    ada.types("/incident rota", channel)
    eve.types("/incident rota", channel)
    ada.clicks("Change the rota", channel)
    eve.clicks("Change the rota", channel)
    # Ada adds Chen; Eve, who does not know of Chen yet, takes Bob away: both happen.
    ada.submits({"Who takes turns?": [ada.id, bob.id, eve.id, chen.id]})
    eve.submits({"Who takes turns?": [ada.id, eve.id]})
    channel.expects("Chen Wei joined (Ada Lovelace)")
    channel.expects("Bob Kahn left (Eve Moreau)")
    assert _plan(workspace, many=4) == ["ada", "eve", "chen", "ada"]
    workspace.together(
        lambda: ada.types("/incident rota extend 1h", channel),
        lambda: eve.types("/incident rota extend 1h", channel),
    )
    assert _boundaries(workspace)[:2] == [0, 10]
    ada.clicks("Change the rota", channel)
    eve.types("/incident rota start @ada @eve 4h", channel)
    errors = ada.submits({"Who takes turns?": [ada.id, eve.id]}).errors
    assert "Another rota was started meanwhile" in errors["Who takes turns?"]
    ada.closes_form()
    workspace.forgive("messages")


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
        assert _boundaries(workspace)[:3] == [0, 8, 16]
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
