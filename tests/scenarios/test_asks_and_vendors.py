"""What an incident needs from its managers and its vendors, and what is set right in its record: one story."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import Workspace
from tests.outcome import has_failed

# Nothing else comes by the clock in a sev3.
CHASED = """
[severities.sev3]
update_every_minutes = 0
chase_vendor_minutes = 60
"""


@pytest.fixture
def workspace(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    with Workspace(tmp_path, CHASED) as started:
        yield started
        started.failed = has_failed(request.node)


def test_asks_vendors_and_the_record(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Databases are slow sev3")
    ada.types("/incident role liaison @bob", channel)
    channel.expects("@bob is now *liaison*")

    # Asks, by command and button.
    ada.types("/incident ask a budget for <40> more hosts").says("Ask 1 of INC-1 is said in the channel")
    channel.expects("*Ask 1* for the managers, by Ada Lovelace: a budget for &lt;40&gt; more hosts")
    ada.types("/incident ask somebody who reads the contract")
    channel.expects("*Ask 2* for the managers")
    assert "Asks: 2 open" in channel.card().text
    bob.types("/incident asks", channel).says("1. a budget for", "2. somebody who reads")
    bob.clicks("Done", channel).says("INC-1 has ask 1 done.")
    channel.expects("Ask 1 of INC-1 is *done* (Bob Kahn): a budget")

    # What helps meanwhile, and what customers may be told.
    ada.types("/incident workaround read from the replica").says("Workaround 6 is in the timeline")
    workaround = channel.expects("*Workaround* by Ada Lovelace: read from the replica")
    ada.types("/incident decision public we restore production first").says("Customers may be told.")
    decision = channel.expects("*Decision (customers may be told)* by Ada Lovelace: we restore production first")

    # A vendor is chased to the minute, by whoever talks to vendors.
    ada.types("/incident vendor aws case 1234 high Jane Doe").says(
        "*AWS case 1234* of INC-1 is open: priority high, contact Jane Doe.", "After 1 h without a word the liaison"
    )
    channel.expects("*AWS case 1234* is open (Ada Lovelace): priority high, contact Jane Doe")
    workspace.clock.forward(minutes=59)
    workspace.dm("bob").expects_nothing()
    workspace.clock.forward(minutes=1)
    workspace.dm("bob").expects("*AWS case 1234*: nothing for 60 min.", "You talk to Jane Doe.")
    bob.clicks("Chased", workspace.dm("bob")).says("asked again")
    workspace.clock.forward(minutes=60)
    workspace.dm("bob").expects("*AWS case 1234*: nothing for 60 min.")
    workspace.clock.forward(minutes=60)
    workspace.dm("bob").expects("*AWS case 1234*: nothing for 2 h.")
    bob.clicks("They answered", workspace.dm("bob"))
    bob.sees_form("They answered")
    bob.submits({"What did they say?": "a new node by 16:00 UTC"})
    channel.expects("*AWS case 1234*, by Bob Kahn: a new node by 16:00 UTC")
    workspace.clock.forward(minutes=59)

    # Of what can wait nobody is reminded, until it can't.
    ada.types("/incident severity sev4", channel)
    channel.expects("INC-1 is now *sev4*")
    workspace.clock.forward(hours=3)
    ada.types("/incident severity sev3", channel)
    channel.expects("INC-1 is now *sev3*")
    workspace.dm("bob").expects("*AWS case 1234*: nothing for 3 h 59 min.")
    ada.types("/incident catchup", channel).says(
        "*Workarounds*", "read from the replica", "*Asks to managers*", "*Vendor cases*", "a new node by 16:00 UTC"
    )
    bob.clicks("Closed", workspace.dm("bob")).says("is closed")
    channel.expects("*AWS case 1234* is closed (Bob Kahn).")

    # Another one, by the form.
    ada.types("/incident vendors", channel).says("*Closed*", "AWS case 1234")
    ada.clicks("Open a case", channel)
    ada.sees_form("Vendor case, INC-1")
    ada.submits({"Vendor": "fastly", "Case number": "A-1"})
    channel.expects("*Fastly case A-1* is open (Ada Lovelace).")
    assert "Vendors: Fastly case A-1 (last word" in channel.card().text

    # The record is set right, in Slack too.
    ada.types("/incident times detected yesterday 08:15", channel).says("INC-1 was detected", "UTC)")
    ada.types("/incident timeline edit 6 read from the replica in Osaka", channel).says("and my message about it too")
    assert "read from the replica in Osaka" in channel.again(workaround).text
    ada.types("/incident timeline remove 7", channel).says("Entry 7 is removed", "copies of the database")
    assert "What stood here (decision 7) was removed by Ada Lovelace." in channel.again(decision).text
    assert "production" not in channel.again(decision).text
    ada.types("/incident timeline", channel).says("Removed entry 7, decision of")

    # Resolving names what is still open; nobody is chased any more.
    ada.types("/incident resolve a new node", channel).says("*Still open*", "Ask 2", "*Fastly case A-1*")
    channel.expects("INC-1 is *resolved*")
    workspace.clock.forward(hours=5)
