"""The rota: who takes turns in a role, and the shifts that follow from it. The plan, never the fact.

Shifts lie end to end. Who takes a turn may be traded; whose turn it is by the order is kept beside it (`turn_of`), so
that the order goes on as if nothing had been traded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.incident import PersonId
from bot.errors import WrongState, WrongWords

DEFAULT_SHIFT = timedelta(hours=8)
SHORTEST_SHIFT = timedelta(minutes=30)
LONGEST_SHIFT = timedelta(hours=24)
# How far ahead shifts are laid out at least; each boundary lays out more.
PLAN_AHEAD = timedelta(hours=48)
_EXAMPLE = "For example: `/incident rota start @ada @bob 8h`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """Who takes turns in a role, in this order, `shift` long each, from `anchor` on, until stopped."""

    id: int
    incident: int
    role: str
    people: tuple[PersonId, ...]
    shift: timedelta
    anchor: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift as the plan has it: its place, who takes it, whose turn it is by the order, and [starts_at, ends_at)."""

    position: int
    person: PersonId
    turn_of: PersonId
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A stored turn. `version` counts its changes of person or start; what was said about an older one is void."""

    id: int
    rota: int
    incident: int
    role: str
    position: int
    person: PersonId
    turn_of: PersonId
    starts_at: datetime
    ends_at: datetime
    version: int = 1
    confirmed_at: datetime | None = None
    up_at: datetime | None = None
    cant_at: datetime | None = None

    @property
    def turn(self) -> Turn:
        return Turn(self.position, self.person, self.turn_of, self.starts_at, self.ends_at)


def check_rota(people: Sequence[PersonId], shift: timedelta) -> None:
    """Raise WrongWords unless these people can take turns of this length."""
    if len(people) < 2:
        raise WrongWords("A rota needs at least two people.", _EXAMPLE)
    if len(set(people)) != len(people):
        raise WrongWords("Somebody is named twice in this rota.", "Name each person once, in the order of their turns.")
    if not SHORTEST_SHIFT <= shift <= LONGEST_SHIFT:
        raise WrongWords("A shift lasts from 30 minutes to 24 hours.", _EXAMPLE)


def plan_until(rota: Rota, now: datetime) -> datetime:
    """Until when shifts are laid out at `now`: for 48 hours, and until everybody has one to come."""
    everybody = rota.shift * (len(rota.people) + 1)
    return max(now + PLAN_AHEAD, max(now, rota.anchor) + everybody)


def turns_after(rota: Rota, last: Turn | None, until: datetime) -> list[Turn]:
    """The turns after `last` (None: from the anchor on) that start before `until`: no gap, people in order."""
    position, start = (last.position + 1, last.ends_at) if last else (0, rota.anchor)
    whose = following(rota.people, last.turn_of) if last else rota.people[0]
    found: list[Turn] = []
    while start < until:
        found.append(Turn(position, whose, whose, start, start + rota.shift))
        position, start, whose = position + 1, start + rota.shift, following(rota.people, whose)
    return found


def following(people: Sequence[PersonId], person: PersonId) -> PersonId:
    """Who comes after `person` in the order, which begins anew at its end; the first, for who is not in it."""
    return people[(people.index(person) + 1) % len(people)] if person in people else people[0]


def with_person(people: Sequence[PersonId], before: Turn, upcoming: Sequence[Turn], new: PersonId) -> list[Turn]:
    """The upcoming turns when `new` joins at the end of the order. No boundary moves; `before` is the turn before."""
    order: list[tuple[PersonId, PersonId]] = []
    earlier = before.turn_of
    for turn in upcoming:
        if earlier == people[-1]:
            order.append((new, new))
        order.append((turn.person, turn.turn_of))
        earlier = turn.turn_of
    return _refilled((*people, new), upcoming, order, before.turn_of)


def without_person(people: Sequence[PersonId], before: Turn, upcoming: Sequence[Turn], gone: PersonId) -> list[Turn]:
    """The upcoming turns when `gone` leaves: everyone after moves up. No boundary moves, and trades are kept."""
    left = tuple(person for person in people if person != gone)
    order = [
        (turn.person, _still(people, left, turn.turn_of))
        for turn in upcoming
        if gone not in (turn.person, turn.turn_of) or (turn.turn_of == gone != turn.person and turn.person in left)
    ]
    return _refilled(left, upcoming, order, _still(people, left, before.turn_of))


def _still(people: Sequence[PersonId], left: Sequence[PersonId], person: PersonId) -> PersonId:
    """`person`, or whoever came before them in the order and is still in it."""
    at = people.index(person) if person in people else 0
    return next(people[at - back] for back in range(len(people)) if people[at - back] in left)


def _refilled(
    people: Sequence[PersonId], slots: Sequence[Turn], order: Sequence[tuple[PersonId, PersonId]], before: PersonId
) -> list[Turn]:
    """The slots with these (person, whose turn) pairs in them; where those run out the order goes on."""
    found: list[Turn] = []
    whose = before
    for place, slot in enumerate(slots):
        if place < len(order):
            person, whose = order[place]
        else:
            person = whose = following(people, whose)
        found.append(replace(slot, person=person, turn_of=whose))
    return found


def swapped(upcoming: Sequence[Turn], one: PersonId, other: PersonId) -> list[Turn]:
    """The upcoming turns when two people trade their next ones. Raises WrongState when either has none."""
    first, second = (_next_of(upcoming, person) for person in (one, other))
    return traded(upcoming, first.position, second.position)


def _next_of(upcoming: Sequence[Turn], person: PersonId) -> Turn:
    found = next((turn for turn in upcoming if turn.person == person), None)
    if found is None:
        raise WrongState(f"<@{person}> has no shift to come in this rota.", "See who has: `/incident rota`")
    return found


def traded(upcoming: Sequence[Turn], one: int, other: int) -> list[Turn]:
    """The upcoming turns when those at these two positions exchange their people."""
    people = {turn.position: turn.person for turn in upcoming}
    people[one], people[other] = people[other], people[one]
    return [replace(turn, person=people[turn.position]) for turn in upcoming]


def given(upcoming: Sequence[Turn], position: int, to: PersonId) -> list[Turn]:
    """The upcoming turns when the one at this position goes to somebody, for nothing in return."""
    return [replace(turn, person=to) if turn.position == position else turn for turn in upcoming]


def changes_hands(upcoming: Sequence[Turn], holder: PersonId | None) -> int | None:
    """Which of the upcoming turns is the first of somebody else than `holder`; None when there is none."""
    return next((place for place, turn in enumerate(upcoming) if turn.person != holder), None)


def longest_extension(starts_at: datetime, ends_at: datetime) -> timedelta:
    """By how much a button moves the boundary at which this turn begins: an hour, or what leaves it 30 minutes.

    In steps of 5 minutes; none when that is nothing.
    """
    step = timedelta(minutes=5)
    return max(min(timedelta(hours=1), (ends_at - starts_at - SHORTEST_SHIFT) // step * step), timedelta())


def extended(upcoming: Sequence[Turn], by: timedelta, *, later_too: bool, at: int = 0) -> list[Turn]:
    """The upcoming turns when the boundary before that at place `at` moves by `by`, with `later_too` those after too.

    Raises WrongState when less than 30 minutes of that turn would be left.
    """
    moved = _extended(upcoming[at:], by, later_too=later_too)
    before = list(upcoming[:at])
    if before:
        before[-1] = replace(before[-1], ends_at=moved[0].starts_at)
    return [*before, *moved]


def _extended(upcoming: Sequence[Turn], by: timedelta, *, later_too: bool) -> list[Turn]:
    if later_too:
        return [replace(turn, starts_at=turn.starts_at + by, ends_at=turn.ends_at + by) for turn in upcoming]
    first = upcoming[0]
    if first.starts_at + by + SHORTEST_SHIFT > first.ends_at:
        raise WrongState(
            f"That would leave <@{first.person}> less than 30 minutes.",
            "Move the later boundaries too: `/incident rota extend 1h all`",
        )
    return [replace(first, starts_at=first.starts_at + by), *upcoming[1:]]


def affected(before: Sequence[Turn], after: Sequence[Turn]) -> list[PersonId]:
    """Those whose own shifts are not what they were, in the order of their shifts."""
    people = dict.fromkeys(turn.person for turn in [*before, *after])
    return [person for person in people if _times(before, person) != _times(after, person)]


def _times(turns: Sequence[Turn], person: PersonId) -> list[tuple[datetime, datetime]]:
    return [(turn.starts_at, turn.ends_at) for turn in turns if turn.person == person]


def current_shift(shifts: Sequence[Shift], now: datetime) -> Shift | None:
    """The shift in which `now` falls."""
    return next((shift for shift in shifts if shift.starts_at <= now < shift.ends_at), None)


def next_handoff(shifts: Sequence[Shift], holder: PersonId | None, now: datetime) -> Shift | None:
    """The next shift of somebody else: who follows `holder`, and when."""
    later = (shift for shift in shifts if shift.starts_at > now and shift.person != holder)
    return min(later, key=lambda shift: shift.starts_at, default=None)


def shifts_of_person(shifts: Sequence[Shift], person: PersonId, now: datetime) -> list[Shift]:
    """Their shifts that have not ended."""
    return [shift for shift in shifts if shift.person == person and shift.ends_at > now]
