"""What one does, the others see, without loading anything again."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen
from tests.harness import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.scenario]


def test_two_people_in_one_channel(window: OpenScreen) -> None:
    ada, bob = window("ada"), window("bob", "incidents")
    name = ada.declares("Checkout is down sev2")
    bob.message("INC-1").get_by_role("button", name="Join").click()
    bob.go(name)
    bob.says("I see it too")
    expect(ada.message("I see it too")).to_be_visible()
    ada.says("/incident state identified")
    expect(bob.card).to_contain_text("identified")
    expect(bob.topic).to_have_text("sev2 · identified · IC Ada Lovelace")
    expect(bob.message("is now identified, was investigating")).to_have_count(1)

    bob.card.get_by_role("button", name="Edit…").click()
    bob.modal.get_by_label("Summary").fill("The database is full")
    bob.chooses("State", "monitoring")
    bob.modal.get_by_role("button", name="Save").click()
    expect(bob.modal).to_have_count(0)
    expect(ada.card).to_contain_text("The database is full")
    expect(ada.topic).to_have_text("sev2 · monitoring · IC Ada Lovelace")

    bob.card.get_by_role("button", name="Add note…").click()
    bob.chooses("What is it?", "hypothesis")
    bob.modal.get_by_label("Text").fill("Logs are never rotated")
    bob.modal.get_by_role("button", name="Add").click()
    expect(ada.message("Hypothesis by Bob Kahn: Logs are never rotated")).to_be_visible()

    eve = window("eve")
    bob.says("@eve please look")
    bob.page.locator(".members").click()
    bob.page.get_by_role("button", name="Add people").click()
    bob.page.get_by_role("option", name="Eve").click()
    expect(eve.row(name)).to_be_visible()

    # The panel makes the channel narrower, and its lines longer: the newest one stays in view.
    ada.controls()
    expect(ada.page.locator("article.message").last).to_be_in_viewport()
    expect(ada.page.get_by_role("button", name="Newest")).to_be_hidden()


def test_what_was_said_goes_into_the_timeline_and_into_a_form(window: OpenScreen, workspace: Workspace) -> None:
    ada = window("ada")
    ada.says("Search answers slowly since noon")
    ada.uses("Declare from message", ada.message("Search answers slowly"))
    expect(ada.modal.get_by_label("What is broken?")).to_have_value("Search answers slowly since noon")
    ada.close_modal()
    ada.declares("Checkout is down sev2")
    for words in ("The deploy of 14:05 is to blame", "The rollback is through"):
        ada.says(words)
    ada.uses("Add to the timeline", ada.message("The deploy of 14:05"))
    expect(ada.answer("That message is in the timeline of INC-1")).to_be_visible()
    rollback = ada.message("The rollback")
    rollback.hover()
    rollback.get_by_role("button", name="Add reaction").click()
    ada.page.get_by_role("button", name="pushpin", exact=True).click()
    expect(rollback.locator("[data-reaction=pushpin]")).to_be_visible()
    workspace.settle()
    ada.card.get_by_role("button", name="Timeline").click()
    timeline = ada.answer("Timeline of INC-1")
    expect(timeline).to_contain_text("pinned The deploy of 14:05 is to blame")
    expect(timeline).to_contain_text("pinned The rollback is through")
    expect(timeline).to_be_in_viewport()  # although the card, far above, was what was pressed


def test_the_bot_is_away_and_the_page_says_so(window: OpenScreen) -> None:
    ada = window("ada")
    ada.controls("Kill")
    ada.close_panel()
    ada.composer.click()
    ada.page.keyboard.insert_text("/incident declare Checkout is down")
    ada.page.keyboard.press("Enter")
    expect(ada.page.locator(".toast.error")).to_be_visible()
    expect(ada.composer).to_have_value("/incident declare Checkout is down")  # nothing typed is lost
    ada.controls("Start")
    ada.close_panel()
    ada.composer.click()
    ada.page.keyboard.press("Enter")
    expect(ada.answer("go to #")).to_be_visible()
