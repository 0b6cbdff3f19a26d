"""Commands outside the incident's channel."""

from tests.harness import Place, Workspace


def test_a_number_says_which_and_one_open_is_assumed_for_reading_and_asked_for_changing(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    ada.types("/incident show", "#general").says("No incident is open")
    channel = ada.declares("Checkout is down")
    ada.types("/incident severity INC-1 sev1", "#general").says("INC-1 is sev1 now")
    channel.expects("*sev1*")
    ada.types("/incident INC-1 severity sev3", "#general").says("INC-1 is sev3 now")
    channel.expects("*sev3*")
    ada.types("/incident note inc-1 see INC-99 of last year", "#general").says("timeline of INC-1")
    ada.types("/incident timeline INC-1", "#general").says("see INC-99 of last year")
    ada.types("/incident resolve INC-1 it was DNS", "@watchbill").says("INC-1 is resolved")
    channel.expects("*resolved*", "it was DNS")
    ada.types("/incident reopen INC-1", "#general")
    channel.expects("*open again*")
    ada.types("/incident command", "#general").says("@ada is in command")
    asked = ada.types("/incident resolve it was DNS", "#general").says("Do you mean *INC-1* Checkout is down?")
    assert asked.buttons == ["Yes: resolve it was DNS"]
    channel.expects_nothing()
    ada.clicks("Yes: resolve it was DNS", "#general").says("INC-1 is resolved")
    channel.expects("*resolved*", "it was DNS")
    ada.types("/incident reopen INC-1", "#general")
    channel.expects("*open again*")
    bob.types("/incident severity sev1", "#general").says("Do you mean *INC-1*")
    bob.clicks("Yes: severity sev1", "#general").says("you are not in INC-1")
    channel.expects_nothing()
    _outsiders_note_but_change_nothing(workspace, channel)


def _outsiders_note_but_change_nothing(workspace: Workspace, channel: Place) -> None:
    bob = workspace.person("bob")
    bob.types("/incident note INC-1 saw it too", "#general").says("Note", "timeline of INC-1")
    for change in ("severity {} sev1", "resolve {}", "decision {} x", "role {} scribe @bob", "title {} x", "edit {}"):
        bob.types("/incident " + change.format("INC-1"), "#general").says("you are not in INC-1", "Join #inc-1")
    bob.types("/incident rota INC-1 start @bob @ada", "#general").says("you are not in INC-1")
    bob.types("/incident rota start INC-1 @bob @ada", "#general").says("you are not in INC-1")
    channel.expects_nothing()


def test_which_of_several_is_asked(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    ada.declares("Checkout is down")
    ada.declares("Search is slow", "#general")
    asked = ada.types("/incident show", "#general").says("Which incident", "*INC-1* Checkout is down", "*INC-2* Search")
    assert asked.buttons == ["INC-2", "INC-1"]
    ada.clicks("INC-2", "#general").says("INC-2 Search is slow", "*Incident commander*")
    ada.clicks("INC-1", "#general").says("INC-1 Checkout is down")
    ada.types("/incident resolve it was DNS", "#general").says("Which incident is `resolve it was DNS` meant for?")
    ada.clicks("INC-1", "#general").says("INC-1 is resolved")
    workspace.channel("#inc-1-checkout-is-down").expects("*resolved*", "it was DNS")
    workspace.channel("#inc-2-search-is-slow").expects_nothing()
