"""Charts as SVG: pure functions of values. Pages show the SVG itself, Slack a PNG of it (`bot.raster`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import floor, log10
from xml.etree.ElementTree import Element, SubElement, tostring

from bot.domain.progress import Estimate, Measure, Reading, estimate, worst_first
from bot.domain.text import shorten

WIDTH = 960
_HEAD, _PANEL, _FOOT = 62, 330, 16
# More in one picture is not readable on a phone.
MOST_PANELS = 4
_LEFT, _RIGHT, _TOP, _HIGH = 92, 40, 78, 196
_INK, _SOFT, _GRID, _PAPER = "#1b2430", "#5b6675", "#e3e7ec", "#ffffff"
_LINE, _FILL, _TARGET, _WEDGE, _END = "#1d63c8", "#d8e6fa", "#8a94a3", "#f4b95f", "#b36b00"
_FONT = "Inter, system-ui, sans-serif"
# The time of an estimate is shown as far as this many times what the readings span.
_AHEAD = 3.0
_SECOND = timedelta(seconds=1)
_STEPS = tuple(
    timedelta(minutes=minutes)
    for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 20160, 40320)
)
_MOST_TICKS = 9


def progress_svg(heading: str, measures: Sequence[Measure], now: datetime) -> str:
    """A panel for each measure, at most four, what is furthest from done first: its readings, its total, its estimate.

    All times are UTC. It has a title and a description for those who can't see it.
    """
    shown = worst_first(measures)[:MOST_PANELS]
    height = _HEAD + _PANEL * len(shown) + _FOOT
    svg = Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {height}", role="img")
    svg.attrib |= {"width": str(WIDTH), "height": str(height), "font-family": _FONT, "aria-labelledby": "title desc"}
    SubElement(svg, "title", id="title").text = heading
    SubElement(svg, "desc", id="desc").text = description(measures, now)
    SubElement(svg, "rect", width=str(WIDTH), height=str(height), rx="10", fill=_PAPER)
    _text(svg, 28, 40, shorten(heading, 54), 22, weight=600)
    _text(svg, WIDTH - 28, 40, f"{now.astimezone(UTC):%a %-d %b %Y %H:%M} UTC", 15, anchor="end", fill=_SOFT)
    for number, measure in enumerate(shown):
        group = SubElement(svg, "g", transform=f"translate(0 {_HEAD + number * _PANEL})")
        _panel(group, measure, now)
    return tostring(svg, encoding="unicode")


def description(measures: Sequence[Measure], now: datetime) -> str:
    """The same in words: for those who can't see it, and where no picture can be shown."""
    return " ".join(
        f"{one.name}: {_count(one.last)}; {_ends(one, now)}." for one in worst_first(measures)[:MOST_PANELS]
    )


def _count(reading: Reading) -> str:
    return f"{reading.value:,} of {reading.total:,} ({reading.percent} %)"


def _ends(measure: Measure, now: datetime) -> str:
    found = estimate(measure, now)
    if measure.done_at:
        return f"done since {_clock(measure.done_at, now)} UTC"
    if not isinstance(found, Estimate):
        return f"no estimate: {found.why}"
    ends = f"done between {_clock(found.earliest, now)} and {_clock(found.latest, now)} UTC"
    return f"{ends} (an estimate from the last {found.readings} readings)"


def _clock(at: datetime, now: datetime) -> str:
    """`16:10` today, else `Sun 22 Nov 16:10`."""
    here, today = at.astimezone(UTC), now.astimezone(UTC).date()
    return f"{here:%H:%M}" if here.date() == today else f"{here:%a %-d %b %H:%M}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """From times and counts to places in a panel."""

    start: datetime
    end: datetime
    step: int
    top: int

    def x(self, at: datetime) -> float:
        share = (min(max(at, self.start), self.end) - self.start) / (self.end - self.start)
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        return round(_TOP + _HIGH * (1 - value / self.top), 1)


def _scale(measure: Measure, found: Estimate | None, now: datetime) -> _Scale:
    readings = measure.readings
    start, last = readings[0].at, readings[-1].at
    span = max(last - start, timedelta(minutes=10))
    end = max(last, min(now, last + span))
    if found:
        end = max(end, min(found.latest, last + span * _AHEAD))
    most = max(reading.total for reading in readings)
    step = _step(most)
    return _Scale(start=start, end=end + span * 0.04, step=step, top=-(-most // step) * step)


def _panel(panel: Element, measure: Measure, now: datetime) -> None:
    found = estimate(measure, now)
    ahead = found if isinstance(found, Estimate) else None
    scale = _scale(measure, ahead, now)
    SubElement(panel, "path", d=f"M28 0.5H{WIDTH - 28}", stroke=_GRID)
    _text(panel, 28, 34, shorten(measure.name, 52), 19, weight=600)
    _text(panel, WIDTH - 28, 34, _count(measure.last), 19, weight=600, anchor="end")
    _text(panel, 28, 58, _ends(measure, now)[:1].upper() + _ends(measure, now)[1:], 15, fill=_SOFT)
    _axes(panel, scale)
    if ahead:
        _wedge(panel, scale, measure.last, ahead)
    _target(panel, scale, measure)
    _curve(panel, scale, measure)


def _axes(panel: Element, scale: _Scale) -> None:
    for value in range(0, scale.top + 1, scale.step):
        y = scale.y(value)
        SubElement(panel, "path", d=f"M{_LEFT} {y}H{WIDTH - _RIGHT}", stroke=_GRID)
        label = f"{value // 10**6:,} M" if scale.top >= 10**7 else f"{value:,}"
        _text(panel, _LEFT - 10, y + 5, label, 14, anchor="end", fill=_SOFT)
    base = _TOP + _HIGH
    day = None
    for tick in _ticks(scale.start, scale.end):
        x = scale.x(tick)
        SubElement(panel, "path", d=f"M{x} {base}v6", stroke=_TARGET)
        _text(panel, x, base + 23, f"{tick:%H:%M}", 14, anchor="middle", fill=_SOFT)
        if tick.date() != day:
            day = tick.date()
            _text(panel, x, base + 42, f"{tick:%a %-d %b}", 14, anchor="middle", fill=_SOFT)
    _text(panel, 28, base + 23, "UTC", 14, fill=_SOFT)


def _ticks(start: datetime, end: datetime) -> list[datetime]:
    """Round times between the two, at most nine."""
    step = next((step for step in _STEPS if (end - start) / step <= _MOST_TICKS - 1), _STEPS[-1] * 12)
    # Weeks begin on Mondays.
    first = datetime(1970, 1, 5, tzinfo=UTC)
    begins = first - (first - start) // step * step
    found = [begins + step * number for number in range(_MOST_TICKS + 2)]
    return [tick for tick in found if start <= tick <= end]


def _step(most: int) -> int:
    """Between two lines of the axis: a number that reads well, with at most five steps up to `most`."""
    power = int(10 ** max(0, floor(log10(most)) - 1))
    return next(step * power for step in (1, 2, 5, 10, 20, 25, 50) if step * power * 5 >= most)


def _wedge(panel: Element, scale: _Scale, last: Reading, found: Estimate) -> None:
    """From the last reading to where the estimate ends: the earliest above, the latest below."""
    early, late = max(found.earliest, last.at + _SECOND), max(found.latest, last.at + _SECOND)
    start, above = (scale.x(last.at), scale.y(last.value)), _towards(scale, last, early)
    below, goal = _towards(scale, last, late), scale.y(last.total)
    corner = [(below[0], goal)] if early < scale.end else []
    path = "L".join(f"{x} {y}" for x, y in (start, above, *corner, below))
    SubElement(panel, "path", d=f"M{path}Z", fill=_WEDGE, opacity="0.35")
    if early < scale.end:
        SubElement(panel, "path", attrib={"stroke-width": "4"}, d=f"M{above[0]} {goal}H{below[0]}", stroke=_END)


def _towards(scale: _Scale, last: Reading, finish: datetime) -> tuple[float, float]:
    """Where the way from the last reading to a finish ends in the picture: there, or at its edge."""
    share = min((scale.end - last.at) / (finish - last.at), 1.0)
    return scale.x(finish), scale.y(last.value + last.left * share)


def _target(panel: Element, scale: _Scale, measure: Measure) -> None:
    """The total as a dashed line, with a step where it changed."""
    first = measure.readings[0]
    path = f"M{scale.x(first.at)} {scale.y(first.total)}"
    for before, after in pairwise(measure.readings):
        if after.total != before.total:
            path += f"H{scale.x(after.at)}V{scale.y(after.total)}"
    dashes = {"stroke-dasharray": "6 5", "stroke-width": "1.5"}
    SubElement(panel, "path", attrib=dashes, d=f"{path}H{WIDTH - _RIGHT}", stroke=_TARGET, fill="none")


def _curve(panel: Element, scale: _Scale, measure: Measure) -> None:
    places = [(scale.x(reading.at), scale.y(reading.value)) for reading in measure.readings]
    line = "L".join(f"{x} {y}" for x, y in places)
    base = _TOP + _HIGH
    if len(places) > 1:
        area = f"M{places[0][0]} {base}L{line}L{places[-1][0]} {base}Z"
        SubElement(panel, "path", d=area, fill=_FILL, opacity="0.7")
        SubElement(panel, "path", attrib={"stroke-width": "2.5"}, d=f"M{line}", stroke=_LINE, fill="none")
    # Of many readings the dots would be a thick line.
    for x, y in places if len(places) <= 40 else places[-1:]:
        SubElement(panel, "circle", cx=str(x), cy=str(y), r="3.5", fill=_LINE)
    x, y = places[-1]
    # Beside the last dot, above the line; at the right edge before it.
    at_edge = x > WIDTH - 150
    x, y, anchor = (x - 9, max(y - 9, 72), "end") if at_edge else (x + 9, y + 18, "start")
    _text(panel, x, y, f"{measure.last.value:,}", 16, anchor=anchor, weight=600, fill=_LINE, halo=True)


def _text(
    parent: Element,
    x: float,
    y: float,
    text: str,
    size: int,
    *,
    anchor: str = "start",
    fill: str = _INK,
    weight: int = 400,
    halo: bool = False,
) -> None:
    """`halo`: with the paper's colour around it, so that it reads over lines."""
    style = {"font-size": str(size), "font-weight": str(weight), "text-anchor": anchor, "fill": fill}
    style |= {"stroke": _PAPER, "stroke-width": "4", "paint-order": "stroke"} if halo else {}
    SubElement(parent, "text", attrib=style, x=str(x), y=str(y)).text = text
