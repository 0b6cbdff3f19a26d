"""Command: tenures (the fact), rotas and shifts (the plan), handoffs (the question between them)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.incident import PersonId
from bot.errors import WrongWords

COMMANDER = "ic"
DEFAULT_SHIFT = timedelta(hours=8)
SHORTEST_SHIFT = timedelta(minutes=30)
LONGEST_SHIFT = timedelta(hours=24)
# How far ahead shifts are laid out; each boundary lays out more.
PLAN_AHEAD = timedelta(hours=48)
SOON = timedelta(minutes=15)


class How(StrEnum):
    """How somebody came to hold a role."""

    DECLARED = "declared"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    REOPENED = "reopened"


class HandoffState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """One person holding one role of one incident, from a time until a time or until now."""

    id: int
    incident: int
    role: str
    person: PersonId
    how: How
    started_at: datetime
    ended_at: datetime | None

    def length(self, now: datetime) -> timedelta:
        return (self.ended_at or now) - self.started_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A planned turn: [starts_at, ends_at)."""

    id: int
    rota: int
    incident: int
    role: str
    position: int
    person: PersonId
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """Who takes turns in a role, in this order, `shift` long each, from `anchor` on, until stopped."""

    id: int
    incident: int
    role: str
    people: tuple[PersonId, ...]
    shift: timedelta
    anchor: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """An offer of a role to one person, and what became of it."""

    id: int
    incident: int
    role: str
    offered_to: PersonId
    shift: int | None
    boundary_at: datetime
    state: HandoffState
    message_channel: str | None
    message_ts: str | None


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift not yet stored: its place in the rota, its person and its times."""

    position: int
    person: PersonId
    starts_at: datetime
    ends_at: datetime


def turns(people: Sequence[PersonId], shift: timedelta, anchor: datetime, first: int, until: datetime) -> list[Turn]:
    """The turns from position `first` on that start before `until`: equal lengths, no gap, people in order."""
    found: list[Turn] = []
    position = first
    while (start := anchor + position * shift) < until:
        found.append(Turn(position, people[position % len(people)], start, start + shift))
        position += 1
    return found


def check_rota(people: Sequence[PersonId], shift: timedelta) -> None:
    """Raise WrongWords unless these people can take turns of this length."""
    if len(people) < 2:
        raise WrongWords("A rota needs at least two people.", "For example: `/incident rota start @ada @bob 8h`")
    if len(set(people)) != len(people):
        raise WrongWords("Somebody is named twice in this rota.", "Name each person once, in the order of their turns.")
    if not SHORTEST_SHIFT <= shift <= LONGEST_SHIFT:
        raise WrongWords(
            "A shift lasts from 30 minutes to 24 hours.", "For example: `/incident rota start @ada @bob 8h`"
        )


def current_shift(shifts: Sequence[Shift], now: datetime) -> Shift | None:
    """The shift in which `now` falls."""
    return next((shift for shift in shifts if shift.starts_at <= now < shift.ends_at), None)


def next_handoff(shifts: Sequence[Shift], holder: PersonId, now: datetime) -> Shift | None:
    """The next shift of somebody else: who follows `holder`, and when."""
    later = (shift for shift in shifts if shift.starts_at > now and shift.person != holder)
    return min(later, key=lambda shift: shift.starts_at, default=None)
