"""An incident from its declaration to its end, as the people in it see it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen
from tests.harness import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.scenario]


def test_from_the_form_to_the_resolution(window: OpenScreen, workspace: Workspace) -> None:
    ada = window("ada")
    ada.says("/incident declare")
    expect(ada.page.get_by_role("dialog", name="Declare an incident")).to_be_visible()
    ada.modal.get_by_label("What is broken?").fill("Checkout is down")
    ada.chooses("Severity", "sev2")
    ada.modal.get_by_label("What do you know?").fill("Payments fail with a 502")
    ada.modal.get_by_role("button", name="Declare").click()
    expect(ada.modal).to_contain_text("is declared: sev2, public")
    ada.close_modal()
    ada.go("inc-1-checkout-is-down")
    for words in ("INC-1 Checkout is down", "sev2", "investigating", "@Ada Lovelace", "Payments fail with a 502"):
        expect(ada.card).to_contain_text(words)
    expect(ada.topic).to_have_text("sev2 · investigating · IC Ada Lovelace")

    bob = window("bob", "incidents")
    announcement = bob.message("INC-1", "Checkout is down")
    expect(announcement).to_contain_text("sev2 · investigating · IC @Ada Lovelace")
    announcement.get_by_role("button", name="Join").click()
    expect(bob.answer("You are in INC-1")).to_be_visible()
    bob.go("inc-1-checkout-is-down")
    expect(bob.card).to_contain_text("INC-1 Checkout is down")

    bob.says("/incident severity sev1")
    expect(bob.message("is now sev1, was sev2")).to_have_count(1)
    bob.says("/incident decision Roll back to 4.1")
    expect(ada.message("Decision by Bob Kahn: Roll back to 4.1")).to_have_count(1)
    expect(ada.card).to_contain_text("sev1")
    expect(ada.topic).to_have_text("sev1 · investigating · IC Ada Lovelace")

    ada.card.get_by_role("button", name="Resolve").click()
    ada.page.get_by_role("dialog", name="Resolve?").get_by_role("button", name="Resolve").click()
    expect(ada.card).to_contain_text("resolved")
    expect(ada.card.get_by_role("button", name="Reopen")).to_be_visible()
    expect(ada.message("INC-1 is resolved")).to_have_count(1)
    expect(ada.topic).to_have_text("sev1 · resolved")
    bob.go("incidents")
    expect(bob.message("INC-1", "sev1 · resolved")).to_have_count(1)
    expect(bob.message("INC-1").get_by_role("button", name="Join")).to_have_count(0)
    workspace.settle()
    assert workspace.bot.rows("SELECT number FROM incidents WHERE state = 'resolved'")


def test_one_line_declares_and_leads_there(window: OpenScreen) -> None:
    ada = window("ada")
    name = ada.declares("Search is slow sev3")
    assert name == "inc-1-search-is-slow"
    expect(ada.card).to_contain_text("INC-1 Search is slow")
    expect(ada.topic).to_have_text("sev3 · investigating · IC Ada Lovelace")
    ada.page.get_by_role("link", name="Incident card").click()  # the bookmark
    expect(ada.card).to_be_focused()
    ada.card.get_by_role("button", name="Timeline").click()
    expect(ada.answer("Timeline of INC-1")).to_contain_text("Declared as a sev3 incident")
    ada.become("bob")  # the same window, who is not in the channel and sees no answer to Ada
    expect(ada.page.get_by_role("button", name="Join channel")).to_be_visible()
    expect(ada.message("INC-1 Search is slow")).to_have_count(1)
    expect(ada.page.locator("[data-ephemeral]")).to_have_count(0)


def test_the_form_says_what_is_missing(window: OpenScreen) -> None:
    ada = window("ada")
    ada.says("/incident declare")
    ada.modal.get_by_role("button", name="Declare").click()
    expect(ada.modal.locator("[data-error-for=title]")).to_be_visible()
    expect(ada.modal.get_by_label("What is broken?")).to_be_focused()
