"""Without a mouse, in the dark, on a phone, with wrong words and with hostile ones."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenScreen
from tests.browser.screen import Screen
from tests.harness import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.scenario]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One for all of these: each begins in a window of its own and cares for no number."""
    with Workspace(tmp_path_factory.mktemp("workspace")) as started:
        started.forgive("messages")
        yield started


def _tabs_to(wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until this has the focus."""
    for _ in range(40):
        wanted.page.keyboard.press(key)
        if wanted.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {wanted}")


def test_the_keyboard_is_enough(window: OpenScreen) -> None:
    ada = window("ada")
    keyboard = ada.page.keyboard
    keyboard.press("Tab")
    keyboard.press("Enter")  # the link that leads past the sidebar
    expect(ada.composer).to_be_focused()
    keyboard.type("/incident declare\n")
    expect(ada.modal.get_by_label("What is broken?")).to_be_focused()
    keyboard.press("Escape")
    expect(ada.modal).to_have_count(0)
    expect(ada.composer).to_be_focused()
    keyboard.type("/incident declare Checkout is down sev1\n")
    link = ada.answer("Checkout is down is sev1: go to #").get_by_role("link")
    expect(link).to_be_visible()
    _tabs_to(link, "Shift+Tab")
    keyboard.press("Enter")
    expect(ada.card).to_contain_text("Checkout is down")
    _tabs_to(ada.card.get_by_role("button", name="Add note…"), "Shift+Tab")
    keyboard.press("Enter")
    expect(ada.page.get_by_role("dialog", name="Note on INC-")).to_be_visible()
    _tabs_to(ada.modal.get_by_label("Text"))
    keyboard.type("The deploy of 14:05 is to blame")
    keyboard.press("Control+Enter")
    expect(ada.modal).to_have_count(0)
    expect(ada.card.get_by_role("button", name="Add note…")).to_be_focused()


def test_the_dark_scheme_follows_the_system(window: OpenScreen) -> None:
    ada = window("ada", dark=True)
    ada.declares("Checkout is down")
    assert _lightness(ada, "body") < 60
    ada.page.get_by_role("button", name="Light theme").click()
    assert _lightness(ada, "body") > 200


def _lightness(screen: Screen, selector: str) -> float:
    colour = screen.page.locator(selector).evaluate("node => getComputedStyle(node).backgroundColor")
    return sum(float(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")) / 3


def test_a_phone_shows_everything(window: OpenScreen) -> None:
    ada = window("ada", width=390)
    expect(ada.row("incidents")).not_to_be_visible()
    ada.page.get_by_role("button", name="Channels").click()
    ada.row("random").click()
    expect(ada.composer).to_have_attribute("aria-label", "Message #random")
    expect(ada.row("incidents")).not_to_be_visible()
    ada.declares("Everything-is-down-" + "x" * 60 + " in all regions")
    for label in ("Edit…", "Add note…", "Timeline", "Resolve"):
        button = ada.card.get_by_role("button", name=label)
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    _fits(ada)
    ada.card.get_by_role("button", name="Edit…").click()
    expect(ada.modal.get_by_label("Title")).to_be_focused()
    _fits(ada)
    ada.close_modal()


def _fits(screen: Screen) -> None:
    """Nothing on the page can be scrolled sideways, except what is meant to."""
    wide = screen.page.locator("body").evaluate(
        """body => [...body.querySelectorAll("*")].filter(node => node.scrollWidth > node.clientWidth + 1
            && ["auto", "scroll"].includes(getComputedStyle(node).overflowX) && !node.matches(".bars, textarea, input"))
            .map(node => node.className)"""
    )
    assert wide == []
    assert screen.page.locator("html").evaluate("html => html.scrollWidth") <= 390


def test_a_wrong_word_gets_a_hint(window: OpenScreen) -> None:
    ada = window("ada")
    ada.says("/incident delcare checkout is down")
    expect(ada.answer("I don't know delcare")).to_contain_text("Did you mean declare?")
    ada.says("/incident qqqqqqqq")
    expect(ada.answer("I don't know qqqqqqqq")).to_contain_text("All commands: /incident help")


_HOSTILE = {
    "<script>alert(1)</script> is broken": "<script>alert(1)</script> is broken",
    '"><img src=x onerror=alert(1)> is broken': "<img src=x onerror=alert(1)>",
    "<!channel> and @here are down": "<!channel> and @here are down",
    "[x](javascript:alert(1)) *bold* <http://a.b|c>": "[x](javascript:alert(1))",
}


def test_hostile_titles_are_only_words(window: OpenScreen) -> None:
    ada = window("ada")
    for title, shown in _HOSTILE.items():
        ada.declares(title)
        expect(ada.card.get_by_role("heading")).to_contain_text(shown)
        _is_harmless(ada)
        ada.go("general")
    ada.go("incidents")
    for shown in _HOSTILE.values():
        expect(ada.message(shown)).to_have_count(1)
    _is_harmless(ada)
    for shown in _HOSTILE.values():
        expect(ada.home()).to_contain_text(shown)
    _is_harmless(ada)


def _is_harmless(screen: Screen) -> None:
    """No element but ours; scripts that ran, dialogs and requests fail the test by themselves."""
    for forbidden in ("script", "img", "iframe", "a[href^='javascript']", ".mention-me:not([data-user])"):
        expect(screen.page.locator("main").locator(forbidden)).to_have_count(0)


def test_an_endless_title_is_cut(window: OpenScreen) -> None:
    ada = window("ada", width=390)
    ada.declares("x" * 10_000)
    expect(ada.card.get_by_role("heading")).to_contain_text("xxxx")
    expect(ada.card.get_by_role("heading")).to_contain_text("…")
    _fits(ada)
