"""A whole handoff between two people, from the plan to the relief, with the bot shot in between."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenScreen
from tests.browser.screen import Screen
from tests.harness import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.scenario, pytest.mark.faults]

_CHANNEL = "inc-1-checkout-is-down"


def _plans(ada: Screen, bob: Screen) -> None:
    """Ada starts a rota with the form; Bob has his shifts by DM, in his own zone."""
    ada.starts_rota("bob", length="2h")
    expect(ada.message("Command rota of INC-1: Ada Lovelace → Bob Kahn, 2 h each")).to_have_count(1)
    expect(ada.card).to_contain_text("Next handoff@Bob Kahn at")
    plan = bob.dm().filter(has_text="Your shifts in command of INC-1")
    expect(plan).to_contain_text("EST")
    plan.get_by_role("button", name="I'll be there").click()
    expect(bob.answer("Good: you take it at")).to_be_visible()


def _asks_an_hour_before(ada: Screen, bob: Screen, workspace: Workspace) -> None:
    """Ada needs an hour more; an hour before the new boundary Bob is up."""
    workspace.clock.forward(minutes=60, seconds=1)
    expect(bob.message("Are you up? You take command of INC-1 Checkout is down in 1 h")).to_have_count(1)
    asked = ada.dm().filter(has_text="Bob Kahn takes command of INC-1 Checkout is down from you")
    asked.get_by_role("button", name="Extend 1 h").click()
    expect(ada.answer("Command rota of INC-1")).to_contain_text("Bob Kahn")
    expect(bob.message("Your shifts in command of INC-1")).to_have_count(2)
    workspace.clock.forward(minutes=60)
    again = bob.message("Are you up? You take command").last
    again.get_by_role("button", name="I'm up").click()
    expect(bob.answer("Good morning. At")).to_be_visible()
    bob.picture("hour-before")


def _is_shot(ada: Screen, workspace: Workspace) -> None:
    ada.controls("Kill")
    expect(ada.panel.locator("[data-bot-state=stopped]")).to_be_visible()
    ada.controls("Start")
    expect(ada.panel.locator("[data-bot-state=running]")).to_be_visible()
    ada.close_panel()
    workspace.settle()


def _writes_the_briefing(ada: Screen) -> None:
    """The draft stands in the channel; the two answers that only a person can give are Ada's."""
    ada.go(_CHANNEL)
    draft = ada.message("Briefing of INC-1, draft for the handoff to Bob Kahn")
    expect(draft).to_contain_text("@Ada Lovelace, what worries you, and what is to be done first?")
    expect(draft).to_contain_text("Roll back to 4.1")
    draft.get_by_role("button", name="Edit the briefing…").click()
    ada.modal.get_by_label("What worries you?").fill("The replica lags again")
    ada.modal.get_by_label("What to do first?").fill("Ask the vendor for an ETA")
    ada.modal.get_by_role("button", name="Save").click()
    expect(ada.modal).to_have_count(0)
    expect(ada.message("Briefing of INC-1, draft")).to_contain_text("What worries Ada Lovelace The replica lags again")


def _accepts(bob: Screen) -> None:
    bob.go(_CHANNEL)
    offer = bob.message("@Bob Kahn, your shift in command")
    expect(offer).to_contain_text("@Ada Lovelace has it until somebody accepts")
    expect(bob.topic).to_have_text("sev2 · investigating · IC Ada Lovelace")
    briefing = bob.message("Briefing of INC-1 for Bob Kahn")
    expect(briefing).to_contain_text("To do first Ask the vendor for an ETA")
    assert _top(briefing) < _top(offer), "the briefing stands above the offer"
    bob.picture("offer")
    offer.get_by_role("button", name="I have command").click()
    expect(bob.message("@Bob Kahn has command of INC-1")).to_have_count(1)
    expect(bob.answer("You have command of INC-1")).to_contain_text("Next handoff: @Ada Lovelace")
    expect(bob.message("Briefing of INC-1, accepted")).to_have_count(1)
    expect(bob.card).to_contain_text("@Bob Kahn since")
    expect(bob.topic).to_have_text("sev2 · investigating · IC Bob Kahn")
    bob.go("incidents")
    expect(bob.message("INC-1")).to_contain_text("IC @Bob Kahn since")


def _top(message: Locator) -> float:
    box = message.bounding_box()
    assert box
    return box["y"]


def test_command_moves_when_it_is_accepted(window: OpenScreen, workspace: Workspace) -> None:
    ada, bob = window("ada"), window("bob")
    ada.declares("Checkout is down sev2")
    _plans(ada, bob)
    ada.says("/incident decision Roll back to 4.1")
    _asks_an_hour_before(ada, bob, workspace)
    _is_shot(ada, workspace)
    workspace.clock.forward(minutes=45)
    _writes_the_briefing(ada)
    workspace.clock.forward(minutes=15)
    _accepts(bob)
    relieved = ada.dm().filter(has_text="You are relieved: Bob Kahn has command of INC-1. You held it 3 h.")
    expect(relieved).to_contain_text("Your next shift is")
    ada.picture("relieved")
    workspace.settle()
    # Each was sent once, not only shown once: Bob is asked for each of the two boundaries.
    sent = [call.args["text"] for call in workspace.calls(method="chat.postMessage")]
    times = {"Command rota of INC-1": 2, "Are you up?": 2, "Briefing of": 1, "your shift in": 1, "You are relieved": 1}
    assert {words: len([text for text in sent if words in text]) for words in times} == times
