"""The whole set of files of a page, from one snapshot."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from bot.status import feed, html, statuspage_json
from bot.status.badge import badge_svg
from bot.status.names import DATA
from bot.status.snapshot import Incident, Page, Snapshot, to_json


class Drawing:
    """Draws snapshots, one after the other. What belongs to an incident that is over is drawn once and kept."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Page, Incident], tuple[bytes, bytes]] = {}

    @property
    def is_new(self) -> bool:
        """Whether it has drawn nothing yet that it could keep."""
        return not self._kept

    def recall(self, snapshot: Snapshot, files: Mapping[str, bytes]) -> None:
        """Take over what was drawn of a snapshot in an earlier life, by the same `drawn_by`."""
        for one in snapshot.incidents:
            names = _names(one)
            if not one.is_open and all(name in files for name in names):
                self._kept[snapshot.page, one] = (files[names[0]], files[names[1]])

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
        kept: dict[tuple[Page, Incident], tuple[bytes, bytes]] = {}
        found: dict[str, bytes] = {}
        for one in snapshot.incidents:
            key = (snapshot.page, one)
            drawn = self._kept.get(key) or (html.incident_page(snapshot, one), feed.incident_feed(snapshot, one))
            if not one.is_open:
                kept[key] = drawn
            found |= zip(_names(one), drawn, strict=True)
        self._kept = kept
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
