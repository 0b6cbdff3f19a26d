"""A workspace, a browser, and windows of it. Every window must end without an error on its page."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.browser import chromium
from tests.browser.screen import Screen
from tests.harness import Workspace
from tests.outcome import has_failed

OpenScreen = Callable[..., Screen]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each module: while Playwright runs, no other test of this process could have an event loop."""
    path = chromium.find()
    if path is None:
        missing = "NO BROWSER: there is no Chromium on the PATH, see scripts/ensure_browser.sh"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        started = chromium.launch(playwright, path)
        yield started
        started.close()


@pytest.fixture
def workspace(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """A fresh workspace with the bot in it. What is said in it is looked at in the browser.

    A module's SETTINGS, as TOML, and its ENV are the bot's.
    """
    settings, env = (getattr(request.module, name, None) for name in ("SETTINGS", "ENV"))
    with Workspace(tmp_path / "workspace", settings, env=env) as started:
        started.forgive("messages")
        yield started
        started.failed = has_failed(request.node)


@pytest.fixture
def window(
    browser: Browser, workspace: Workspace, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[OpenScreen]:
    """`window("ada", "incidents")` opens a window of its own, as on another machine."""
    screens: list[Screen] = []

    def open_screen(handle: str, place: str = "general", width: int = 1280, dark: bool = False) -> Screen:
        context = browser.new_context(
            viewport=ViewportSize(width=width, height=800), color_scheme="dark" if dark else "light"
        )
        screen = Screen(context.new_page(), workspace.server.url)
        screens.append(screen)
        screen.open(handle, place)
        return screen

    yield open_screen
    failed = has_failed(request.node)
    for number, screen in enumerate(screens, 1):
        if failed or screen.errors:
            screen.keep(tmp_path, f"window-{number}")
            print(f"kept {tmp_path}/window-{number}.png and .html")
        screen.page.context.close()
    assert not [error for screen in screens for error in screen.errors]
