"""The pages: the first one, the history, one for each incident. They need no script, no server and no other file but
the style sheet, and lead to each other by relative links only."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.domain.impact import EVERYONE
from bot.domain.text import is_contact_link, shorten
from bot.status import wording
from bot.status.bars import day_bars, span_bar
from bot.status.safe import line, safe
from bot.status.snapshot import DAYS, WORST, Incident, Page, Service, Snapshot
from bot.status.uptime import histories, outage

HERE = Path(__file__).parent
ASSETS = ("status.css", "status.js", "icon.svg")
# The first page shows so many updates of an incident, and names what ended in so many days.
_NEWEST = 3
_RECENT = timedelta(days=14)
_TITLE = 120
# Of a template, in the order in which they stand in base.html.
_BLOCKS = ("title", "links", "main")


def first_page(snapshot: Snapshot) -> bytes:
    """How things are."""
    recent = [one for one in snapshot.incidents if one.ended_at and snapshot.written_at - one.ended_at <= _RECENT]
    return _page(
        "index",
        snapshot,
        groups=_groups(snapshot.services),
        histories=histories(snapshot),
        recent=recent,
        newest=_NEWEST,
        recent_days=_RECENT.days,
    )


def history_pages(snapshot: Snapshot) -> dict[str, bytes]:
    """The last 90 days, and a page for each earlier month with incidents."""
    begins = snapshot.written_at - timedelta(days=DAYS)
    recent = [one for one in snapshot.incidents if one.is_open or one.changed_at >= begins]
    older: dict[str, list[Incident]] = defaultdict(list)
    for one in snapshot.incidents:
        if not one.is_open and one.changed_at < begins:
            older[f"{one.began_at.astimezone(UTC):%Y-%m}"].append(one)
    months = [(f"history-{name}.html", _month(found[0].began_at)) for name, found in older.items()]
    services = [(one, found) for one, found in histories(snapshot).items() if found.bad]
    shared: dict[str, Any] = {"months": months, "days": DAYS}
    pages = {
        "history.html": _page("history", snapshot, incidents=_by_month(recent), services=services, heading="", **shared)
    }
    for (name, heading), found in zip(months, older.values(), strict=True):
        pages[name] = _page("history", snapshot, incidents=_by_month(found), services=[], heading=heading, **shared)
    return pages


def incident_page(snapshot: Snapshot, incident: Incident) -> bytes:
    """All about one. Of one that is over it depends on nothing but the page and the incident: it stays as it is."""
    now = incident.ended_at or snapshot.written_at
    rows = [
        (damage.service, span_bar(damage.spans, incident.began_at, now, _spoken(damage.service)), damage.spans)
        for damage in incident.damage
    ]
    middle = incident.began_at + (now - incident.began_at) / 2
    levels = [one for one in WORST if any(span.level is one for span in incident.spans)]
    drawn = {
        "levels": levels,
        "rows": rows,
        "start": incident.began_at,
        "middle": middle,
        "end": now,
        "outage": outage(incident, now),
    }
    if incident.is_open:
        return _page("incident", snapshot, root="../", incident=incident, **drawn)
    return _record(snapshot.page, now=now, incident=incident, **drawn)


def brand_css(page: Page) -> bytes:
    """The colour of the page, apart from the style sheet that all pages of all makers share."""
    return f":root{{--brand:{page.colour}}}\n".encode() if page.colour else b""


def asset(name: str) -> bytes:
    """A file that is the same on every page."""
    return (HERE / "static" / name).read_bytes()


def _spoken(service: Service) -> str:
    return f"When {line(service.name)} was affected; the table below says it in words"


def _groups(services: Sequence[Service]) -> Mapping[str, list[Service]]:
    """What has tiers is one group, by its component."""
    found: dict[str, list[Service]] = defaultdict(list)
    for service in services:
        found[service.component].append(service)
    return found


def _month(at: datetime) -> str:
    return f"{at.astimezone(UTC):%B %Y}"


def _by_month(incidents: Sequence[Incident]) -> Mapping[str, list[Incident]]:
    found: dict[str, list[Incident]] = defaultdict(list)
    for one in incidents:
        found[_month(one.began_at)].append(one)
    return found


def _page(template: str, snapshot: Snapshot, *, root: str = "", **values: Any) -> bytes:
    level, said = wording.overall(snapshot)
    values |= {"page": snapshot.page, "now": snapshot.written_at, "overall": level, "overall_words": said}
    return _environment().get_template(f"{template}.html").render(s=snapshot, root=root, **values).encode()


def _record(page: Page, **values: Any) -> bytes:
    """The page of an incident that is over. There may be thousands: what is the same on all is drawn once."""
    template = _environment().get_template("incident.html")
    context = template.new_context({"s": None, "page": page, "root": "../", **values})
    head, *frame = _frame(page)
    drawn = ("".join(template.blocks[name](context)) for name in _BLOCKS)
    return (head + "".join(block + after for block, after in zip(drawn, frame, strict=True))).encode()


@lru_cache(maxsize=1)
def _frame(page: Page) -> list[str]:
    """What is around the blocks of such a page."""
    # No text has the character between: see `finalize`.
    blocks = "".join(f"{{% block {name} %}}\0{{% endblock %}}" for name in _BLOCKS)
    template = _environment().from_string('{% extends "base.html" %}' + blocks)
    return template.render(s=None, page=page, root="../").split("\0")


@cache
def _environment() -> Environment:
    """The templates, compiled at first use."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        # Whatever text gets onto a page, from wherever, has no unseen characters.
        finalize=lambda value: safe(value) if type(value) is str else value,
    )
    made.filters.update(
        time=_time,
        iso=wording.iso,
        level=wording.level_words,
        state=wording.state_words,
        cause=wording.cause_words,
        # A length that is broken at the end of a line is hard to read.
        duration=lambda length: wording.duration(length).replace(" ", "\N{NO-BREAK SPACE}"),
        percent=wording.percent,
        day=wording.on_day,
        short=lambda text: shorten(line(text), _TITLE),
    )
    made.globals.update(day_bars=day_bars, EVERYONE=EVERYONE, is_contact_link=is_contact_link)
    parts: Any = made.get_template("parts.html").module
    # There are five levels, and thousands of places that show one.
    made.globals.update(parts=parts, chip=cache(parts.chip))
    return made


@lru_cache(maxsize=1_000)
def _time(at: datetime) -> Markup:
    """A moment in UTC, which the script turns into the reader's time."""
    shown = f'<time datetime="{wording.iso(at)}">{wording.when(at)}</time>'
    return Markup(shown)  # noqa: S704 - nobody typed any of it, and escaping it would take four times as long
