"""The whole set of files of a page, from one snapshot."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from time import sleep
from typing import NamedTuple

from bot.status import feed, html, statuspage_json
from bot.status.badge import badge_svg
from bot.status.names import DATA
from bot.status.snapshot import Incident, Page, Snapshot, to_json


class _Drawn(NamedTuple):
    """An incident, and its page and feed."""

    incident: Incident
    files: tuple[bytes, bytes]


class Drawing:
    """Draws snapshots, one after the other. What belongs to an incident that is over is drawn once and kept."""

    def __init__(self) -> None:
        # What stood in the folder after the last writing: see `writer.Folder.stamp`.
        self.written: tuple[object, ...] | None = None
        self._page: Page | None = None
        # By the id of the incident, which must be as it was: to compare two is cheaper by far than to hash one.
        self._kept: dict[str, _Drawn] = {}

    @property
    def is_new(self) -> bool:
        """Whether it has drawn nothing yet that it could keep."""
        return not self._kept

    def recall(self, snapshot: Snapshot, files: Mapping[str, bytes]) -> None:
        """Take over what was drawn of a snapshot in an earlier life, by the same `drawn_by`."""
        self._page = snapshot.page
        for one in snapshot.incidents:
            names = _names(one)
            if not one.is_open and all(name in files for name in names):
                self._kept[one.id] = _Drawn(one, (files[names[0]], files[names[1]]))

    def files(self, snapshot: Snapshot, extras: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
        """Every file by its path, of `extras` (a logo) those that the page names too."""
        page = snapshot.page
        found = {name: html.asset(name) for name in html.ASSETS}
        found["brand.css"] = html.brand_css(page)
        found |= {name: content for name, content in (extras or {}).items() if name == page.logo}
        found |= self._incidents(snapshot)
        found |= html.history_pages(snapshot)
        found["index.html"] = html.first_page(snapshot)
        found |= statuspage_json.api_files(snapshot)
        found["feed.atom"] = feed.page_feed(snapshot)
        found["badge.svg"] = badge_svg(snapshot)
        found[DATA] = to_json(snapshot)
        return found

    def _incidents(self, snapshot: Snapshot) -> dict[str, bytes]:
        before = self._kept if snapshot.page == self._page else {}
        kept: dict[str, _Drawn] = {}
        found: dict[str, bytes] = {}
        for one in snapshot.incidents:
            drawn = before.get(one.id)
            if drawn is None or drawn.incident != one:
                drawn = _Drawn(one, (html.incident_page(snapshot, one), feed.incident_feed(snapshot, one)))
                # Others have waited for Python's lock: who commands an incident must not wait for its page.
                sleep(0)
            if not one.is_open:
                kept[one.id] = drawn
            found |= zip(_names(one), drawn.files, strict=True)
        self._page, self._kept = snapshot.page, kept
        return found


def _names(incident: Incident) -> tuple[str, str]:
    return f"incidents/{incident.id}.html", f"incidents/{incident.id}.atom"


@cache
def drawn_by() -> str:
    """A digest of all that decides how a snapshot is drawn: another one after an upgrade."""
    found = sha256()
    for file in sorted(Path(__file__).parent.rglob("*")):
        if file.suffix in {".py", ".html", ".css", ".js", ".svg"}:
            found.update(file.read_bytes())
    return found.hexdigest()
