"""The timeline: notes, decisions, hypotheses, and what was ruled out."""

from tests.harness import Workspace


def test_a_note_is_kept_and_the_others_are_said_too_also_by_the_form(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    ada.types("/incident note disk of db-3 is full").says("Note 2 is in the timeline of INC-1")
    channel.expects_nothing()
    ada.types("/incident decision we fail over").says("Decision 3")
    channel.expects("*Decision* by Ada Lovelace: we fail over", "INC-1, timeline 3")
    ada.types("/incident hypothesis the 14:00 deploy").says("Hypothesis 4")
    channel.expects("*Hypothesis* by Ada Lovelace: the 14:00 deploy")
    ada.types("/incident ruled-out not the load balancer").says("Ruled out 5")
    channel.expects("*Ruled out* by Ada Lovelace: not the load balancer")
    for empty in ("decision", "hypothesis", "ruled-out \u200b"):
        ada.types(f"/incident {empty}").says("needs words", "For example")
    told = ada.types("/incident timeline").says("Timeline of INC-1", "Declared as a sev2 incident")
    order = ["Declared as", "disk of db-3", "we fail over", "the 14:00 deploy", "not the load balancer"]
    assert sorted(order, key=told.text.index) == order
    ada.clicks("Timeline", channel).says("disk of db-3 is full")

    # By the form.
    bob = workspace.person("bob")
    ada.clicks("Add note", channel)
    ada.sees_form("Note on INC-1")
    ada.submits({"What is it?": "decision", "Text": "we fail\nover"})
    channel.expects("*Decision* by Ada Lovelace", "we fail\nover")
    bob.types("/incident note INC-1", "#general")
    bob.sees_form("Note on INC-1")
    refused = bob.submits({"What is it?": "decision", "Text": "x"})
    assert "you are not in INC-1" in refused.errors["Text"]
    assert "needs words" in bob.submits({"What is it?": "note", "Text": "\u200b"}).errors["Text"]
    bob.submits({"What is it?": "note", "Text": "saw it in Osaka too"})
    assert bob.form is None
    ada.types("/incident timeline", channel).says("@bob", "saw it in Osaka too")


def test_a_long_timeline_shows_the_newest(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    for number in range(30):
        ada.types(f"/incident note {'long ' * 300} note-{number}.", settle=False)
    shown = ada.types("/incident timeline", channel).says("The newest 25 of 31")
    assert "Something broke" not in shown
    ada.types("/incident resolve", channel)
    channel.expects("*resolved*")
    ada.types("/incident note learned later", channel).says("Note 33")
