"""Roles beside command: given, taken away, and what the deputy may."""

from tests.harness import Workspace
from tests.scenarios import rotas


def test_roles_are_given_and_taken_and_end_with_the_incident(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    ada.types("/incident role communications @bob").says("has @bob as communications")
    channel.expects("@bob is now *communications* of INC-1 (Ada Lovelace)")
    assert "bob" in channel.members
    assert channel.card().has("*Communications*\n@bob")
    ada.types("/incident role communications @bob").says("holds that role already")
    ada.types("/incident role comunications @eve").says("Did you mean `communications`?")
    ada.types("/incident role ic @eve").says("Command is not assigned", "`/incident handoff @bob`")
    ada.types("/incident role scribe @bob @eve").says("One person, or `none`")
    ada.types("/incident role scribe bob").says("One person, or `none`")
    ada.types("/incident role").says("Which role, and who?")
    ada.types("/incident role communications none").says("has nobody as communications")
    channel.expects("Nobody is communications of INC-1 now")
    ada.types("/incident role communications none").says("Nobody holds the role communications")
    assert not channel.card().has("*Communications*")

    # A deputy may change the rota.
    bob = workspace.person("bob")
    bob.types("/incident rota start @ada @bob 8h", channel).says("Only the IC, the deputy and commanders")
    ada.types("/incident role deputy @bob", channel)
    channel.expects("@bob is now *deputy*")
    rotas.start(workspace, channel, "@ada @bob 8h", by="bob")
    bob.types("/incident rota stop", channel).says("INC-1 has no rota for command")
    channel.expects("Command rota of INC-1: stopped (Bob Kahn). Ada Lovelace stays in command.")
    workspace.dm("ada").expects("You have no shift in command of *INC-1*")
    workspace.dm("bob").expects_nothing()

    # An IC may be the deputy of nobody, but hold another role.
    ada.types("/incident role scribe @ada", channel).says("has @ada as scribe")
    channel.expects("@ada is now *scribe*")
    bob.types("/incident handoff @eve", channel).says("offered to @eve")
    channel.expects("Briefing of INC-1")
    channel.expects("@eve, Bob Kahn offers you command", "@ada has it until somebody accepts")
    workspace.person("eve").clicks("I have command", channel).says("You have command")
    workspace.dm("ada").expects("You are relieved: Eve Moreau has command")
    assert channel.card().has("*Incident commander*\n@eve", "*Scribe*\n@ada", "*Deputy*\n@bob")

    # Roles end with the incident, and are not given back.
    workspace.person("eve").types("/incident resolve", channel)
    channel.expects("*resolved*")
    ada.types("/incident role scribe @eve", channel).says("INC-1 is resolved")
    workspace.person("eve").types("/incident reopen", channel)
    channel.expects("*open again*")
    assert not channel.card().has("*Scribe*")
    assert not channel.card().has("*Deputy*")


def test_a_role_that_is_given_is_offered_no_more(workspace: Workspace) -> None:
    ada, bob, chen = (workspace.person(handle) for handle in ("ada", "bob", "chen"))
    channel = ada.declares("Checkout is down sev3")
    ada.types("/incident rota for communications start @bob @eve 4h", channel)
    channel.expects("Communications rota of INC-1")
    for handle in ("bob", "eve"):
        workspace.dm(handle).expects("Your shifts in communications")
    offer = channel.expects("@bob, your shift in communications")
    ada.types("/incident role communications @chen", channel).says("has @chen as communications")
    channel.expects("@chen is now *communications*")
    assert channel.again(offer).has("The offer of communications to @bob was withdrawn", "@chen has communications")
    assert bob.presses("I have communications", offer).error == "no_such_element"
    workspace.clock.forward(minutes=15)
    channel.expects_nothing()
    workspace.dm("bob").expects_nothing()
    # The plan stays as it was: Eve's turn comes.
    workspace.clock.forward(hours=3, minutes=46)
    workspace.dm("eve").expects("You take communications of *INC-1*")
    workspace.dm("chen").expects("Eve Moreau takes communications of *INC-1*")
    channel.expects("Briefing of INC-1*, communications")
    second = channel.expects("@eve, your shift in communications", "@chen has it until")
    workspace.person("eve").presses("I can't", second).says("stays with whoever has it")
    workspace.dm("chen").expects(
        "Eve Moreau can't take communications of *INC-1*", "It stays yours.", "/incident role INC-1"
    )
    assert channel.again(second).has("The offer of communications to @eve was declined", "@chen has communications")
    chen.types("/incident resolve", channel)
    channel.expects("*resolved*")
    assert workspace.bot.one("SELECT count(*) FROM tenures WHERE ended_at IS NULL") == 0
