"""The bars of the page: small SVGs without text or style, so that they stretch to any width and any colour scheme.

What they show is said in words beside them. Colours come from the style sheet, by class. They are made here as text,
escaped where it came from people: two thousand of them must not take long.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape

from bot.domain.impact import Level
from bot.status.snapshot import Span
from bot.status.uptime import Day, History
from bot.status.wording import duration, level_words, on_day

_STEP, _BAR, _HIGH = 10, 7, 32
_WIDTH, _ROW = 1000, 20
# The worse, the higher, for those who don't tell colours apart: as a share of the height.
_HEIGHT = {Level.MAJOR_OUTAGE: 1.0, Level.PARTIAL_OUTAGE: 0.85, Level.DEGRADED_PERFORMANCE: 0.7}
_MAINTENANCE, _CALM = 0.6, 0.55
_TICKS = tuple(timedelta(hours=hours) for hours in (1, 3, 6, 12, 24, 48, 168, 336, 672))


def day_bars(history: History) -> str:
    """A bar for each day, from the bottom up."""
    low = round(_HIGH * _CALM)
    calm = {True: "", False: ""}
    bad = ""
    for number, day in enumerate(history.days):
        x = number * _STEP
        if day.level is Level.OPERATIONAL:
            calm[day.known] += f"M{x} {_HIGH - low}h{_BAR}v{low}h-{_BAR}z"
        else:
            high = round(_HIGH * _HEIGHT.get(day.level, _MAINTENANCE))
            bad += _block(day.level, f"M{x} {_HIGH - high}h{_BAR}v{high}h-{_BAR}z", day_words(day))
    paths = "".join(
        f'<path class="{name}" d="{path}"/>'
        for name, path in (("operational", calm[True]), ("unwatched", calm[False]))
        if path
    )
    box = f"0 0 {len(history.days) * _STEP - _STEP + _BAR} {_HIGH}"
    return _svg(box, history_words(history), paths + bad)


def history_words(history: History) -> str:
    """The same for those who can't see it."""
    bad = history.bad
    if not bad:
        return "No downtime"
    most = ", ".join(day_words(day) for day in bad[:10])
    return f"{len(bad)} day{'s' if len(bad) > 1 else ''} with trouble: {most}" + (", …" if len(bad) > 10 else "")


def day_words(day: Day) -> str:
    """`Sat 21 Nov 2026: major outage, 2 h 5 min down`."""
    down = f", {duration(day.down)} down" if day.down else ""
    return f"{on_day(day.day)}: {day.level.words}{down}"


def span_bar(spans: Sequence[Span], start: datetime, end: datetime, label: str) -> str:
    """One service over the time of an incident."""
    scale = _WIDTH / max((end - start).total_seconds(), 60)

    def x(at: datetime) -> float:
        return round((min(max(at, start), end) - start).total_seconds() * scale, 1)

    parts = f'<path class="operational" d="M0 8h{_WIDTH}v4H0z"/>'
    for span in spans:
        if span.level is Level.OPERATIONAL:
            continue
        left, high = x(span.start), round(_ROW * _HEIGHT.get(span.level, _MAINTENANCE))
        wide = max(round(x(span.end or end) - left, 1), 3)
        path = f"M{left} {(_ROW - high) / 2:g}h{wide}v{high}h-{wide}z"
        parts += _block(span.level, path, level_words(span.level))
    ticks = "".join(f"M{x(at)} 0v{_ROW}" for at in _ticks(start, end))
    parts += f'<path class="tick" vector-effect="non-scaling-stroke" d="{ticks}"/>' if ticks else ""
    return _svg(f"0 0 {_WIDTH} {_ROW}", label, parts)


def _block(level: Level, path: str, title: str) -> str:
    return f'<path class="{level}" d="{path}"><title>{escape(title)}</title></path>'


def _ticks(start: datetime, end: datetime) -> list[datetime]:
    """Round times between the two, at most a dozen."""
    step = next((step for step in _TICKS if end - start <= step * 12), _TICKS[-1] * 6)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + step * ((start - midnight) // step + 1)
    count = min(13, -((first - end) // step))
    return [first + step * number for number in range(count)]


def _svg(box: str, label: str, content: str) -> str:
    shape = f'width="100%" height="32" viewBox="{box}" preserveAspectRatio="none"'
    return f'<svg {shape} role="img" aria-label="{escape(label)}">{content}</svg>'
