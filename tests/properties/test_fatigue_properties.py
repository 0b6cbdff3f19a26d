"""Fatigue against an oracle that looks at every minute, one after the other."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.fatigue import (
    Span,
    held_within,
    joined,
    long_day_at,
    planned_end,
    rest_before,
    strain,
    strain_of_plan,
)
from bot.domain.rota import Turn
from tests.support.clock import START

MINUTE = timedelta(minutes=1)
DAY, LIMIT, REST = 1440, 600, 600
Part = tuple[int, int]
# Stretches of work as minutes before and after START, longest a day, of about two days before it.
PARTS = st.lists(
    st.tuples(st.integers(-2 * DAY, 0), st.integers(1, DAY)).map(lambda part: (part[0], min(0, part[0] + part[1]))),
    max_size=6,
)


def as_spans(parts: list[Part]) -> list[Span]:
    return joined((START + start * MINUTE, START + end * MINUTE) for start, end in parts)


def minutes_of(parts: list[Part]) -> set[int]:
    """Each minute in which there was work."""
    return {minute for start, end in parts for minute in range(start, end)}


def held(minutes: set[int], start: int, end: int) -> int:
    return sum(1 for minute in range(start, end) if minute in minutes)


@given(PARTS)
def test_joining_keeps_every_minute_and_overlaps_none(parts: list[Part]) -> None:
    found = as_spans(parts)
    assert all(one[1] < other[0] for one, other in pairwise(found))
    assert sum((end - start for start, end in found), timedelta()) == len(minutes_of(parts)) * MINUTE


@given(PARTS, st.integers(-2 * DAY, 0), st.integers(0, 2 * DAY))
def test_hours_held_are_the_minutes_held(parts: list[Part], start: int, length: int) -> None:
    expected = held(minutes_of(parts), start, start + length)
    found = held_within(as_spans(parts), START + start * MINUTE, START + (start + length) * MINUTE)
    assert found == expected * MINUTE


@given(PARTS, st.integers(-2 * DAY, DAY))
def test_rest_is_the_minutes_since_the_last_one_worked(parts: list[Part], at: int) -> None:
    before = [minute for minute in minutes_of(parts) if minute < at]
    expected = (at - max(before) - 1) * MINUTE if before else None
    assert rest_before(as_spans(parts), START + at * MINUTE) == expected


@given(PARTS)
def test_a_long_day_begins_at_the_first_minute_at_which_ten_hours_of_twenty_four_were_held(parts: list[Part]) -> None:
    worked = minutes_of(parts)
    now, in_day = 0, held(worked, -DAY, 0)
    while in_day < LIMIT:
        # One more minute is held, and the first of the day that ended with the last one no longer counts.
        in_day += 1 - (now - DAY in worked)
        now += 1
    assert long_day_at(as_spans(parts), START) == START + now * MINUTE


@given(PARTS, st.integers(1, DAY))
def test_what_strains_is_too_little_rest_and_too_long_a_day(parts: list[Part], length: int) -> None:
    minutes = minutes_of(parts)
    found = strain(as_spans(parts), START, START + length * MINUTE)
    rest = -1 - max(minutes) if minutes else None
    assert found.rest == (rest * MINUTE if rest and rest < REST else None)
    in_day = held(minutes | set(range(length)), length - DAY, length)
    assert found.in_day == (in_day * MINUTE if in_day > LIMIT else None)
    assert bool(found) is (found.rest is not None or found.in_day is not None)


@given(PARTS, st.lists(st.tuples(st.integers(0, 2 * DAY), st.integers(30, DAY)), max_size=5))
def test_a_plan_strains_when_some_stretch_of_it_does(parts: list[Part], coming: list[Part]) -> None:
    turns = [(start, start + length) for start, length in coming]
    minutes = minutes_of([*parts, *turns])
    found = strain_of_plan(as_spans(parts), as_spans(turns), START)
    assert (found is not None) is _strained(minutes)
    if found is not None:
        assert found.until > START


def _strained(minutes: set[int]) -> bool:
    """Minute by minute: work that begins after less than ten hours of rest, or ends above ten hours in a day."""
    last: int | None = None
    for minute in sorted(minutes):
        begins = minute - 1 not in minutes
        if begins and minute >= 0 and last is not None and minute - last - 1 < REST:
            return True
        ends = minute + 1 not in minutes
        if ends and minute >= 0 and held(minutes, minute + 1 - DAY, minute + 1) > LIMIT:
            return True
        last = minute
    return False


PEOPLE = ("UADA00001", "UBOB00001", "UEVE00001")


@given(
    st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(30, 600)), min_size=1, max_size=6),
    st.sampled_from((*PEOPLE, "UFIN00001")),
    st.integers(-600, 3600),
)
def test_a_turn_ends_at_the_first_minute_that_the_plan_gives_to_somebody_else(
    lengths: list[tuple[str, int]], holder: str, since: int
) -> None:
    turns: list[Turn] = []
    at = 0
    for place, (person, length) in enumerate(lengths):
        starts, ends = START + at * MINUTE, START + (at + length) * MINUTE
        turns.append(Turn(place, person, person, starts, ends))
        at += length
    found = planned_end(turns, holder, START + since * MINUTE)
    assert found == _end_by_minutes(turns, holder, since, at)


def _end_by_minutes(turns: list[Turn], holder: str, since: int, end: int) -> object:
    """Walk from `since` on: through what is left of a shift of somebody else once, then through one's own."""

    def whose(minute: int) -> Turn | None:
        when = START + minute * MINUTE
        return next((turn for turn in turns if turn.starts_at <= when < turn.ends_at), None)

    if since >= end:
        return None
    minute, others = since, whose(since)
    if others is not None and others.person != holder:
        while whose(minute) == others:
            minute += 1
    while minute < 0:
        minute += 1
    while (turn := whose(minute)) is not None and turn.person == holder:
        minute += 1
    return START + minute * MINUTE
