"""Forms while others do something else: nothing of theirs is undone, and each field says what is wrong with it."""

from tests.harness import Workspace


def test_two_people_edit_at_once(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down")
    bob.joins(channel)
    ada.types("/incident summary payments fail", channel)
    ada.types("/incident call https://meet.example.com/x", channel)
    channel.expects("The call of INC-1")
    ada.clicks("Edit", channel)
    bob.types("/incident severity sev1", channel)
    channel.expects("*sev1*, was sev2")
    # Ada saw sev2 and leaves it alone: it stays what Bob made it.
    ada.submits({"Title": "Checkout is slow", "Summary": "", "Link of the call": ""})
    assert ada.form is None
    card = channel.card()
    assert card.has("Checkout is slow", "sev1")
    assert "payments fail" not in card.text
    assert "Join the call" not in card.text
    assert list(channel.bookmarks) == ["Incident card"]
    ada.clicks("Edit", channel)
    bob.types("/incident title Carts are empty", channel)
    refused = ada.submits({"Title": "Carts are full", "State": "identified"})
    assert list(refused.errors) == ["Title"]
    assert "it is now: Carts are empty" in refused.errors["Title"]
    assert channel.card().has("Carts are empty", "investigating")
    refused = ada.submits({"Title": "Carts are empty", "State": "identified", "Link of the call": "ftp://x"})
    assert list(refused.errors) == ["Link of the call"]
    ada.submits({"Link of the call": ""})
    channel.expects("*identified*")
    assert channel.card().has("Carts are empty", "identified")
