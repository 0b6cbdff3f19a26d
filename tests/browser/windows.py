"""Windows of one browser, which tests use one after another: a page in one that is open costs a third of a new one."""

from collections import defaultdict

from playwright.sync_api import Browser, Page, ViewportSize

Kind = tuple[bool, str | None]
"""What can't be changed in an open window: whether scripts run, and its time zone."""


class Windows:
    """Each has one page and is lent to one test at a time. They share nothing, as on different machines."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[Kind, list[Page]] = defaultdict(list)
        self._lent: dict[Page, Kind] = {}

    def take(self, *, script: bool = True, zone: str | None = None) -> Page:
        """An empty page, without memory or listeners. It goes back with `give_back` or `close`."""
        kind = (script, zone)
        if self._free[kind]:
            page = self._free[kind].pop()
        else:
            page = self._browser.new_context(java_script_enabled=script, timezone_id=zone).new_page()
        self._lent[page] = kind
        return page

    def give_back(self, page: Page) -> None:
        """For the next one. Whoever listened to it has stopped before."""
        kind = self._lent.pop(page)
        if kind[0]:
            page.evaluate("localStorage.clear(), sessionStorage.clear()")
        page.context.clear_cookies()
        # Away from what is about to end.
        page.goto("about:blank")
        self._free[kind].append(page)

    def close(self, page: Page) -> None:
        """Nobody can know what is left in it."""
        del self._lent[page]
        page.context.close()


def look(page: Page, *, width: int, height: int = 800, dark: bool = False) -> None:
    """Make it as large as some screen, by day or by night."""
    page.set_viewport_size(ViewportSize(width=width, height=height))
    page.emulate_media(color_scheme="dark" if dark else "light")
