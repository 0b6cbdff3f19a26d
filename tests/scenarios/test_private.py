"""A private incident: those outside never learn of it."""

from tests.harness import Starter, Workspace
from tests.scenarios import rotas

CALLED = """
[severities.sev1]
responders = ["U0BOB00000"]
[groups]
commanders = ["U0EVE00000"]
"""


def test_outsiders_never_learn_of_it(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    ada.types("/incident declare Keys have leaked sev1 private").says("Declaring", "sev1, private")
    channel = workspace.channel("#inc-1-keys-have-leaked")
    assert channel.is_private
    assert set(channel.members) == {"ada", "watchbill"}
    assert channel.card().has("INC-1 Keys have leaked")
    workspace.channel("#incidents").expects_nothing()
    for reading in ("", " list", " list all", " list mine", " digest", " show", " command", " timeline"):
        assert "leaked" not in bob.types(f"/incident{reading}", "#general"), reading
    for asked in ("show INC-1", "note INC-1 x", "resolve INC-1", "timeline INC-1", "rota INC-1", "edit INC-1"):
        bob.types(f"/incident {asked}", "#general").says("There is no INC-1")
    bob.types("/incident declare Keys have leaked", "#general").says("Declaring *INC-2*")
    assert "maybe the same" not in workspace.person("bob").types("/incident list")
    workspace.channel("#inc-2-keys-have-leaked").card()
    workspace.channel("#incidents").expects("INC-2")
    assert "INC-1" not in workspace.person("bob").opens_home()
    assert "INC-1" not in ada.types("/incident digest", "#general"), "private ones are never in the digest"
    ada.types("/incident list", "#general").says("INC-1", "INC-2")


def test_the_invited_are_in(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    ada.types("/incident declare Keys have leaked private")
    channel = workspace.channel("#inc-1-keys-have-leaked")
    channel.card()
    ada.invites("bob", channel)
    bob.types("/incident show INC-1", "#general").says("INC-1 Keys have leaked")
    bob.types("/incident severity sev1", channel).says("INC-1 is sev1 now")
    channel.expects("*sev1*")
    ada.types("/incident role scribe @eve", channel)
    channel.expects("@eve is now *scribe*")
    assert "eve" in channel.members
    ada.kicks("bob", channel)
    bob.types("/incident show INC-1", "#general").says("There is no INC-1")
    ada.types("/incident resolve", channel)
    channel.expects("*resolved*")
    workspace.channel("#incidents").expects_nothing()


def test_neither_responders_nor_commanders_are_told(workspace_with: Starter) -> None:
    workspace = workspace_with(CALLED)
    ada, eve = workspace.person("ada"), workspace.person("eve")
    ada.types("/incident declare Keys have leaked sev1 private").says("sev1, private")
    channel = workspace.channel("#inc-1-keys-have-leaked")
    channel.card()
    assert set(channel.members) == {"ada", "watchbill"}
    ada.types("/incident severity sev2", channel)
    channel.expects("*sev2*")
    ada.types("/incident severity sev1", channel)
    channel.expects("*sev1*")
    assert set(channel.members) == {"ada", "watchbill"}
    eve.types("/incident rota start INC-1 @eve @ada", "#general").says("There is no INC-1")


def test_a_private_one_never_falls_back_to_a_public_channel(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    workspace.faults.add(on="conversations.create", do="error", error="restricted_action")
    workspace.expects_trouble("effect failed")
    ada.types("/incident declare Keys have leaked private").says("private")
    workspace.dm("ada").expects("couldn't create the channel", "INC-1")
    workspace.forgive("outbox")
    if "Use this channel…" in workspace.dm("ada").messages[-1].buttons:
        ada.clicks("Use this channel", "@watchbill")
        assert "is private" in str(ada.submits({"Channel": "#general"}).errors)
    workspace.channel("#general").expects_nothing()
    workspace.channel("#incidents").expects_nothing()


ASKED = """
[groups]
commanders = ["U0EVE00000"]
managers = ["U0MONA0000"]
"""


def test_nobody_outside_is_ever_asked_for_command(workspace_with: Starter) -> None:
    workspace = workspace_with(ASKED)
    ada, bob, eve = (workspace.person(handle) for handle in ("ada", "bob", "eve"))
    eve.types("/incident duty set @indu @gita daily 09:00 Asia/Kolkata", "#general").says("The duty roster is set")
    for handle in ("indu", "gita"):
        workspace.dm(handle).expects("you are on duty")
    ada.types("/incident declare Keys have leaked sev3 private", "#general").says("sev3, private")
    channel = workspace.channel("#inc-1-keys-have-leaked")
    channel.card()
    ada.types("/incident rota start @ada @bob 2h", channel).says("Command rota of INC-1")
    channel.expects("Command rota of INC-1: Ada Lovelace → Bob Kahn")
    assert set(channel.members) == {"ada", "bob", "watchbill"}, "whoever takes turns is in it"
    rotas.told(workspace, "ada", "bob")
    eve.opens_home()
    workspace.clock.forward(hours=1, seconds=5)
    workspace.dm("bob").expects("*Are you up?* You take command of *INC-1* Keys have leaked")
    workspace.dm("ada").expects("Bob Kahn takes command of *INC-1*")
    bob.clicks("I'm up", "@watchbill")
    workspace.clock.forward(hours=1, minutes=46)
    channel.expects("Briefing of INC-1*")
    offer = channel.expects("@bob, your shift in command of *INC-1*")
    workspace.dm("ada").expects("Bob Kahn has not accepted command")
    rotas.heard(workspace, "bob", workspace.clock.now, "Your shift in command of *INC-1*")
    # Neither the IC on duty nor commanders nor managers: there is nobody to ask, and the channel says so.
    for said in channel.unexpected():
        assert said.has("*Nobody has accepted command of INC-1*", "Everybody was asked: Bob Kahn.")
        workspace.ledger.consume(said)
    for handle in ("eve", "indu", "gita", "mona"):
        assert not workspace.dm(handle).exists or not workspace.dm(handle).unexpected(), handle
    workspace.channel("#incidents").expects_nothing()
    assert "INC-1" not in eve.opens_home()
    assert "leaked" not in eve.types("/incident digest", "#general")
    eve.types("/incident command relieve INC-1 you sleep", "#general").says("There is no INC-1")
    eve.types("/incident command take INC-1 you sleep", "#general").says("There is no INC-1")
    assert eve.presses("I have command", offer).error, "the message is not there for her"
    bob.presses("I have command", offer).says("You have command of *INC-1*")
    workspace.dm("ada").expects("You are relieved: Bob Kahn has command")
    channel.expects("Bob Kahn *has command* of INC-1.")


def test_who_was_put_out_of_it_learns_no_more(workspace: Workspace) -> None:
    ada, bob, eve = (workspace.person(handle) for handle in ("ada", "bob", "eve"))
    channel = ada.declares("Keys have leaked sev3 private")
    for handle in ("bob", "eve"):
        ada.invites(handle, channel)
    ada.types("/incident rota start @ada @bob @eve 2h", channel).says("Command rota of INC-1")
    channel.expects("Command rota of INC-1")
    rotas.told(workspace, "ada", "bob", "eve")
    plan = workspace.dm("bob").messages[-1]
    bob.types("/incident command take Ada is on a plane", channel).says("@ada is asked for command")
    asked = workspace.dm("ada").expects("asks you for command")
    ada.kicks("bob", channel)
    ada.presses("I keep it", asked).says("INC-1 stays yours")
    workspace.dm("bob").expects_nothing()
    assert "INC-1" not in bob.opens_home()
    for asked_for in ("command", "catchup", "rota", "timeline", "command take it is urgent"):
        bob.types(f"/incident {asked_for}", "#general").says("No incident is open")
    bob.presses("I'll be there", plan).says("That shift is not known here.")
    bob.presses("I can't", plan).says("That shift is not known here.")
    workspace.clock.forward(hours=1, minutes=31)
    workspace.dm("bob").expects_nothing()
    workspace.dm("ada").expects("Bob Kahn takes command of *INC-1*")
    ada.types("/incident rota remove @bob", channel).says("Command rota of INC-1")
    channel.expects("Bob Kahn left")
    rotas.told(workspace, "eve")
    workspace.clock.forward(minutes=14, seconds=30)
    workspace.dm("eve").expects("*Are you up?*", "in 15 min")
    channel.expects("Briefing of INC-1", "*draft* for the handoff to Eve Moreau")
    eve.clicks("I'm up", "@watchbill").says("Good morning.")
    workspace.dm("bob").expects_nothing()
