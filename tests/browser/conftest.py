"""A workspace, a browser, and windows of it. Every window must end without an error on its page."""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import chromium
from tests.browser.screen import Screen
from tests.browser.windows import Windows, look
from tests.harness import Workspace
from tests.outcome import has_failed

OpenScreen = Callable[..., Screen]


@pytest.fixture(scope="session")
def started() -> Iterator[tuple[Windows, asyncio.AbstractEventLoop]]:
    """One browser for all tests, and the event loop in which Playwright runs: it is only ours while we use it."""
    path = chromium.find()
    if path is None:
        missing = "NO BROWSER: there is no Chromium on the PATH, see scripts/ensure_browser.sh"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright, path)
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        yield Windows(browser), loop
        asyncio._set_running_loop(loop)
        browser.close()


@pytest.fixture
def windows(started: tuple[Windows, asyncio.AbstractEventLoop]) -> Iterator[Windows]:
    """The windows of the browser. Before and after, tests of this process may have an event loop of their own."""
    windows, loop = started
    asyncio._set_running_loop(loop)
    yield windows
    asyncio._set_running_loop(None)


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
def url(workspace: Workspace) -> str:
    """Of the sandbox whose client the windows show."""
    return workspace.server.url


@pytest.fixture
def window(windows: Windows, url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[OpenScreen]:
    """`window("ada", "incidents")` opens a window of its own, as on another machine."""
    screens: list[Screen] = []

    def open_screen(handle: str, place: str = "general", width: int = 1280, dark: bool = False) -> Screen:
        page = windows.take()
        look(page, width=width, dark=dark)
        screen = Screen(page, url)
        screens.append(screen)
        screen.open(handle, place)
        return screen

    yield open_screen
    failed = has_failed(request.node)
    for number, screen in enumerate(screens, 1):
        if failed or screen.errors:
            screen.keep(tmp_path, f"window-{number}")
            print(f"kept {tmp_path}/window-{number}.png and .html")
        screen.leave()
        (windows.close if failed or screen.errors else windows.give_back)(screen.page)
    assert not [error for screen in screens for error in screen.errors]
