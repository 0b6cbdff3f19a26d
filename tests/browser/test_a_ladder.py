"""Nobody answers: the ladder climbs, and command can be taken."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen
from tests.browser.screen import Screen
from tests.harness import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.scenario]

_CHANNEL = "inc-1-checkout-is-down"
# Mona is the only commander.
SETTINGS = '[groups]\ncommanders = ["U0MONA0000"]\n'


def _is_asked(screen: Screen, handle: str) -> None:
    """The newest DM of this person asks for them."""
    screen.become(handle)
    screen.dm()
    expect(screen.message("Checkout is down (sev3) needs you in command").last).to_be_visible()


def _sees_the_channel(screen: Screen, handle: str) -> None:
    screen.become(handle)
    screen.go(_CHANNEL)


def test_the_ladder_climbs_until_somebody_accepts(window: OpenScreen, workspace: Workspace) -> None:
    ada = workspace.person("ada")
    ada.declares("Checkout is down sev3")
    ada.types("/incident role deputy @indu")
    ada.types("/incident rota start @ada @bob @eve 2h")

    # Bob never says that he is up: he is paged until the boundary, and ten minutes after it.
    workspace.clock.forward(hours=2, minutes=11)
    screen = window("bob")
    dm = screen.dm()
    expect(dm.filter(has_text="Are you up? At")).to_have_count(6)
    expect(dm.last).to_contain_text("Your shift in command of INC-1 Checkout is down began")
    screen.become("ada")
    expect(screen.dm().last).to_contain_text("It stays yours until somebody does. In 5 min I ask others.")

    # The deputy can't, nor can the next on the rota: each time the next one is asked at once. Mona is silent.
    workspace.clock.forward(minutes=5)
    for handle in ("indu", "eve"):
        _is_asked(screen, handle)
        screen.message("needs you in command").get_by_role("button", name="I can't").click()
        expect(screen.answer("goes to somebody else")).to_be_visible()
    _is_asked(screen, "mona")
    expect(screen.message("needs you in command")).to_contain_text("Bob Kahn was to take it and has not")
    screen.picture("ladder")
    workspace.clock.forward(minutes=10, seconds=10)
    _sees_the_channel(screen, "ada")
    asked = "Everybody was asked: Bob Kahn, Indu Rao, Eve Moreau, Mona Keller."
    nobody = screen.message("Nobody has accepted command of INC-1")
    expect(nobody).to_contain_text(f"Ada Lovelace still has it. {asked}")
    expect(screen.topic).to_contain_text("IC Ada Lovelace")
    screen.picture("nobody")

    # It is not too late for who was silent.
    _is_asked(screen, "mona")
    screen.message("needs you in command").last.get_by_role("button", name="I have command").click()
    expect(screen.answer("You have command of INC-1")).to_be_visible()
    _sees_the_channel(screen, "ada")
    expect(screen.topic).to_have_text("sev3 · investigating · IC Mona Keller")
    expect(screen.message("@Mona Keller has command of INC-1")).to_have_count(1)


def test_command_is_asked_for_kept_and_taken(window: OpenScreen, workspace: Workspace) -> None:
    channel = workspace.person("ada").declares("Checkout is down sev2")
    workspace.person("bob").joins(channel)
    screen = window("bob", _CHANNEL)
    screen.card.get_by_role("button", name="Take command…").click()
    screen.modal.get_by_label("Why?").fill("Ada is on a plane")
    screen.picture("take-command")
    screen.modal.get_by_role("button", name="Go on").click()
    expect(screen.modal).to_contain_text("@Ada Lovelace is asked for command of INC-1")
    screen.close_modal()

    screen.become("ada")
    asked = screen.dm().filter(has_text="Bob Kahn asks you for command of INC-1 Checkout is down: Ada is on a plane")
    asked.get_by_role("button", name="I keep it").click()
    expect(screen.answer("INC-1 stays yours.")).to_be_visible()
    screen.become("bob")
    expect(screen.dm().filter(has_text="Ada Lovelace keeps command of INC-1")).to_have_count(1)

    screen.go(_CHANNEL)
    screen.says("/incident command take Ada is on a plane, really")
    expect(screen.answer("@Ada Lovelace is asked for command")).to_contain_text("for 5 min, I'll tell you")
    workspace.clock.forward(minutes=5, seconds=1)
    free = screen.dm().filter(has_text="Ada Lovelace has not answered. You may take command of INC-1")
    free.get_by_role("button", name="Take command now").click()
    expect(screen.answer("You have command of INC-1")).to_be_visible()
    screen.go(_CHANNEL)
    expect(screen.message("Bob Kahn has taken command of INC-1: Ada is on a plane, really")).to_have_count(1)
    expect(screen.topic).to_have_text("sev2 · investigating · IC Bob Kahn")
    screen.become("ada")
    relieved = screen.dm().filter(has_text="You are relieved: Bob Kahn has taken command of INC-1")
    expect(relieved).to_contain_text("(Ada is on a plane, really)")
