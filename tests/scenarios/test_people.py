"""Who is in an incident, who holds which role, and who can't be named."""

from tests.harness import Workspace
from tests.scenarios import rotas


def test_joining_by_the_button(workspace: Workspace) -> None:
    channel = workspace.person("ada").declares("Checkout is down")
    bob = workspace.person("bob")
    bob.clicks("Join", "#incidents").says("You are in INC-1: #inc-1-checkout-is-down")
    assert "bob" in channel.members
    bob.clicks("Join", "#incidents").says("You are in INC-1 already")
    bob.types("/incident state monitoring", channel).says("INC-1 is monitoring now")
    channel.expects("*monitoring*", "(Bob Kahn)")
    channel.expects_nothing()


def test_joining_again_after_leaving(workspace: Workspace) -> None:
    channel = workspace.person("ada").declares("Checkout is down")
    bob = workspace.person("bob")
    bob.joins(channel)
    bob.leaves(channel)
    bob.types("/incident severity INC-1 sev1", "#general").says("you are not in INC-1", "Join #inc-1")
    bob.clicks("Join", "#incidents").says("You are in INC-1")
    assert "bob" in channel.members


def test_roles_are_given_and_taken(workspace: Workspace) -> None:
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


def test_a_deputy_may_change_the_rota(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down")
    bob.joins(channel)
    bob.types("/incident rota start @ada @bob 8h", channel).says("Only the IC, the deputy and commanders")
    ada.types("/incident role deputy @bob", channel)
    channel.expects("@bob is now *deputy*")
    rotas.start(workspace, channel, "@ada @bob 8h", by="bob")
    bob.types("/incident rota stop", channel).says("INC-1 has no rota for command")
    channel.expects("Command rota of INC-1: stopped (Bob Kahn). Ada Lovelace stays in command.")
    workspace.dm("ada").expects("You have no shift in command of *INC-1*")
    workspace.dm("bob").expects_nothing()


def test_some_people_can_not_be_named(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    can_not = {"@otto": "is deactivated", "@zoe": "is of another workspace", "@watchbill": "is a bot"}
    for named, why in can_not.items():
        ada.types(f"/incident role scribe {named}").says(named, why)
        ada.types(f"/incident rota start @ada {named} 8h").says(named, why)
    ada.types("/incident rota").says("has no rota")
    channel.expects_nothing()
    assert set(channel.members) == {"ada", "watchbill"}


def test_somebody_deactivated_meanwhile_is_refused(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    ada.types("/incident role scribe @eve")
    channel.expects("@eve is now *scribe*")
    workspace.change_person("eve", deleted=True)
    ada.types("/incident rota start @ada @eve 8h").says("@eve is deactivated")
    channel.expects_nothing()
