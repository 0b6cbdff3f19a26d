"""The briefing: handed over with command, completed by a human; and catching up, for whoever comes later."""

from datetime import timedelta

from tests.harness import Message, Person, Place, Workspace
from tests.scenarios.test_bad_input import TEXTS

WORRIES, FIRST = "What worries you?", "What to do first?"


def an_hour_in(workspace: Workspace, words: str = "Checkout is down") -> Place:
    """An incident of an hour ago, in which something has happened."""
    ada = workspace.person("ada")
    channel = ada.declares(words)
    workspace.clock.forward(minutes=50)
    ada.types("/incident severity sev3").says("is sev3")
    channel.expects("*sev3*")
    ada.types("/incident decision we fail over to Frankfurt")
    channel.expects("*Decision*")
    ada.types("/incident hypothesis the load balancer")
    channel.expects("*Hypothesis*")
    ada.types("/incident hypothesis the 14:00 deploy")
    channel.expects("*Hypothesis*")
    ada.types("/incident ruled-out it is not the load balancer")
    channel.expects("*Ruled out*")
    ada.types("/incident note db-3 is slow")
    workspace.clock.forward(minutes=10)
    return channel


def test_catching_up(workspace: Workspace) -> None:
    channel = an_hour_in(workspace)
    ada, bob = workspace.person("ada"), workspace.person("bob")
    ada.types("/incident call https://meet.example.com/inc?a=1&b=2", channel)
    channel.expects("meet.example.com")
    answer = bob.types("/incident catchup INC-1", "#general").says(
        "*Catching up on INC-1*, as of",
        "🟡 *INC-1* Checkout is down\nsev3 · investigating · 1 h · IC Ada Lovelace since",
        "Severity sev2 → sev3 (Ada Lovelace)",
        "*Decisions*\n• we fail over to Frankfurt (Ada Lovelace)",
        "*Open hypotheses*\n• the 14:00 deploy (Ada Lovelace)",
        "*Ruled out*\n• it is not the load balancer",
        "1 note in this period: `/incident timeline`",
    )
    assert answer.buttons == ["Join the call"]
    assert "@ada" not in answer.text.replace("@ada is", "")
    bob.types("/incident catchup", "#general").says("*Catching up on INC-1*")
    bob.types("/incident catchup INC-2", "#general").says("There is no INC-2")
    ada.types("/incident resolve", channel)
    channel.expects("*resolved*")
    bob.types("/incident catchup INC-1", "#general").says("sev3 · resolved · 1 h · resolved")
    bob.types("/incident catchup", "#general").says("No incident is open")


def test_coming_in_shows_how_it_stands_once(workspace: Workspace) -> None:
    channel = workspace.person("ada").declares("Checkout is down")
    bob, chen, dana, eve = (workspace.person(handle) for handle in ("bob", "chen", "dana", "eve"))
    # By the button the answer shows it, in the channel a direct message; and nothing before there is something to show.
    assert "Catching up" not in bob.clicks("Join", "#incidents").says("You are in INC-1")
    chen.joins(channel)
    workspace.clock.forward(minutes=11)
    workspace.dm("chen").expects_nothing()
    assert "Catching up" not in bob.clicks("Join", "#incidents").says("You are in INC-1 already")
    dana.clicks("Join", "#incidents").says("You are in INC-1", "*Catching up on INC-1*", "IC Ada Lovelace since")
    workspace.dm("dana").expects_nothing()
    assert {"bob", "dana"} <= set(channel.members)
    eve.joins(channel)
    told = workspace.dm("eve").expects("You joined #inc-1-checkout-is-down. This is how *INC-1* stands.")
    assert told.has("CET", "IC Ada Lovelace since", "*Catching up on INC-1*", "`/incident catchup`")
    for person in (eve, chen):
        person.leaves(channel)
        person.joins(channel)
    workspace.dm("chen").expects("You joined", "CST")
    workspace.dm("eve").expects_nothing()
    workspace.person("ada").types("/incident resolve", channel)
    channel.expects("*resolved*")
    workspace.person("finn").joins(channel)
    workspace.dm("finn").expects_nothing()


def test_a_private_incident_is_caught_up_on_by_those_in_it_and_a_drill_says_so(workspace: Workspace) -> None:
    ada, bob, eve = (workspace.person(handle) for handle in ("ada", "bob", "eve"))
    channel = ada.declares("Keys have leaked private")
    workspace.clock.forward(minutes=30)
    bob.types("/incident catchup INC-1", "#general").says("There is no INC-1")
    bob.types("/incident catchup", "#general").says("No incident is open")
    ada.invites("bob", channel)
    workspace.dm("bob").expects("You joined #inc-1-keys-have-leaked", "INC-1* Keys have leaked")
    bob.types("/incident catchup INC-1", "#general").says("*Catching up on INC-1*")
    workspace.dm("eve").expects_nothing()
    workspace.channel("#incidents").expects_nothing()
    drill = ada.declares("Checkout is down drill", "#general")
    workspace.clock.forward(minutes=11)
    eve.joins(drill)
    workspace.dm("eve").expects("This is how *DRILL INC-2* stands", "*DRILL INC-2* Checkout is down")
    eve.types("/incident catchup", drill).says("Catching up on DRILL INC-2")


def test_whatever_was_typed_is_harmless(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    workspace.forgive()
    for text in TEXTS[:6]:
        for command in ("summary", "decision", "hypothesis"):
            ada.types(f"/incident {command} {text}", channel)
        answer = ada.types("/incident catchup", channel).says("Catching up on")
        for piece in ("<!channel", "<!here", "<!everyone", "<!subteam", "<https://evil", "<@U0BOB", "```"):
            assert piece not in answer.raw


def hand_over(workspace: Workspace, channel: Place) -> tuple[Person, Person]:
    """Ada offers command to Eve, by one line."""
    ada, eve = workspace.person("ada"), workspace.person("eve")
    ada.types("/incident handoff @eve", channel).says("offered")
    return ada, eve


def test_a_handoff_has_its_briefing_above_the_offer(workspace: Workspace) -> None:
    channel = an_hour_in(workspace)
    ada, eve = hand_over(workspace, channel)
    briefing = channel.expects("*Briefing of INC-1* for Eve Moreau, as of", "we fail over to Frankfurt")
    offer = channel.expects("I have command")
    assert briefing.ts < offer.ts
    assert "@" not in briefing.text
    bob = workspace.person("bob")
    bob.joins(channel)
    workspace.dm("bob").expects("You joined")
    bob.presses("Edit the briefing", briefing).says("Only the IC, the deputy and commanders can do that")
    assert bob.form is None
    ada.presses("Edit the briefing", briefing)
    ada.sees_form("Briefing of INC-1")
    ada.submits({WORRIES: "the replica <!channel> lags", FIRST: "ask the vendor"})
    now = channel.again(briefing)
    assert now.has("*What worries Ada Lovelace* the replica &lt;!channel&gt; lags", "*To do first* ask the vendor")
    ada.types("/incident timeline", channel).says("Briefing. Worries: the replica &lt;!channel&gt; lags")
    _two_write_at_once(workspace, channel, briefing)
    eve.presses("I have command", offer).says("You have command")
    record = channel.again(briefing)
    assert record.has("accepted", "the summary of this period")
    assert record.buttons == []
    workspace.dm("ada").expects("You are relieved")
    assert ada.presses("Edit the briefing", briefing).error == "no_such_element"
    workspace.clock.forward(minutes=20)
    eve.types("/incident catchup", channel).says("*Objectives so far* ask the vendor again", "IC Eve Moreau since")


def _two_write_at_once(workspace: Workspace, channel: Place, briefing: Message) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    ada.types("/incident role deputy @bob", channel)
    channel.expects("*deputy*")
    for person in (ada, bob):
        person.presses("Edit the briefing", channel.again(briefing))
    bob.submits({WORRIES: "the replica"})
    # What the other one did not touch is theirs to say; what both wrote is asked about.
    refused = ada.submits({WORRIES: "the primary", FIRST: "ask the vendor again"})
    assert "Bob Kahn changed this meanwhile; it is now: the replica" in refused.errors[WORRIES]
    assert channel.again(briefing).has("*What worries Bob Kahn* the replica")
    ada.submits({WORRIES: "the replica <!channel> lags", FIRST: "ask the vendor again"})
    assert channel.again(briefing).has("the replica", "*To do first* ask the vendor again")


def test_the_full_lists_stand_in_the_thread(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    for number in range(12):
        ada.types(f"/incident decision number {number}", channel)
    for said in channel.unexpected():
        workspace.ledger.consume(said)
    hand_over(workspace, channel)
    briefing = channel.expects("*Briefing of INC-1* for Eve Moreau", "of 12: all in the thread")
    details = channel.expects("Details of the briefing of INC-1", "number 0", "number 11")
    assert details.thread == briefing.ts
    channel.expects("I have command")
    workspace.clock.forward(minutes=1)
    ada.presses("Edit the briefing", briefing)
    ada.submits({WORRIES: "the replica lags " * 60})
    assert channel.again(details).has("the replica lags " * 59)


def test_a_boundary_has_a_draft_that_asks_the_outgoing_one(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down")
    ada.types("/incident rota start @ada @bob @eve 2h").says("rota of INC-1")
    boundary = workspace.clock.now + timedelta(hours=2)
    workspace.forgive()
    workspace.clock.until(boundary - timedelta(minutes=16))
    assert not [one for one in channel.messages if one.has("Briefing of")]
    workspace.clock.until(boundary - timedelta(minutes=14))
    draft = channel.expects("*draft* for the handoff to Bob Kahn at", "@ada, what worries you")
    assert "@bob" not in draft.text
    ada.presses("Edit the briefing", draft)
    ada.submits({FIRST: "ask the vendor"})
    assert "@ada" not in channel.again(draft).text
    workspace.clock.until(boundary + timedelta(minutes=1))
    offered = channel.again(draft)
    assert offered.has("*Briefing of INC-1* for Bob Kahn, as of", "*To do first* ask the vendor")
    assert len([one for one in channel.messages if one.has("*Briefing of INC-1*")]) == 1
    bob.clicks("I have command", channel).says("You have command")
    assert channel.again(draft).has("accepted")


def test_the_briefing_is_written_an_hour_before(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    ada.types("/incident rota start @ada @bob @eve 2h").says("rota of INC-1")
    boundary = workspace.clock.now + timedelta(hours=2)
    workspace.forgive()
    workspace.clock.until(boundary - timedelta(minutes=59))
    asked = workspace.dm("ada").expects("Bob Kahn takes command", "Write the briefing")
    ada.presses("Write the briefing", asked)
    ada.sees_form("Briefing of INC-1")
    ada.submits({WORRIES: "the replica"})
    assert not [one for one in channel.messages if one.has("Briefing of")]
    ada.presses("Write the briefing", asked)
    assert ada.sees_form("Briefing of INC-1").initial(WORRIES) == "the replica"
    ada.closes_form()
    workspace.clock.until(boundary - timedelta(minutes=14))
    draft = channel.expects("*draft* for the handoff to Bob Kahn at", "*What worries Ada Lovelace* the replica")
    assert "@ada" not in draft.text
