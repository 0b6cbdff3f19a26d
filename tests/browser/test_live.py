"""What one does, the others see, without loading anything again."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen

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


def test_home_follows_and_declares(window: OpenScreen) -> None:
    ada, bob = window("ada"), window("bob", "app/home")
    home = bob.page.get_by_role("tabpanel", name="Home")
    expect(home).to_contain_text("Nothing is open")
    home.get_by_role("button", name="Declare an incident…").click()
    bob.modal.get_by_label("What is broken?").fill("Search is slow")
    bob.modal.get_by_role("button", name="Declare").click()
    bob.close_modal()
    expect(bob.row("inc-1-search-is-slow")).to_be_visible()
    ada.declares("Checkout is down sev1")
    bob.go("general")
    bob.home()
    expect(home).to_contain_text("INC-1 Search is slow")
    expect(home).to_contain_text("INC-2 Checkout is down")
    titles = home.locator(".block-section").all_inner_texts()
    assert ["INC-2" in titles[0], "INC-1" in titles[1]] == [True, True]  # the worst is on top


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
