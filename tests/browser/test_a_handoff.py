"""Command changes hands, with the bot shot in between."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen
from tests.browser.screen import Screen
from tests.harness import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.scenario, pytest.mark.faults]

_CHANNEL = "inc-1-checkout-is-down"


def _starts_rota(ada: Screen) -> None:
    """With the list that opens at the @: once with the mouse, once with Enter."""
    ada.composer.press_sequentially("/incident rota start @ad")
    ada.page.get_by_role("option", name="@ada").click()
    ada.composer.press_sequentially("@bo")
    expect(ada.page.get_by_role("option", name="@bob")).to_be_visible()
    ada.page.keyboard.press("Enter")
    ada.composer.press_sequentially("8h")
    expect(ada.composer).to_have_value("/incident rota start @ada @bob 8h")
    ada.page.keyboard.press("Enter")
    expect(ada.message("Command rota of INC-1")).to_contain_text("@Ada Lovelace → @Bob Kahn, 8 h each")


def test_command_moves_when_it_is_accepted(window: OpenScreen, workspace: Workspace) -> None:
    ada = window("ada")
    ada.declares("Checkout is down sev1")
    _starts_rota(ada)

    # A quarter of an hour before the boundary
    ada.controls("To the next reminder")
    expect(ada.panel.locator("[data-clock=due]")).to_contain_text("in 15 min")
    bob = window("bob")
    expect(bob.dm()).to_have_count(1)
    expect(bob.message("You take command of INC-1 Checkout is down")).to_have_count(1)

    # The bot is shot and started again: nothing is said twice
    ada.controls("Kill")
    expect(ada.panel.locator("[data-bot-state=stopped]")).to_be_visible()
    ada.controls("Start")
    expect(ada.panel.locator("[data-bot-state=running]")).to_be_visible()
    workspace.settle()
    expect(bob.dm()).to_have_count(1)

    # The boundary
    ada.controls("To the next reminder")
    bob.go(_CHANNEL)
    offer = bob.message("@Bob Kahn, your shift in command")
    expect(offer).to_have_count(1)
    expect(offer).to_contain_text("@Ada Lovelace holds command until you accept")
    expect(bob.topic).to_have_text("sev1 · investigating · IC Ada Lovelace")
    offer.get_by_role("button", name="I have command").click()

    expect(bob.message("@Bob Kahn has command of INC-1")).to_have_count(1)
    expect(bob.answer("You have command of INC-1")).to_contain_text("Next handoff: @Ada Lovelace")
    expect(bob.card).to_contain_text("@Bob Kahn since")
    expect(bob.topic).to_have_text("sev1 · investigating · IC Bob Kahn")
    bob.says("/incident digest")
    expect(bob.answer("Incident digest")).to_contain_text("IC @Bob Kahn for less than a minute")
    bob.go("incidents")
    expect(bob.message("INC-1")).to_contain_text("IC @Bob Kahn since")

    ada.close_panel()
    expect(ada.dm().filter(has_text="You are relieved: Bob Kahn has command of INC-1")).to_have_count(1)
    workspace.settle()
    expect(ada.dm()).to_have_count(1)
    expect(bob.dm()).to_have_count(1)
    # Each was sent once, not only shown once.
    sent = [call.args["text"] for call in workspace.calls(method="chat.postMessage")]
    for words in ("You take command", "your shift in command", "You are relieved", "Command rota of"):
        assert len([text for text in sent if words in text]) == 1
