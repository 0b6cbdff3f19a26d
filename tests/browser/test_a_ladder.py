"""Nobody answers: the ladder climbs, and command can be taken."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen
from tests.browser.screen import Screen
from tests.harness import Workspace
from tests.outcome import has_failed

pytestmark = [pytest.mark.browser, pytest.mark.scenario]

_CHANNEL = "inc-1-checkout-is-down"
_GROUPS = '[groups]\ncommanders = ["U0MONA0000"]\n'


@pytest.fixture
def workspace(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """Mona is the only commander."""
    with Workspace(tmp_path / "workspace", _GROUPS) as started:
        started.forgive("messages")
        yield started
        started.failed = has_failed(request.node)


def _is_asked(screen: Screen, handle: str) -> None:
    """The newest DM of this person asks for them."""
    screen.become(handle)
    screen.dm()
    expect(screen.message("Checkout is down (sev3) needs you in command").last).to_be_visible()


def test_the_ladder_climbs_until_somebody_accepts(window: OpenScreen, workspace: Workspace) -> None:
    ada = window("ada")
    ada.declares("Checkout is down sev3")
    ada.says("/incident role deputy @indu")
    ada.says("/incident rota start @ada @bob @eve 2h")
    expect(ada.message("First handoff: Bob Kahn")).to_be_visible()

    # Bob never says that he is up: he is paged until the boundary, and ten minutes after it.
    workspace.clock.forward(hours=2, minutes=11)
    other = window("bob")
    dm = other.dm()
    expect(dm.filter(has_text="Are you up? At")).to_have_count(6)
    expect(dm.last).to_contain_text("Your shift in command of INC-1 Checkout is down began")
    expect(ada.dm().last).to_contain_text("It stays yours until somebody does. In 5 min I ask others.")

    # The deputy can't, nor can the next on the rota: each time the next one is asked at once. Mona is silent.
    workspace.clock.forward(minutes=5)
    for handle in ("indu", "eve"):
        _is_asked(other, handle)
        other.message("needs you in command").get_by_role("button", name="I can't").click()
        expect(other.answer("goes to somebody else")).to_be_visible()
    _is_asked(other, "mona")
    expect(other.message("needs you in command")).to_contain_text("Bob Kahn was to take it and has not")
    other.picture("ladder")
    workspace.clock.forward(minutes=10, seconds=10)
    ada.go(_CHANNEL)
    nobody = ada.message("Nobody has accepted command of INC-1")
    asked = "Everybody was asked: Bob Kahn, Indu Rao, Eve Moreau, Mona Keller."
    expect(nobody).to_contain_text(f"Ada Lovelace still has it. {asked}")
    expect(ada.topic).to_contain_text("IC Ada Lovelace")
    ada.picture("nobody")

    # It is not too late for who was silent.
    other.message("needs you in command").last.get_by_role("button", name="I have command").click()
    expect(other.answer("You have command of INC-1")).to_be_visible()
    expect(ada.topic).to_have_text("sev3 · investigating · IC Mona Keller")
    expect(ada.message("@Mona Keller has command of INC-1")).to_have_count(1)


def test_command_is_asked_for_kept_and_taken(window: OpenScreen, workspace: Workspace) -> None:
    ada, bob = window("ada"), window("bob", "incidents")
    ada.declares("Checkout is down sev2")
    bob.message("INC-1").get_by_role("button", name="Join").click()
    bob.go(_CHANNEL)
    bob.card.get_by_role("button", name="Take command…").click()
    bob.modal.get_by_label("Why?").fill("Ada is on a plane")
    bob.picture("take-command")
    bob.modal.get_by_role("button", name="Go on").click()
    expect(bob.modal).to_contain_text("@Ada Lovelace is asked for command of INC-1")
    bob.close_modal()

    asked = ada.dm().filter(has_text="Bob Kahn asks you for command of INC-1 Checkout is down: Ada is on a plane")
    asked.get_by_role("button", name="I keep it").click()
    expect(ada.answer("INC-1 stays yours.")).to_be_visible()
    expect(bob.dm().filter(has_text="Ada Lovelace keeps command of INC-1")).to_have_count(1)

    bob.go(_CHANNEL)
    bob.says("/incident command take Ada is on a plane, really")
    expect(bob.answer("@Ada Lovelace is asked for command")).to_contain_text("for 5 min, I'll tell you")
    workspace.clock.forward(minutes=5, seconds=1)
    free = bob.dm().filter(has_text="Ada Lovelace has not answered. You may take command of INC-1")
    free.get_by_role("button", name="Take command now").click()
    expect(bob.answer("You have command of INC-1")).to_be_visible()
    bob.go(_CHANNEL)
    expect(bob.message("Bob Kahn has taken command of INC-1: Ada is on a plane, really")).to_have_count(1)
    expect(bob.topic).to_have_text("sev2 · investigating · IC Bob Kahn")
    relieved = ada.message("You are relieved: Bob Kahn has taken command of INC-1 (Ada is on a plane, really)")
    expect(relieved).to_have_count(1)
