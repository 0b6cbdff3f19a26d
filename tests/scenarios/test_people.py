"""Who is in an incident, and who can't be named."""

from tests.harness import Workspace


def test_joining_by_the_button(workspace: Workspace) -> None:
    channel = workspace.person("ada").declares("Checkout is down")
    bob = workspace.person("bob")
    bob.clicks("Join", "#incidents").says("You are in INC-1: #inc-1-checkout-is-down")
    assert "bob" in channel.members
    bob.clicks("Join", "#incidents").says("You are in INC-1 already")
    bob.types("/incident state monitoring", channel).says("INC-1 is monitoring now")
    channel.expects("*monitoring*", "(Bob Kahn)")
    channel.expects_nothing()

    # And again after leaving.
    bob.leaves(channel)
    bob.types("/incident severity INC-1 sev1", "#general").says("you are not in INC-1", "Join #inc-1")
    bob.clicks("Join", "#incidents").says("You are in INC-1")
    assert "bob" in channel.members


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

    # Somebody is deactivated meanwhile.
    ada.types("/incident role scribe @eve")
    channel.expects("@eve is now *scribe*")
    workspace.change_person("eve", deleted=True)
    ada.types("/incident rota start @ada @eve 8h").says("@eve is deactivated")
    channel.expects_nothing()
