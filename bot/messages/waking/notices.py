"""Notices: what goes out by people's own channels, as plain text, short enough for a phone's lock screen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.incident import Incident, PersonId
from bot.domain.page import WHY, Page
from bot.domain.text import clean_line, shorten
from bot.domain.walltime import wall_text

_LONGEST_TITLE = 100
_LONGEST_WHY = 200
_MOST_PAGES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a notice is made from when it is sent: the person's open pages as they are then, each with its link."""

    zone: ZoneInfo
    now: datetime
    pages: Sequence[tuple[Page, Incident, str]] = ()
    names: Mapping[PersonId, str] = field(default_factory=dict)
    # While Slack is away: since when, what else waits for them there, and how to get in without it.
    away_since: datetime | None = None
    waiting: Sequence[tuple[Incident, str]] = ()
    sign_in: str = ""


Text = tuple[str, str]


def _test(notice: Notice) -> Text:
    return "Watchbill can reach you", "This is a test. I'll wake you this way when you are paged. Nothing to do now."


def _pages(notice: Notice) -> Text:
    first, incident, _ = notice.pages[0]
    title = _named(incident)
    if len(notice.pages) > 1:
        title = f"{len(notice.pages)} pages: " + ", ".join(one.name for _, one, _ in notice.pages[:_MOST_PAGES])
    lines = []
    for page, about, link in notice.pages[:_MOST_PAGES]:
        lines += [f"{_named(about)}: {_why(page, about, notice)}", f"I'm on it: {link}", ""]
    if more := len(notice.pages[_MOST_PAGES:]):
        lines += [f"and {more} more.", ""]
    lines += [f"Slack is away. Accept, acknowledge and note here: {notice.sign_in}"] if notice.sign_in else []
    if first.times > 1:
        lines.append(f"You were first paged at {wall_text(first.paged_at, notice.zone)}.")
    return title, "\n".join(lines).strip()


def _away(notice: Notice) -> Text:
    lines = [f"{_named(incident)}: {what}" for incident, what in notice.waiting[:_MOST_PAGES]]
    if more := len(notice.waiting[_MOST_PAGES:]):
        lines.append(f"and {more} more.")
    since = wall_text(notice.away_since, notice.zone) if notice.away_since else "a while"
    lines += ["", f"I can't reach Slack since {since}. Answer here: {notice.sign_in}"]
    return shorten(lines[0], _LONGEST_TITLE), "\n".join(lines)


def _named(incident: Incident) -> str:
    """Short, and of a private one nothing but its number: it shows on locked screens."""
    drill = "DRILL " if incident.is_drill else ""
    title = "a private incident" if incident.private else clean_line(incident.title)
    return shorten(f"{drill}{incident.name} {incident.severity} {title}", _LONGEST_TITLE)


def _why(page: Page, incident: Incident, notice: Notice) -> str:
    if page.what == "asked":
        said = "" if incident.private else clean_line(str(page.about.get("why") or ""))
        who = notice.names.get(page.paged_by or "", "Somebody")
        return shorten(f"{who} pages you" + (f": {said}" if said else "."), _LONGEST_WHY)
    return WHY.get(page.what, "you are needed.")


NOTICES: Mapping[str, Callable[[Notice], Text]] = {"test": _test, "pages": _pages, "away": _away}
