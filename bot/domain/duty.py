"""The duty roster: who is the incident commander on duty when nobody was asked yet.

Turns change on the wall: at `wall` in `zone`, every so many dates. One rule makes an instant of a date, on every day of
the year: a wall time that comes twice is the first of the two, one that is skipped comes as much after the change of
the clocks as it would have come without it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain import walltime
from bot.domain.incident import PersonId
from bot.domain.walltime import WallTime
from bot.errors import WrongWords

LONGEST_TURN_DAYS = 366
LONGEST_COVER = timedelta(days=366)
MOST_PEOPLE = 50
# No stretch of duty is looked at further ahead than this: who is alone in a roster is on duty until further notice.
HORIZON = timedelta(days=400)
EXAMPLE = "For example: `/incident duty set @ada @bob weekly monday 09:00 Europe/Berlin`"
COVER_EXAMPLE = "For example: `/incident duty cover @eve from tomorrow 09:00 to friday 18:00`"
_FROM_TO = re.compile(r"(?:from\s+(.+?)\s+)?(?:to|until)\s+(.+)", re.IGNORECASE | re.DOTALL)
_HOW_OFTEN = re.compile(r"\s*(?:(daily|every day)|(weekly|every week)|every (\d{1,3}) (day|week)s?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When turns change: every so many dates from `anchor` on, at `wall` in `zone`."""

    every_days: int
    anchor: date
    wall: time
    zone: ZoneInfo

    def handover(self, turn: int) -> datetime:
        """When the turn of this number (0 is the first) begins, in UTC."""
        return at_wall(self.anchor + timedelta(days=turn * self.every_days), self.wall, self.zone)

    def turn_at(self, at: datetime) -> int:
        """The number of the turn in which `at` falls; negative before the first."""
        days = (at.astimezone(self.zone).date() - self.anchor).days
        turn = days // self.every_days + 1
        while self.handover(turn) > at:
            turn -= 1
        return turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The standing roster: people who take turns in this order, or the address of a calendar that says who and when.

    `version` counts the changes of who is on duty when; reminders planned for an older one are void.
    """

    id: int
    people: tuple[PersonId, ...]
    schedule: Schedule
    set_by: PersonId
    set_at: datetime
    url: str = ""
    fetched_at: datetime | None = None
    fetch_error: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Somebody on duty in an interval, whoever's turn it is. Of two covers the one set later counts."""

    id: int
    person: PersonId
    starts_at: datetime
    ends_at: datetime
    set_by: PersonId


@dataclass(frozen=True, slots=True)
class DutyEvent:
    """A calendar's word that somebody is on duty; `label` is what it calls them, `person` None when that is unknown."""

    person: PersonId | None
    label: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """One person on duty without a break; nobody known when `person` is None, and `label` whom the calendar names."""

    person: PersonId | None
    label: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Everything that decides who is on duty. `gone`: who can't be, because they have left the workspace."""

    roster: Roster
    covers: Sequence[Cover] = ()
    events: Sequence[DutyEvent] = ()
    gone: frozenset[PersonId] = frozenset()

    def on_duty(self, at: datetime) -> PersonId | None:
        """Who is on duty at `at`: the cover set last, else whose turn it is, else who comes after them."""
        return next((person for person in self._in_line(at) if person not in self.gone), None)

    def _in_line(self, at: datetime) -> Iterator[PersonId]:
        yield from (one.person for one in sorted(_running(self.covers, at), key=lambda one: -one.id))
        if self.roster.url:
            yield from (event.person for event in self._calendar_at(at) if event.person)
        elif (turn := self.roster.schedule.turn_at(at)) >= 0:
            people = self.roster.people
            yield from (people[(turn + later) % len(people)] for later in range(len(people)))

    def _calendar_at(self, at: datetime) -> list[DutyEvent]:
        """The events of that time, the one that began last first."""
        return sorted(_running(self.events, at), key=lambda event: event.starts_at, reverse=True)

    def label_at(self, at: datetime) -> str:
        """Whom the calendar names at that time, known or not."""
        return next((event.label for event in self._calendar_at(at)), "") if self.roster.url else ""

    def next_boundary(self, after: datetime) -> datetime | None:
        """The first instant after `after` at which somebody else may be on duty."""
        intervals = [(one.starts_at, one.ends_at) for one in self.covers]
        intervals += [(one.starts_at, one.ends_at) for one in self.events]
        edges = [edge for both in intervals for edge in both if edge > after]
        if not self.roster.url:
            turn = max(self.roster.schedule.turn_at(after), -1) + 1
            while self.roster.schedule.handover(turn) <= after:
                turn += 1
            edges.append(self.roster.schedule.handover(turn))
        return min(edges, default=None)

    def stretches(self, starts: datetime, ends: datetime) -> list[Stretch]:
        """Who is on duty from `starts` to `ends`, end to end; cut off at both."""
        inside = self._within(starts, ends)
        found: list[Stretch] = []
        at: datetime | None = starts
        while at is not None and at < ends:
            person = inside.on_duty(at)
            label = "" if person else inside.label_at(at)
            until = min(inside.next_boundary(at) or ends, ends)
            if found and (found[-1].person, found[-1].label) == (person, label):
                found[-1] = Stretch(person, label, found[-1].starts_at, until)
            else:
                found.append(Stretch(person, label, at, until))
            at = until
        return found

    def _within(self, starts: datetime, ends: datetime) -> "Duty":
        covers = [one for one in self.covers if one.starts_at < ends and one.ends_at > starts]
        events = [one for one in self.events if one.starts_at < ends and one.ends_at > starts]
        return Duty(roster=self.roster, covers=covers, events=events, gone=self.gone)

    def until(self, at: datetime) -> datetime | None:
        """When whoever is on duty at `at` no longer is; None when that is not in sight."""
        person, boundary = self.on_duty(at), self.next_boundary(at)
        while boundary is not None and boundary < at + HORIZON:
            if self.on_duty(boundary) != person:
                return boundary
            boundary = self.next_boundary(boundary)
        return None

    def outgoing(self, at: datetime) -> PersonId | None:
        """Who is on duty until just before that instant."""
        return self.on_duty(at - timedelta(microseconds=1))

    def incoming(self, at: datetime) -> PersonId | None:
        """Who comes on duty at that instant; None when nobody does, or they were on duty just before already."""
        person = self.on_duty(at)
        return None if person == self.outgoing(at) else person

    @property
    def named(self) -> set[PersonId]:
        """Everybody in it."""
        found = {*self.roster.people, *(one.person for one in self.covers)}
        return found | {one.person for one in self.events if one.person}

    def in_sight(self, now: datetime) -> datetime:
        """Until when people are told their times: everybody's next turn, all covers, all that the calendar says."""
        days = 0 if self.roster.url else (len(self.roster.people) + 1) * self.roster.schedule.every_days
        ends = [now + timedelta(days=max(days, 28)), *(one.ends_at for one in self.covers)]
        return min(max([*ends, *(one.ends_at for one in self.events)]), now + HORIZON)


_Interval = TypeVar("_Interval", Cover, DutyEvent)


def _running(all_of_them: Iterable[_Interval], at: datetime) -> list[_Interval]:
    return [one for one in all_of_them if one.starts_at <= at < one.ends_at]


def at_wall(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, of a wall time on a date: the one rule for everything that recurs on the wall."""
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)


def last_date(now: datetime, wall: time, zone: ZoneInfo, weekday: int | None = None) -> date:
    """The last date, of that weekday when one is given, whose wall time has come."""
    day = now.astimezone(zone).date() + timedelta(days=1)
    while at_wall(day, wall, zone) > now or weekday not in (None, day.weekday()):
        day -= timedelta(days=1)
    return day


def read_schedule(text: str, now: datetime, zone: ZoneInfo) -> Schedule:
    """`weekly monday 09:00 Europe/Berlin`, `daily 09:00`, `every 3 days 09:00`, `every 2 weeks monday 09:00`.

    `zone` is meant unless the words name one. The first turn has begun when this was last the time. Raises WrongWords.
    """
    found = _HOW_OFTEN.match(text)
    if found is None:
        raise WrongWords("How often does duty change: `daily`, `weekly` or `every 3 days`?", EXAMPLE)
    in_weeks = bool(found[2]) or (found[4] or "").lower() == "week"
    every = int(found[3] or 1) * (7 if in_weeks else 1)
    if not 1 <= every <= LONGEST_TURN_DAYS:
        raise WrongWords("A turn of duty lasts from a day to a year.", EXAMPLE)
    typed = walltime.read(text[found.end() :], zone)
    if typed.wall is None:
        raise WrongWords("At what time of the day does duty change?", EXAMPLE)
    if (typed.weekday is not None) is not in_weeks:
        said = (
            "On which day of the week does duty change?" if in_weeks else "Only a turn of weeks has a day of the week."
        )
        raise WrongWords(said, EXAMPLE)
    if typed.said - {"wall", "weekday", "zone", "names_zone"}:
        raise WrongWords("Duty changes at a time of the day in a zone that has a name.", EXAMPLE)
    return Schedule(every, last_date(now, typed.wall, typed.zone, typed.weekday), typed.wall, typed.zone)


def read_cover(text: str, now: datetime, zone: ZoneInfo) -> tuple[WallTime, WallTime]:
    """`from tomorrow 09:00 to friday 18:00`, `until 18:00`: from when to when. Raises WrongWords.

    A zone named in one of the two is meant for both.
    """
    found = _FROM_TO.fullmatch(text.strip())
    if found is None:
        raise WrongWords("From when to when?", COVER_EXAMPLE)
    begin, end = found[1] or "now", found[2]
    named = [typed.zone for typed in (walltime.read(begin, zone), walltime.read(end, zone)) if typed.names_zone]
    starts = walltime.parse(begin, now, named[0] if named else zone)
    ends = walltime.parse(end, now, named[-1] if named else zone, after=starts.at)
    if not starts.at < ends.at <= starts.at + LONGEST_COVER:
        raise WrongWords("A cover lasts from a minute to a year.", COVER_EXAMPLE)
    return starts, ends


def check_roster(people: Sequence[PersonId]) -> None:
    """Raise WrongWords unless these people can take turns."""
    if not people:
        raise WrongWords("Who is on duty?", EXAMPLE)
    if len(set(people)) != len(people):
        raise WrongWords(
            "Somebody is named twice in this roster.", "Name each person once, in the order of their turns."
        )
    if len(people) > MOST_PEOPLE:
        raise WrongWords(f"A duty roster has at most {MOST_PEOPLE} people.", EXAMPLE)


def affected(before: Duty | None, after: Duty | None, starts: datetime, ends: datetime) -> list[PersonId]:
    """Those whose times on duty in this interval are not what they were, in the order of their times."""
    old, new = (one.stretches(starts, ends) if one else [] for one in (before, after))
    people = dict.fromkeys(stretch.person for stretch in [*new, *old] if stretch.person)
    return [person for person in people if _times(old, person) != _times(new, person)]


def _times(stretches: Sequence[Stretch], person: PersonId) -> list[tuple[datetime, datetime]]:
    return [(stretch.starts_at, stretch.ends_at) for stretch in stretches if stretch.person == person]
