"""Three days of digests, in the channel and by DM, over a change of clocks, with a bot that dies in between; and a
channel that Slack refuses."""

import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.harness import Person, Place, Starter, Workspace
from tests.harness.terminal import watchbill
from tests.outcome import has_failed
from tests.scenarios.screenplay import slack_at

# People do things between the minutes: what is counted in minutes is then the same on a slow machine.
_DEED = timedelta(seconds=25)
_GOLDEN = Path(__file__).parent / "golden"
_SETTINGS = """
[channels]
digest = "#managers"

[digest]
times = ["09:00", "17:00"]
zone = "Europe/Berlin"

[severities.sev1]
update_every_minutes = 240
chase_vendor_minutes = 0

[severities.sev3]
update_every_minutes = 0

[groups]
publishers = ["U0ADA00000"]

[[components]]
name = "databases"
tiers = ["production", "free"]
"""


def _at(text: str) -> datetime:
    """In October 2025, UTC; in Berlin the clocks go back on Sunday the 26th, in New York a week later."""
    return datetime.strptime(f"2025 10 {text}", "%Y %m %d %H:%M").replace(tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    slack_at(tmp_path, _at("24 05:59"))
    with Workspace(tmp_path, _SETTINGS) as started:
        # Of what else is said in three days other scenarios tell.
        started.forgive("messages")
        yield started
        started.failed = has_failed(request.node)


def _dies(workspace: Workspace, at: str, phase: str) -> None:
    """The bot is killed in this minute, before Slack hears of the digest or just after, and started again."""
    workspace.clock.until(_at(at) - timedelta(minutes=1))
    workspace.faults.add(on="chat.postMessage", do="kill_bot", phase=phase)
    workspace.clock.until(_at(at))
    assert workspace.bot.state == "stopped"
    workspace.faults.clear()
    workspace.bot.start()
    workspace.clock.forward(minutes=2)


def _digests(place: Place) -> str:
    """Every digest that was said here, with its minute, as its reader sees it."""
    found = [one for one in place.messages if one.has("Incident digest")]
    return "\n".join(f"== {_minute(one.ts)}\n{one.text.split(chr(10), 1)[1]}\n" for one in found)


def _minute(ts: str) -> str:
    return f"{datetime.fromtimestamp(float(ts), UTC):%a %-d %b %H:%M} UTC"


def _says_as_in(workspace: Workspace, told: str, golden: str) -> None:
    """As people have read it and found it good; what is said instead is left in the folder of the test."""
    said = workspace.folder / golden
    said.write_text(told, encoding="utf-8")
    assert told == (_GOLDEN / golden).read_text(encoding="utf-8"), f"read {said}"


def _works(ada: Person, channel: Place) -> None:
    """The database incident, as its commander writes it down."""
    for line in (
        "impact databases/production major from 07:10 affected 480",
        "impact databases/free major from 07:10 affected 2300",
        "decision We fail production over to the second site",
        "ask A yes to 40,000 EUR for more hosts",
        "vendor aws case 8812 high Jane Doe",
        "update The storage layer lost its quorum; we bring it back host by host",
        "update public",
    ):
        ada.types(f"/incident {line}", channel)
    ada.submits({"Text": "Databases can't be reached. We bring them back one by one, production first."})
    ada.submits()


def test_three_days(workspace: Workspace) -> None:
    ada, bob, clock = workspace.person("ada"), workspace.person("bob"), workspace.clock
    workspace.person("mona").invites("watchbill", "#managers")
    managers, dm = workspace.channel("#managers"), workspace.dm("bob")
    bob.types("/incident subscribe sev1 sev3 at 08:00 18:00", "#general").says("sev1 and sev3", "08:00 and 18:00")
    clock.until(_at("24 10:00") + _DEED)
    assert not _digests(managers), "a calm morning"
    search = ada.declares("Search is slow sev3", "#general")
    ada.types("/incident declare Keys have leaked sev3 private", "#general")
    # Friday 17:00 in Berlin and 18:00 in New York, then Saturday 09:00.
    _dies(workspace, "24 15:00", "after")
    ada.types("/incident decision We rebuild the index over the weekend", search)
    _dies(workspace, "24 22:00", "before")
    clock.until(_at("25 06:30") + _DEED)
    databases = ada.declares("Databases are down sev1", "#general")
    clock.until(_at("25 06:35") + _DEED)
    _works(ada, databases)
    for at, line in (("25 08:30", "60/300"), ("25 09:00", "90/300"), ("25 09:40", "131/300"), ("25 10:10", "160/300")):
        clock.until(_at(at) + _DEED)
        ada.types(f"/incident progress hosts {line}", databases)
    ada.types("/incident state identified", databases)
    clock.until(_at("25 13:00") + _DEED)
    ada.types("/incident impact databases/production operational", databases)
    ada.types("/incident progress hosts 270/300", databases)
    ada.types("/incident state monitoring", databases)
    clock.until(_at("25 15:40") + 2 * _DEED)
    ada.types("/incident impact databases/free operational", databases)
    ada.types("/incident ask done 1", databases)
    ada.types("/incident resolve Quorum is back, all hosts are in", databases)
    # Sunday 17:00 in Berlin is 16:00 now: the bot is away and says so afterwards.
    clock.until(_at("26 15:30"))
    workspace.bot.kill()
    clock.until(_at("26 18:10"))
    workspace.bot.start()
    clock.until(_at("27 13:00") + 2 * _DEED)
    ada.types("/incident resolve", search)
    clock.until(_at("28 13:00"))
    _says_as_in(workspace, _digests(managers), "digest-channel.txt")
    _says_as_in(workspace, _digests(dm), "digest-dm.txt")
    ended = workspace.bot.rows("SELECT key, state FROM reminders WHERE kind = 'digest' AND due_at < ?", "2025-10-28")
    assert [row["key"] for row in ended if row["state"] == "pending"] == []


_NOWHERE = """
[channels]
digest = "#not-yet-there"
operations = "#random"

[digest]
times = ["21:00"]
every_hours = 0
"""


def test_a_channel_that_slack_refuses_is_told_to_who_can_mend_it(workspace_with: Starter) -> None:
    workspace = workspace_with(_NOWHERE)
    ada = workspace.person("ada")
    ada.declares("Search is slow sev3")
    workspace.expects_trouble("effect failed")
    workspace.clock.forward(hours=3)
    why = "The last digest could not be posted (channel_not_found). channels.digest is #not-yet-there: create"
    random = Place(workspace, "#random")
    random.expects(why, "or set another one")
    assert [one for one in _warnings(workspace) if one.startswith(why)] != []
    assert f"! {why}" in watchbill(workspace, "check")[1]

    ada.creates_channel("#not-yet-there")
    ada.invites("watchbill", "#not-yet-there")
    number = watchbill(workspace, "outbox", "list")[1].split()[0]
    assert watchbill(workspace, "outbox", "retry", number)[0] == 0
    # It is taken up, and looked for twice before it goes again.
    workspace.clock.forward(minutes=1)
    workspace.clock.forward(minutes=1)
    Place(workspace, "#not-yet-there").expects("Incident digest", "Search is slow")
    assert [one for one in _warnings(workspace) if "digest" in one] == []
    assert random.unexpected() == []
    workspace.clock.forward(minutes=2)


def _warnings(workspace: Workspace) -> list[str]:
    with urllib.request.urlopen(f"{workspace.bot.url}/readyz") as answer:
        found: list[str] = json.load(answer)["warnings"]
        return found
