"""The bot's own pages in a browser: on a phone and in the dark, by keyboard, without a word of JavaScript."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from bot.vault import Vault, new_key
from tests.browser.windows import Windows, look
from tests.harness import Person, Workspace

pytestmark = [pytest.mark.browser, pytest.mark.scenario]
KEY = new_key()
ENV = {"WATCHBILL_SECRET_KEY": KEY}
# What a finger hits.
FINGER = 44
Open = Callable[..., Page]


@pytest.fixture
def opened(windows: Windows) -> Iterator[Open]:
    """`opened(address, dark=True)` opens a page as on a new phone, without JavaScript; no page may have an error."""
    page = windows.take(script=False)
    errors: list[str] = []

    def listen(said: ConsoleMessage) -> None:
        # That something was refused is no error of the page.
        if said.type == "error" and "409" not in said.text:
            errors.append(said.text)

    def open_page(address: str, width: int = 390, dark: bool = False) -> Page:
        page.context.clear_cookies()
        look(page, width=width, height=780, dark=dark)
        page.goto(address)
        return page

    page.on("console", listen)
    yield open_page
    page.remove_listener("console", listen)
    windows.give_back(page)
    assert not errors


def link(person: Person, where: str = "#general") -> str:
    found = re.search(r"http://[^\s|>]*/in/[^\s|>]*", person.types("/incident web", where).raw)
    assert found
    return found[0]


def picture(page: Page, name: str) -> None:
    """For people, where `WATCHBILL_PICTURES` names a folder."""
    if folder := os.environ.get("WATCHBILL_PICTURES"):
        page.screenshot(path=Path(folder) / f"web-{name}.png", full_page=True)


def check_fits(page: Page, width: int = 390) -> None:
    """Nothing is wider than the phone, and each button is as large as a finger."""
    size = page.locator("html").bounding_box()
    assert size
    assert size["width"] <= width
    for button in page.get_by_role("button").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= FINGER, button.inner_text()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_signing_in_accepting_and_writing_on_a_phone(workspace: Workspace, opened: Open) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down in all of Europe and a good part of Asia since the last deploy sev2")
    ada.types("/incident rota start @ada @bob @eve 2h", channel)
    ada.types("/incident call https://meet.example.test/war-room", channel)
    ada.types("/incident decision Roll back to 4.1, then look at the pool size", channel)
    workspace.clock.forward(minutes=121)
    page = opened(link(bob, channel.name), dark=True)
    picture(page, "link-dark")
    check_fits(page)
    page.get_by_role("button", name="Sign in as Bob Kahn").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("INC-1 Checkout is down")
    expect(page.get_by_role("link", name="Join the call")).to_have_attribute(
        "href", "https://meet.example.test/war-room"
    )
    check_fits(page)
    picture(page, "incident-dark")
    page.get_by_role("button", name="I have command (INC-1)").click()
    expect(page.get_by_role("status")).to_contain_text("You have command of INC-1.")
    expect(page.locator("dl")).to_contain_text("Bob Kahn (you)")
    page.get_by_label("What happened, or what was decided").fill("The <replica> lags by four minutes")
    page.get_by_label("Decision").check()
    page.keyboard.press("Tab")
    picture(page, "writing-dark")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Kept as number")
    expect(page.locator(".timeline")).to_contain_text("The <replica> lags by four minutes")
    check_fits(page)
    page.get_by_role("link", name="Watchbill").click()
    expect(page.get_by_role("heading", name="What waits for you")).to_be_visible()
    picture(page, "home-dark")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("There is no password here.")).to_be_visible()
    picture(page, "signed-out-dark")
    workspace.settle()
    assert "IC Bob Kahn" in channel.topic


def test_home_and_incident_on_a_desk(workspace: Workspace, opened: Open) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down sev3")
    ada.types("/incident declare Search answers slowly sev1 private drill", "#general")
    bob.joins(channel)
    ada.types("/incident handoff @bob", channel)
    page = opened(link(bob), width=1100)
    page.get_by_role("button", name="Sign in as").click()
    expect(page.get_by_role("button", name="I have command (INC-1)")).to_be_visible()
    assert "Search" not in page.content()
    picture(page, "home")
    page = opened(link(ada), width=1100)
    page.get_by_role("button", name="Sign in as").click()
    picture(page, "home-of-ada")
    page.get_by_role("link", name="INC-2").click()
    expect(page.get_by_text("This is a drill: nothing is really broken.")).to_be_visible()
    picture(page, "drill")
    page.get_by_label("What happened, or what was decided").fill(" ")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("alert")).to_contain_text("A note needs words.")
    picture(page, "refused")


@pytest.mark.parametrize("dark", [False, True])
def test_the_link_of_a_page_on_a_phone(workspace: Workspace, opened: Open, dark: bool) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down sev1")
    ada.types("/incident page @bob the replica is gone and nobody else knows it", channel)
    workspace.clock.forward(minutes=7)
    number = workspace.bot.one("SELECT id FROM pages WHERE person = ?", workspace.person("bob").id)
    page = opened(f"{workspace.bot.url}/p/{number}/{Vault(KEY).sign(f'page:{number}')}", dark=dark)
    expect(page.locator("main")).to_contain_text("Bob Kahn, Ada Lovelace pages you")
    check_fits(page)
    picture(page, f"paged-{dark}")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="I'm on it")).to_be_focused()
    picture(page, "paged-focused")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Thank you, Bob Kahn")
    picture(page, "paged-answered")
