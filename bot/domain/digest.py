"""The digest: when it is due, whether it is worth sending, and what of an incident's timeline it tells.

Moments are derived from a schedule and a time only, so that planning twice plans the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.duty import at_wall
from bot.domain.incident import Incident, PersonId, Severity
from bot.domain.reminder import LATE_AFTER, Outcome, covered, superseded

# Two for the same readers within this become one.
MERGED_WITHIN = timedelta(minutes=60)
# Later than this nobody reads it as the one that it was.
STALE_AFTER = timedelta(hours=12)
# What changed is counted from here when no digest has been sent.
AT_FIRST = timedelta(hours=24)
# While one of these is open there are digests between the times of day.
FREQUENT = frozenset({Severity.SEV1, Severity.SEV2})


@dataclass(frozen=True, slots=True)
class Moment:
    """When a digest is due, in UTC, and the key under which it is planned."""

    at: datetime
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Times of day on one wall: of the channel, or of a `person` in their own zone."""

    times: tuple[time, ...]
    zone: ZoneInfo
    person: PersonId | None = None

    def next(self, after: datetime) -> Moment | None:
        """The first moment after a time; None without times of day."""
        return min((one for one in self._around(after) if one.at > after), key=_at, default=None)

    def last(self, until: datetime) -> Moment | None:
        """The newest moment that has come at a time; None without times of day."""
        return max((one for one in self._around(until) if one.at <= until), key=_at, default=None)

    def _around(self, at: datetime) -> Iterable[Moment]:
        """Those of the dates around a time; of two walls that are one instant in a gap, the earlier wall."""
        today = at.astimezone(self.zone).date()
        days = [today + timedelta(days=days) for days in (-1, 0, 1, 2)]
        moments = [self.on(day, wall) for day in days for wall in sorted(self.times, reverse=True)]
        return {moment.at: moment for moment in moments}.values()

    def on(self, day: date, wall: time) -> Moment:
        """The moment of a local date and time of day: one instant, in a gap and in a fold too."""
        whose = f"dm:{self.person}" if self.person else "channel"
        return Moment(at_wall(day, wall, self.zone), f"digest:{whose}:{day.isoformat()}:{wall:%H:%M}")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Every so many hours of an incident, counted from its declaration."""

    incident: Incident
    every: timedelta

    def next(self, after: datetime) -> Moment:
        """The first moment after a time, and after the declaration."""
        return self._number(self._passed(after) + 1)

    def last(self, until: datetime) -> Moment | None:
        """The newest moment that has come at a time; None when none has."""
        passed = self._passed(until)
        return self._number(passed) if passed else None

    def _passed(self, at: datetime) -> int:
        return max(0, (at - self.incident.declared_at) // self.every)

    def _number(self, number: int) -> Moment:
        return Moment(self.incident.declared_at + number * self.every, f"digest:open:{self.incident.name}:{number}")


def _at(moment: Moment) -> datetime:
    return moment.at


def soonest(*moments: Moment | None) -> Moment | None:
    """The first of those that there are."""
    return min((one for one in moments if one), key=_at, default=None)


def rhythm_of(opened: Sequence[Incident], every: timedelta | None) -> Rhythm | None:
    """The rhythm of all these open incidents: that of the oldest public, real sev1 or sev2; None without one."""
    worst = [one for one in opened if one.severity in FREQUENT and not one.is_drill and not one.private]
    oldest = min(worst, key=lambda one: (one.declared_at, one.number), default=None)
    return Rhythm(oldest, every) if oldest and every else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One digest that was decided on; `through`: the last entry of each incident that it told. `at` is when it counts.

    It is `sent_at` when Slack had it.
    """

    id: int
    key: str
    person: PersonId | None
    at: datetime
    through: Mapping[int, int] = field(default_factory=dict)
    sent_at: datetime | None = None


def counts_at(due: datetime, now: datetime) -> datetime:
    """When a digest counts as said: at its minute, or when it comes at last."""
    return now if now - due > LATE_AFTER else due


def merged(
    due: datetime, now: datetime, before: Issue | None, following: Moment | None, gives_way: bool
) -> Outcome | None:
    """How a digest ends that another one says, or that comes too late; None when it is to be said.

    `before` is the newest decided on for the same readers, `following` the next one for them. One that is on time
    makes way for the next only when it `gives_way`: the times of day are kept before those between them.
    """
    when, late = counts_at(due, now), now - due > LATE_AFTER
    if before and abs(when - before.at) < MERGED_WITHIN:
        return covered(before.key)
    if following and following.at - when < MERGED_WITHIN and (late or gives_way):
        return covered(following.key)
    if now - due > STALE_AFTER:
        return superseded("too late to be worth reading")
    return None
