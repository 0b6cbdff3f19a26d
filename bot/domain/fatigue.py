"""Fatigue: how long somebody has held command, and how long they have rested.

Limits by `docs/commanders.md`: ten hours in any twenty-four, ten hours of rest, an hour beyond the planned shift.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.command import How, Tenure
from bot.domain.incident import PersonId
from bot.domain.rota import Shift, Turn

WINDOW = timedelta(hours=24)
WEEK = timedelta(days=7)
MOST_IN_WINDOW = timedelta(hours=10)
REST = timedelta(hours=10)
BEYOND_SHIFT = timedelta(hours=1)
# How far back tenures matter to any of this.
LOOK_BACK = WINDOW + REST
# Who accepts this much before their shift has not accepted early.
_EARLY = timedelta(minutes=15)
_LATE = timedelta(minutes=1)

Span = tuple[datetime, datetime]


def spans(tenures: Iterable[Tenure], now: datetime) -> list[Span]:
    """When command was held, as [from, to), overlaps joined: two incidents at once tire no more than one."""
    return joined((tenure.started_at, tenure.ended_at or now) for tenure in tenures)


def joined(parts: Iterable[Span]) -> list[Span]:
    """The same time in order, what overlaps or touches made one."""
    found: list[Span] = []
    for start, end in sorted(parts):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif end > start:
            found.append((start, end))
    return found


def held_within(worked: Iterable[Span], start: datetime, end: datetime) -> timedelta:
    """How much of [start, end) was worked."""
    parts = (min(until, end) - max(since, start) for since, until in worked)
    return sum((part for part in parts if part > timedelta()), timedelta())


def rest_before(worked: Iterable[Span], at: datetime) -> timedelta | None:
    """How long somebody has rested at `at`; None when they have not worked before; zero when they work at it."""
    ends = [min(until, at) for since, until in worked if since < at]
    return at - max(ends) if ends else None


def is_rested(tenures: Iterable[Tenure], now: datetime) -> bool:
    """Whether somebody has had ten hours of rest, or has not been in command at all."""
    rest = rest_before(spans(tenures, now), now)
    return rest is None or rest >= REST


def rested(tenures: Iterable[Tenure], people: Iterable[PersonId], now: datetime) -> set[PersonId]:
    """Those of `people` who are rested by these tenures."""
    known = list(tenures)
    return {person for person in people if is_rested((one for one in known if one.person == person), now)}


def long_day_at(worked: Sequence[Span], start: datetime) -> datetime:
    """When whoever holds command from `start` on without a break has held it for ten hours of some twenty-four.

    `worked`: disjoint spans that ended until `start`. `start` itself when it was so much then.
    """
    at, missing = start, MOST_IN_WINDOW - held_within(worked, start - WINDOW, start)
    # What was worked a day ago leaves the window as fast as what is worked now comes into it.
    for edge in sorted(edge + WINDOW for span in worked for edge in span if edge + WINDOW > start):
        gains = not any(since <= at - WINDOW < until for since, until in worked)
        if missing <= timedelta() or (gains and missing <= edge - at):
            break
        missing -= edge - at if gains else timedelta()
        at = edge
    return at + max(missing, timedelta())


def planned_end(shifts: Sequence[Shift | Turn], holder: PersonId, since: datetime) -> datetime | None:
    """Until when the plan has somebody in command who has it from `since` on; None when it says nothing of that.

    `shifts` lie end to end, in order. Until the end of their own shift, when they came in it or in the one before;
    turns of theirs in a row are one. Anybody else until the next boundary.
    """
    at = next((place for place, shift in enumerate(shifts) if since < shift.ends_at), None)
    if at is None:
        return None
    if shifts[at].person != holder:
        if since < shifts[at].starts_at:
            return shifts[at].starts_at
        if at + 1 == len(shifts) or shifts[at + 1].person != holder:
            return shifts[at].ends_at
        at += 1
    while at + 1 < len(shifts) and shifts[at + 1].person == holder:
        at += 1
    return shifts[at].ends_at


def early_by(shifts: Sequence[Shift | Turn], person: PersonId, now: datetime) -> timedelta | None:
    """How long before their shift somebody takes command: so much longer is their turn. None when it is not early."""
    end = planned_end(shifts, person, now)
    own = next((shift for shift in shifts if shift.person == person and shift.ends_at > now), None)
    if end is None or own is None or own.starts_at >= end:
        return None
    early = own.starts_at - now
    return early if early > _EARLY else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Strain:
    """What is too much of holding command from `start` until `until`; None where it is not.

    `rest`: how little of it comes before. `in_day`: how much command is held in the twenty-four hours before the end.
    """

    start: datetime
    until: datetime
    rest: timedelta | None = None
    in_day: timedelta | None = None

    def __bool__(self) -> bool:
        return self.rest is not None or self.in_day is not None


def strain(worked: Sequence[Span], start: datetime, until: datetime) -> Strain:
    """What is too much of holding command from `start` until `until`, after all that was worked before."""
    rest = rest_before(worked, start)
    in_day = held_within(joined([*worked, (start, until)]), until - WINDOW, until)
    return Strain(
        start=start,
        until=until,
        rest=rest if rest and rest < REST else None,
        in_day=in_day if in_day > MOST_IN_WINDOW else None,
    )


def strain_of_plan(worked: Iterable[Span], turns: Iterable[Span], now: datetime) -> Strain | None:
    """The first stretch to come that leaves somebody too little rest or is too much for a day; None when none is.

    `turns`: their own, as [from, to). What is worked already and goes over into a turn is one stretch with it.
    """
    stretches = joined([*worked, *turns])
    for place, (start, until) in enumerate(stretches):
        found = strain(stretches[:place], start, until)
        if start < now:
            # Nobody can rest more in the past.
            found = replace(found, rest=None)
        if found and until > now:
            return found
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Somebody's hours in command over all incidents: for their own eyes, and those who edit the roster.

    `rest`: since they last had command; None while they have it, and when they had none in the last seven days.
    `late`: of each acceptance in these seven days that was a minute late or more, by how much, the latest last.
    """

    in_day: timedelta
    in_week: timedelta
    rest: timedelta | None
    has_command: bool
    accepted: int
    late: tuple[timedelta, ...]


def hours(tenures: Sequence[Tenure], now: datetime) -> Hours:
    """The hours of one person, from their tenures of command that had not ended seven days ago."""
    worked = spans(tenures, now)
    has_command = any(tenure.ended_at is None for tenure in tenures)
    accepted = [one for one in tenures if one.how is How.ACCEPTED and one.started_at > now - WEEK]
    late = (timedelta(seconds=one.late_seconds) for one in accepted)
    return Hours(
        in_day=held_within(worked, now - WINDOW, now),
        in_week=held_within(worked, now - WEEK, now),
        rest=None if has_command else rest_before(worked, now),
        has_command=has_command,
        accepted=len(accepted),
        late=tuple(one for one in late if one >= _LATE),
    )
