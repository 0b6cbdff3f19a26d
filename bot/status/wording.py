"""How the page says things: short, calm, and the same in pages, feed and badge."""

from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache

from bot.domain import update as domain
from bot.domain.impact import Level
from bot.domain.incident import State
from bot.domain.text import format_duration
from bot.status.snapshot import Snapshot, Update, worst

_OVERALL = {
    Level.OPERATIONAL: "All systems operational",
    Level.UNDER_MAINTENANCE: "Under maintenance",
    Level.DEGRADED_PERFORMANCE: "Some systems are slow or unreliable",
    Level.PARTIAL_OUTAGE: "Partial outage",
    Level.MAJOR_OUTAGE: "Major outage",
}
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
# A long history has tens of thousands of times, and names each several times in a row.
_TIMES = 1_000


def overall(snapshot: Snapshot) -> tuple[Level, str]:
    """How things are, and how that is said. While an incident is open it is never called operational."""
    level = worst(snapshot.levels.values())
    if level is Level.OPERATIONAL and snapshot.open:
        return Level.DEGRADED_PERFORMANCE, "We are working on an incident"
    return level, _OVERALL[level]


@cache
def level_words(level: Level) -> str:
    """`Major outage`."""
    return level.words.capitalize()


def state_words(state: State) -> str:
    """`Investigating`."""
    return str(state).capitalize()


@lru_cache(maxsize=_TIMES)
def when(at: datetime) -> str:
    """`21 Nov 2026, 14:05 UTC`, in English whatever the machine speaks."""
    utc = at.astimezone(UTC)
    return f"{utc.day} {_MONTHS[utc.month - 1]} {utc.year}, {utc.hour:02}:{utc.minute:02} UTC"


@lru_cache(maxsize=_TIMES)
def iso(at: datetime) -> str:
    """`2026-11-21T14:05:00Z`, for programs."""
    return at.astimezone(UTC).isoformat()[:19] + "Z"


def on_day(day: date) -> str:
    """`Sat 21 Nov 2026`."""
    return f"{day:%a %-d %b %Y}"


def duration(length: timedelta) -> str:
    """`76 h`: hours are counted through, as outages are compared by them."""
    return format_duration(length, days=False)


def cause_words(update: Update) -> str:
    """What is known of the cause; empty when it is unknown and the incident is over."""
    return domain.cause_words(update, is_over=update.state is State.RESOLVED)


def percent(share: float | None) -> str:
    """`99.98 %`, rounded down: 100 only when there was no downtime at all."""
    if share is None:
        return "no data"
    cut = int(share * 100) / 100
    return f"{cut:g} %" if cut == int(cut) else f"{cut:.2f} %"


def update_lines(update: Update) -> list[str]:
    """An update in plain text, a paragraph each: for feeds and other programs."""
    lines = [f"Corrected on {when(update.corrected_at)}."] if update.corrected_at else []
    lines += ["Correction:"] if update.corrects else []
    return lines + domain.customer_paragraphs(update, when, is_over=update.state is State.RESOLVED)
