"""The browser that is on this machine, and how it is started."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = "--disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
_PLAIN = "--disable-lcd-text"  # Pictures are a third smaller without coloured edges of letters.
_STILL = "--force-prefers-reduced-motion"  # Nothing is drawn sixty times a second while a button is busy.


def find() -> str | None:
    """Its path; None where there is none."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def launch(playwright: Playwright, path: str) -> Browser:
    """Start it without a window."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses its own sandbox to root.
    return playwright.chromium.launch(executable_path=path, args=[*sandbox, *_QUIET.split(), _PLAIN, _STILL])
