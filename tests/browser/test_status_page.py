"""The public page from disk, in a browser: calm, outage, late, unknown; on a phone and in the dark; with axe."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import ConsoleMessage, Dialog, Error, Page, expect

from bot.status import edit
from bot.status.files import Drawing
from bot.status.snapshot import Snapshot
from tests.browser.windows import Windows, look
from tests.status.pages import CALM, DOWN, LATE, NOW, OUTAGE, evil

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
CHECK = """axe.run(document, {resultTypes: ['violations'], preload: false})
    .then(found => found.violations.map(one => [one.id, one.nodes[0].html]))"""
SOON = NOW + timedelta(minutes=2)
Shown = Callable[..., Page]
# Wider than a phone when it is as high as it may be; square ones need no test.
LOGO = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 100">
<rect width="100%" height="100%" rx="50" fill="#1d6f5c"/><circle cx="50" cy="50" r="30" fill="#ffd166"/>
<circle cx="1550" cy="50" r="30" fill="#ffd166"/></svg>"""


@pytest.fixture
def shown(windows: Windows, tmp_path: Path) -> Iterator[Shown]:
    """`shown(DOWN, at=…)` opens a copy from disk at that moment, in Berlin. No page may err or ask."""
    pages: dict[bool, Page] = {}
    errors: list[str] = []
    folders: dict[int, Path] = {}

    def listen(said: ConsoleMessage | Error) -> None:
        errors.append(str(said))

    def ask(dialog: Dialog) -> None:
        errors.append(f"a script asked: {dialog.message}")
        dialog.dismiss()

    listeners: dict[Any, Callable[[Any], None]] = {"console": listen, "pageerror": listen, "dialog": ask}

    def show(
        snapshot: Snapshot,
        path: str = "index.html",
        *,
        at: datetime = SOON,
        width: int = 1100,
        dark: bool = False,
        script: bool = True,
    ) -> Page:
        folder = folders.setdefault(id(snapshot), tmp_path / f"copy {len(folders)}")
        if not folder.exists():
            edit.renew(folder, snapshot, Drawing(), {"logo.svg": LOGO})
        if script not in pages:
            pages[script] = windows.take(script=script, zone="Europe/Berlin")
            for event, listener in listeners.items():
                pages[script].on(event, listener)
        page = pages[script]
        look(page, width=width, dark=dark)
        if script:
            page.clock.install(time=at)
        page.goto((folder / "current" / path).as_uri())
        return page

    yield show
    for page in pages.values():
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
        windows.give_back(page)
    assert not errors


def picture(page: Page, name: str) -> None:
    """For people, where `WATCHBILL_PICTURES` names a folder."""
    if folder := os.environ.get("WATCHBILL_PICTURES"):
        page.screenshot(path=Path(folder) / f"status-{name}.png", full_page=True)


def check(page: Page, name: str, width: int = 1100) -> None:
    """Nothing that axe knows is wrong with it, nothing is wider than the screen; and a picture."""
    page.evaluate(AXE)
    assert page.evaluate(CHECK) == [], name
    check_fits(page, name, width)


def check_fits(page: Page, name: str, width: int) -> None:
    """Nothing is wider than the screen; and a picture."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture(page, name)


def test_how_the_page_is_seen(shown: Shown) -> None:
    page = shown(CALM)
    expect(page.locator("#known")).to_contain_text("All systems operational")
    expect(page.locator("#known time")).to_have_text("21 Nov 2026, 15:05 CET")
    expect(page.get_by_role("alert")).to_have_count(0)
    check(page, "calm")
    page = shown(DOWN)
    expect(page).to_have_title("Major outage · Harbour Cloud")
    expect(page.locator(".late")).to_be_hidden()
    check(page, "outage")
    page.get_by_role("link", name="Databases can't be reached", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Databases can't be reached")
    page.get_by_text("The same as a table").click()
    expect(page.get_by_role("row")).to_have_count(7)
    check(page, "incident")
    page.get_by_role("link", name="History").click()
    page.get_by_text("Deploys: 99.73 % up").click()
    check(page, "history")


def test_late_and_unknown_on_a_phone(shown: Shown) -> None:
    page = shown(LATE, width=390, dark=True)
    expect(page.locator(".late")).to_have_text("late by 14 min")
    check(page, "late-phone-dark", 390)
    page = shown(LATE, at=NOW + timedelta(minutes=14), width=390, dark=True)
    expect(page.locator(".late")).to_have_text("late by 26 min")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.clock.run_for(2 * 60_000)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Not refreshed since 21 Nov 2026, 15:05 CET, status unknown.")
    expect(page.locator("#known")).to_be_hidden()
    expect(page).to_have_title("Status unknown · Harbour Cloud")
    check(page, "unknown-phone-dark", 390)
    page.evaluate("window.opened = 'before'")
    page.clock.run_for(3 * 60_000)
    page.wait_for_function("window.opened === undefined")  # It loads itself again every five minutes.
    page.wait_for_load_state()
    page = shown(CALM, f"incidents/{CALM.incidents[0].id}.html", at=NOW + timedelta(days=9), width=390)
    expect(page.get_by_role("alert")).to_have_count(0)
    check(page, "over-phone", 390)


def test_by_day_and_night_on_any_screen(shown: Shown) -> None:
    page = shown(DOWN, dark=True)
    expect(page.locator("#known")).to_contain_text("Major outage")
    check(page, "outage-dark")
    page = shown(DOWN, at=NOW + timedelta(hours=2))
    expect(page.get_by_role("alert")).to_contain_text("Status unknown")
    expect(page.get_by_text("As last known")).to_be_visible()
    check(page, "unknown")
    page = shown(DOWN, f"incidents/{OUTAGE.id}.html", width=390, dark=True)
    page.get_by_text("The same as a table").click()
    check(page, "incident-phone-dark", 390)
    page = shown(CALM, "history.html", width=390)
    page.get_by_text("Deploys: 99.96 % up").click()
    check(page, "history-phone", 390)


@pytest.mark.parametrize(("width", "dark"), [(1100, False), (390, True)])
def test_a_logo_of_any_shape_fits_beside_the_name(shown: Shown, width: int, dark: bool) -> None:
    page = shown(replace(DOWN, page=replace(DOWN.page, logo="logo.svg")), width=width, dark=dark)
    expect(page.locator(".brand img")).to_have_css("object-fit", "contain")
    check(page, f"logo-{width}", width)


def test_without_a_script_it_says_how_long_it_is_good_for(shown: Shown) -> None:
    page = shown(LATE, script=False)
    expect(page.locator("footer")).to_contain_text("Written 21 Nov 2026, 14:05 UTC, good until 21 Nov 2026, 14:20 UTC.")
    expect(page.locator(".late")).to_have_text("late by 12 min")
    page = shown(DOWN, f"incidents/{OUTAGE.id}.html", script=False)
    expect(page.locator(".late")).to_be_hidden()
    picture(page, "incident-without-script")


def test_what_people_typed_does_nothing_and_fits_on_a_phone(shown: Shown) -> None:
    bad = evil()
    page = shown(bad, width=390)
    expect(page.locator("a[href^='javascript'], img, iframe, style")).to_have_count(0)
    check_fits(page, "evil-phone", 390)
    page.goto(page.url.replace("index.html", f"incidents/{OUTAGE.id}.html"))
    check_fits(page, "evil-incident-phone", 390)
