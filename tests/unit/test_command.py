"""Turns, shifts and who is next."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.command import Shift, check_rota, current_shift, next_handoff, turns
from bot.errors import WrongWords
from tests.support.clock import START

PEOPLE = ("UADA00001", "UBOB00001", "UEVE00001")
HOUR = timedelta(hours=1)


def shift_at(position: int, person: str, start: datetime, length: timedelta = 8 * HOUR) -> Shift:
    return Shift(
        id=position + 1,
        rota=1,
        incident=7,
        role="ic",
        position=position,
        person=person,
        starts_at=start,
        ends_at=start + length,
    )


@given(
    st.lists(st.sampled_from([f"U{n:05}" for n in range(9)]), min_size=1, max_size=9, unique=True),
    st.integers(30, 1440).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(0, 500),
    st.integers(-10, 72).map(lambda hours: timedelta(hours=hours)),
)
def test_turns_tile_time(people: list[str], shift: timedelta, first: int, ahead: timedelta) -> None:
    begins = START + first * shift
    found = turns(people, shift, START, first, begins + ahead)
    assert [turn.position for turn in found] == list(range(first, first + len(found)))
    assert all(turn.ends_at - turn.starts_at == shift for turn in found)
    assert all(one.ends_at == other.starts_at for one, other in pairwise(found))
    assert [turn.person for turn in found] == [people[turn.position % len(people)] for turn in found]
    if ahead <= timedelta():
        assert found == []
    else:
        assert found[0].starts_at == begins
        assert found[-1].starts_at < begins + ahead <= found[-1].ends_at


@given(st.integers(1, 20), st.integers(1, 20))
def test_laying_out_in_two_steps_is_laying_out_at_once(hours: int, more: int) -> None:
    once = turns(PEOPLE, 2 * HOUR, START, 0, START + (hours + more) * HOUR)
    first = turns(PEOPLE, 2 * HOUR, START, 0, START + hours * HOUR)
    assert first + turns(PEOPLE, 2 * HOUR, START, len(first), START + (hours + more) * HOUR) == once


@pytest.mark.parametrize("shift", [30 / 60 * HOUR, 8 * HOUR, 24 * HOUR])
def test_people_can_take_turns(shift: timedelta) -> None:
    check_rota(PEOPLE, shift)


@pytest.mark.parametrize(
    ("people", "shift", "sentence"),
    [
        ((), 8 * HOUR, "A rota needs at least two people."),
        (PEOPLE[:1], 8 * HOUR, "A rota needs at least two people."),
        ((*PEOPLE, PEOPLE[0]), 8 * HOUR, "Somebody is named twice in this rota."),
        (PEOPLE, timedelta(minutes=29, seconds=59), "A shift lasts from 30 minutes to 24 hours."),
        (PEOPLE, timedelta(hours=24, seconds=1), "A shift lasts from 30 minutes to 24 hours."),
        (PEOPLE, timedelta(), "A shift lasts from 30 minutes to 24 hours."),
    ],
)
def test_what_makes_no_rota_is_refused(people: tuple[str, ...], shift: timedelta, sentence: str) -> None:
    with pytest.raises(WrongWords) as refused:
        check_rota(people, shift)
    assert refused.value.user_text == sentence
    assert refused.value.hint


SHIFTS = [shift_at(n, person, START + n * 8 * HOUR) for n, person in enumerate((*PEOPLE, PEOPLE[0]))]


@pytest.mark.parametrize(("hours", "position"), [(-0.01, None), (0, 0), (7.99, 0), (8, 1), (31.99, 3), (32, None)])
def test_a_shift_holds_its_start_and_not_its_end(hours: float, position: int | None) -> None:
    found = current_shift(SHIFTS, START + hours * HOUR)
    assert (found.position if found else None) == position


@pytest.mark.parametrize(
    ("holder", "hours", "position"),
    [
        (PEOPLE[0], 1, 1),  # the plan is kept
        (PEOPLE[1], 1, 2),  # early: their own shift is no handoff
        (PEOPLE[2], 17, 3),
        (PEOPLE[0], 24, None),  # the last one
        ("UOTHER001", 0, 1),  # somebody off the rota, until the next boundary
        (PEOPLE[0], 40, None),
    ],
)
def test_who_follows_the_holder(holder: str, hours: float, position: int | None) -> None:
    found = next_handoff(SHIFTS[::-1], holder, START + hours * HOUR)
    assert (found.position if found else None) == position
