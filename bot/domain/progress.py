"""Progress: how much of something is done, read again and again, and when it may be finished, as a range."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from math import sqrt

from bot.domain.incident import PersonId

NAME_LIMIT = 80
MOST_COUNTED = 1_000_000_000
# An estimate looks at the newest readings only: how fast it went yesterday says little.
RECENT = 8
FEWEST = 4
SHORTEST = timedelta(minutes=15)
# A reading says how things are for so long, or for three times as long as it usually takes to the next one.
_FRESH = timedelta(hours=1)
# How far beyond the readings an estimate may reach, and how far its ends may lie apart.
_FARTHEST = 10
_WIDEST = 5
# Nothing that people count by hand is surer than this share of the time that is left.
_NARROWEST = 0.1
_ROUNDED = timedelta(minutes=5)
# Both readings of a step are rounded to whole ones: twice the variance of a rounding error.
_ROUNDING = 1 / 6
# Student's t at 95 % (one side) for 1, 2, 3 … degrees of freedom.
_T95 = (6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833)
_ALIKE = 0.8
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """So many of so many, as of a whole minute. `total` may differ from reading to reading."""

    at: datetime
    value: int
    total: int
    said_by: PersonId = ""

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        return self.value / self.total

    @property
    def percent(self) -> int:
        """The share in whole percent, rounded down: 100 only when all is done."""
        return self.value * 100 // self.total

    @property
    def left(self) -> int:
        return self.total - self.value

    @property
    def text(self) -> str:
        """`412/900`."""
        return f"{self.value:,}/{self.total:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something that is counted, and its readings in order of time: all of them, or the newest. Never none."""

    id: int
    incident: int
    name: str
    readings: tuple[Reading, ...]

    @property
    def last(self) -> Reading:
        return self.readings[-1]

    @property
    def is_done(self) -> bool:
        return self.last.value >= self.last.total

    @property
    def done_at(self) -> datetime | None:
        """Since when all is done, as far as its readings show; None when it is not."""
        since = None
        for reading in reversed(self.readings):
            if reading.left:
                break
            since = reading.at
        return since

    def as_of(self, moment: datetime) -> Reading | None:
        """The newest reading at or before a moment."""
        return next((reading for reading in reversed(self.readings) if reading.at <= moment), None)


class Why(StrEnum):
    """Why there is no estimate."""

    DONE = "it is done"
    FEW = "too few readings"
    SHORT = "the readings lie too close together"
    OLD = "the last reading is too old"
    STALLED = "it stands still"
    BACK = "it went back"
    GROWING = "the total grows as fast as the work gets done"
    NOISY = "the readings differ too much"
    FAR = "the end is too far off for so few readings"


@dataclass(frozen=True, slots=True)
class Withheld:
    """There is no estimate, and why."""

    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The finish lies between these two, in nine of ten cases if it goes on as in the last `readings`.

    `per_hour`: how fast it went in these.
    """

    earliest: datetime
    latest: datetime
    readings: int
    per_hour: float


def same_name(name: str) -> str:
    """The name without case and white space: it is typed again and again."""
    return "".join(name.casefold().split())


def nearly(name: str, known: Iterable[str]) -> str | None:
    """The one of the known names that this may have been meant to be. `region 1` is not meant to be `region 2`."""
    wanted = same_name(name)
    close = [
        (SequenceMatcher(None, wanted, same_name(other)).ratio(), other)
        for other in known
        if _DIGITS.findall(other) == _DIGITS.findall(name)
    ]
    ratio, found = max(close, default=(0.0, ""))
    return found if ratio >= _ALIKE else None


def worst_first(measures: Iterable[Measure]) -> list[Measure]:
    """What is not done first, the one with the smallest share before the others."""
    return sorted(measures, key=lambda measure: (measure.is_done, measure.last.share, measure.id))


def rate(measure: Measure) -> float | None:
    """How many an hour got done over the recent readings; None for fewer than two."""
    recent = measure.readings[-RECENT:]
    if len(recent) < 2:
        return None
    return (recent[-1].value - recent[0].value) / _hours(recent[-1].at - recent[0].at)


def estimate(measure: Measure, now: datetime) -> Estimate | Withheld:
    """When `measure` may be finished, from its recent readings, as of `now`; or why nobody can say.

    The work done is taken for a Wiener process with drift, as in the theory of degradation (Whitmore, Estimating
    degradation by a Wiener diffusion process subject to measurement error, Lifetime Data Analysis 1, 1995). From n
    steps of dx in dt hours over S hours together come the drift m = Σdx / S and the variance s² = Σ(dx - m·dt)²/dt /
    (n - 1). What will be done in T more hours differs from m·T with variance s²·T·(1 + T/S): by chance, and because m
    is itself estimated from S hours. The finish is where the work left, R, lies within t·s·√(T·(1 + T/S)) of m·T, t of
    Student's distribution at 90 %; solved for T as Fieller did (Some problems in interval estimation, J. Royal
    Statistical Society B 16, 1954), which gives two ends exactly if the drift differs from zero by more than chance.
    Errors of reading, which cancel from one step to the next, make the range wider, never narrower.
    """
    recent = measure.readings[-RECENT:]
    if why := _why_not(recent, now):
        return Withheld(why)
    last, span = recent[-1], _hours(recent[-1].at - recent[0].at)
    drift = (last.value - recent[0].value) / span
    chance = _T95[len(recent) - 3] ** 2 * _variance(recent, drift)
    slack = drift * drift - chance / span
    if slack <= 0:
        return Withheld(Why.NOISY)
    first, final = _roots(slack, 2 * drift * last.left + chance, last.left**2)
    likeliest = last.left / drift
    first, final = min(first, likeliest * (1 - _NARROWEST)), max(final, likeliest * (1 + _NARROWEST))
    if final > _WIDEST * first:
        return Withheld(Why.NOISY)
    if final > _FARTHEST * span:
        return Withheld(Why.FAR)
    latest = _round(last.at + timedelta(hours=final), up=True)
    if latest <= now:
        return Withheld(Why.OLD)
    earliest = max(_round(last.at + timedelta(hours=first), up=False), now)
    return Estimate(earliest=earliest, latest=latest, readings=len(recent), per_hour=drift)


def _why_not(recent: Sequence[Reading], now: datetime) -> Why | None:
    """What can be said without reckoning."""
    last = recent[-1]
    if not last.left:
        return Why.DONE
    if len(recent) < FEWEST:
        return Why.FEW
    if last.at - recent[0].at < SHORTEST:
        return Why.SHORT
    steps = [(after.at - before.at, after.value - before.value) for before, after in _pairs(recent)]
    usual = sorted(length for length, _ in steps)[len(steps) // 2]
    if now - last.at > max(_FRESH, 3 * usual):
        return Why.OLD
    if steps[-1][1] < 0 or last.value < recent[0].value:
        return Why.BACK
    if (steps[-1][1] == 0 and steps[-2][1] <= 0) or last.value == recent[0].value:
        return Why.STALLED
    # Counted anew once, the goal is another; again and again, it runs away.
    grew = sum(after.total > before.total for before, after in pairwise(recent))
    return Why.GROWING if grew > 1 and last.left >= recent[0].left else None


def _variance(recent: Sequence[Reading], drift: float) -> float:
    """Of an hour's work, about the drift: no less than what rounding to whole ones makes."""
    squares = []
    for before, after in _pairs(recent):
        length = _hours(after.at - before.at)
        off = after.value - before.value - drift * length
        squares.append(max(off * off, _ROUNDING) / length)
    return sum(squares) / (len(squares) - 1)


def _pairs(recent: Sequence[Reading]) -> list[tuple[Reading, Reading]]:
    return list(pairwise(recent))


def _roots(a: float, b: float, c: float) -> tuple[float, float]:
    """The two solutions of a·T² - b·T + c = 0, the smaller first, without loss by subtraction."""
    larger = (b + sqrt(max(0.0, b * b - 4 * a * c))) / 2
    return c / larger, larger / a


def _hours(duration: timedelta) -> float:
    return duration / timedelta(hours=1)


def _round(at: datetime, *, up: bool) -> datetime:
    """To five minutes, outwards: more would promise what nobody knows."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    whole = (at - epoch) // _ROUNDED * _ROUNDED
    return epoch + whole + (_ROUNDED if up and epoch + whole != at else timedelta())
