"""App Home: what waits for somebody, their shifts and roles, what is open, and the buttons to act; on a phone too."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenScreen
from tests.browser.screen import Screen
from tests.harness import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.scenario]


def _presses(screen: Screen, home: Locator, button: str, answer: str) -> None:
    """The answer to a button of Home is a form of its own."""
    home.get_by_role("button", name=button).first.click()
    expect(screen.modal).to_contain_text(answer)
    screen.close_modal()


def test_command_is_accepted_from_home_on_a_phone(window: OpenScreen, workspace: Workspace) -> None:
    bob = window("bob", "app/home", width=390)
    home = bob.page.get_by_role("tabpanel", name="Home")
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down sev3")
    ada.types("/incident rota start @ada @bob 2h")
    expect(home).to_contain_text("Command of INC-1 Checkout is down (sev3)")
    _presses(bob, home, "I'll be there", "Good: you take it at")
    expect(home).to_contain_text("you will be there")

    workspace.clock.forward(minutes=91)
    expect(home).to_contain_text("Waiting for youAre you up?")
    bob.picture("home-waiting")
    _presses(bob, home, "I'm up", "Good morning.")
    expect(home).not_to_contain_text("Waiting for you")
    expect(home).to_contain_text("you are up")

    workspace.clock.forward(minutes=30)
    expect(home).to_contain_text("Waiting for youYour shift in command of INC-1 Checkout is down (sev3) began")
    assert bob.page.locator("html").evaluate("html => html.scrollWidth") <= 390
    _presses(bob, home, "I have command", "You have command of INC-1")
    expect(home).to_contain_text("My roles• Command of INC-1")
    expect(home).not_to_contain_text("Waiting for you")
    workspace.settle()
    assert channel.topic == "sev3 · investigating · IC Bob Kahn"


def test_home_follows_and_declares(window: OpenScreen, workspace: Workspace) -> None:
    bob = window("bob", "app/home")
    home = bob.page.get_by_role("tabpanel", name="Home")
    expect(home).to_contain_text("Nothing is open")
    home.get_by_role("button", name="Declare an incident…").click()
    bob.modal.get_by_label("What is broken?").fill("Search is slow")
    bob.modal.get_by_role("button", name="Declare").click()
    bob.close_modal()
    expect(bob.row("inc-1-search-is-slow")).to_be_visible()
    expect(home).to_contain_text("My roles")
    workspace.person("ada").types("/incident declare Checkout is down sev1")
    bob.go("general")
    bob.home()
    expect(home).to_contain_text("INC-2 Checkout is down")
    opened = home.locator(".block-section").filter(has=bob.page.get_by_role("button", name="Card…"))
    expect(opened).to_contain_text(["INC-2 Checkout is down", "INC-1 Search is slow"])  # the worst is on top
    opened.first.get_by_role("button", name="Card…").click()
    expect(bob.modal).to_contain_text("Incident commander@Ada Lovelace since")
