"""The outage of 2011, told by tier as it was: what was down for how long, and until when 100 % were back."""

from tests.harness import Starter, Workspace
from tests.harness.message import texts

CONFIG = """
[[components]]
name = "applications"
tiers = ["production", "free"]

[[components]]
name = "dedicated-databases"
tiers = ["production", "free"]

[[components]]
name = "shared-databases"

[[components]]
name = "deploys"
"""
PRODUCTION = "dedicated-databases/production"


def test_the_outage_of_2011(workspace_with: Starter) -> None:
    workspace = workspace_with(CONFIG)
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("The region is down sev1")
    announcement = workspace.channel("#incidents").messages[-1]
    ada.types("/incident impact deploys major from 2011-04-21 08:15 UTC").says(
        "deploys is *major outage* from Thu 21 Apr 2011 09:15 BST (08:15 UTC)."
    )
    channel.expects("*Impact*: deploys *major outage* from 2011-04-21 08:15 UTC (Ada Lovelace).")
    # On her own wall it was British summer time.
    ada.types(f"/incident impact {PRODUCTION} major_outage from 2011-04-21 09:15 affected 900").says(
        f"{PRODUCTION} is *major outage* from Thu 21 Apr 2011 09:15 BST (08:15 UTC)."
    )
    channel.expects(f"*Impact*: {PRODUCTION} *major outage*", "900 affected")
    bob.joins(channel)
    bob.types("/incident impact shared databases down from 2011-04-21 08:15 UTC", channel).says("is *major outage*")
    channel.expects("*Impact*: shared-databases *major outage*")
    leads = f"Highest tier not restored: *{PRODUCTION}*, major outage since 2011-04-21 08:15 UTC, 900 affected"
    assert channel.card().has(f"*Impact* {leads}; nor are shared-databases and deploys")
    assert workspace.channel("#incidents").again(announcement).has(leads)

    ada.types(f"/incident impact {PRODUCTION} operational from 2011-04-22 00:15 UTC").says("is *operational*")
    channel.expects(f"*Impact*: {PRODUCTION} *operational*")
    assert channel.card().has("*Impact* Highest tier not restored: *shared-databases*", "down 16 h, 900 affected")
    _entered_late_and_wrongly(workspace)
    ada.types("/incident catchup").says(
        "*Impact* Highest tier not restored: *deploys*", f"{PRODUCTION}: down 16 h", "shared-databases: down 60 h"
    )
    _resolved(workspace)
    ended, answer = channel.card().text, ada.types("/incident impact show", channel).text
    for line in (
        f"{PRODUCTION}: down 16 h, 900 affected, restored 2011-04-22 00:15 UTC",
        "shared-databases: down 60 h, restored 2011-04-23 20:15 UTC",
        "deploys: down 76 h, restored 2011-04-24 12:15 UTC",
        "Until 100 % were back: 76 h",
    ):
        assert line in ended
        assert line in answer
    assert workspace.channel("#incidents").again(announcement).has("100 % were back 2011-04-24 12:15 UTC, after 76 h")


def _entered_late_and_wrongly(workspace: Workspace) -> None:
    """A wrong end is taken back; an earlier, lesser impact is found out about later and changes no downtime."""
    ada, channel = workspace.person("ada"), workspace.channel("#inc-1-the-region-is-down")
    ada.types("/incident impact shared-databases ok from 2011-04-23 02:15 UTC").says("is *operational*")
    channel.expects("*Impact*: shared-databases *operational*")
    assert channel.card().has("shared-databases: down 42 h")
    ada.types("/incident impact undo").says("Taken back: shared-databases operational from Sat 23 Apr 2011 03:15 BST")
    channel.expects("*Impact* taken back: shared-databases *operational*")
    ada.types("/incident impact shared-databases ok from 2011-04-23 20:15 UTC").says("is *operational*")
    channel.expects("*Impact*: shared-databases *operational*")
    ada.types("/incident impact")
    form = ada.sees_form("Impact of INC-1")
    assert "Highest tier not restored: *deploys*" in form.text
    told = {"What is it about?": "shared-databases", "How does it do?": "degraded_performance"}
    assert ada.submits({**told, "Since when?": "26:00"}).errors.keys() == {"Since when?"}
    ada.submits({**told, "Since when?": "2011-04-21 07:45 UTC"}).says("*degraded performance* from Thu 21 Apr 2011")
    ada.closes_form()
    channel.expects("*Impact*: shared-databases *degraded performance*")
    assert channel.card().has("shared-databases: down 60 h")


def _resolved(workspace: Workspace) -> None:
    """The button asks when it ended; closing the form leaves everything as it was."""
    ada, channel = workspace.person("ada"), workspace.channel("#inc-1-the-region-is-down")
    ada.clicks("Resolve", channel)
    assert "deploys*: major outage since" in ada.sees_form("Resolve INC-1").text
    ada.closes_form()
    assert channel.topic.startswith("sev1 · investigating")
    ada.types("/incident resolve every region is back").says()
    form = ada.sees_form("Resolve INC-1")
    assert form.initial("What ended it?") == "every region is back"
    wrong = ada.submits({"deploys worked again at": "2011-04-21 08:00 UTC"}).errors
    assert "Name a later time" in wrong["deploys worked again at"]
    done = ada.submits({"deploys worked again at": "2011-04-24 12:15 UTC", "What ended it?": "every region is back"})
    done.says("is resolved", "deploys worked again Sun 24 Apr 2011 13:15 BST (12:15 UTC).")
    ada.closes_form()
    channel.expects("*resolved*", "100 % were back 2011-04-24 12:15 UTC, after 76 h", "every region is back")


def test_wrong_words_change_nothing_and_ping_nobody(workspace: Workspace) -> None:
    """Without settings there is one service for everyone, so that it can be tried at once."""
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down sev3")
    for words, answer in {
        "servise down": "Did you mean `service`?",
        "service/gold down": "service has no tier `gold`",
        "service downn": "Did you mean `down`?",
        "service down from 2031-01-01 08:00": "has not come yet",
        "service down from 2026-03-29 01:30": "01:30 is skipped on Sun 29 Mar in Europe/London",
        "service down affected lots": "`lots` is no number",
        "x" * 10_000 + " down": "I don't know the component",
        "<!channel> down": "I don't know the component",
        "service <!here|here> " + "y" * 9_000: "is no level",
        "undo": "Nothing was said there",
        "show": "Nothing was said of the impact of INC-1",
    }.items():
        said = ada.types(f"/incident impact {words}", channel).says(answer)
        assert not [text for text in texts(said.blocks, only="mrkdwn") if "<!channel" in text or "<!here" in text]
    channel.expects_nothing()
    ada.types("/incident impact service down").says("service is *major outage* from")
    channel.expects("*Impact*: service *major outage*")
    assert channel.card().has("*Impact* Not restored: *service*, major outage since")
