"""Rotas by example: who may take turns, who is next, and what each edit makes of the plan."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.rota import (
    Rota,
    Shift,
    Turn,
    affected,
    changes_hands,
    check_rota,
    current_shift,
    extended,
    following,
    given,
    longest_extension,
    next_handoff,
    plan_until,
    shifts_of_person,
    swapped,
    turns_after,
    with_person,
    without_person,
)
from bot.errors import WrongState, WrongWords
from tests.support.clock import START

HOUR = timedelta(hours=1)
# By their initials: A = ADA, and so on.
NAMES = {name[0]: f"U{name}00001" for name in ("ADA", "BOB", "EVE", "FIN")}
A, B, E, F = NAMES.values()
PEOPLE = (A, B, E)


def rota(people: str = "ABE") -> Rota:
    return Rota(id=1, incident=7, role="ic", people=named(people), shift=8 * HOUR, anchor=START)


def named(initials: str) -> tuple[str, ...]:
    return tuple(NAMES[initial] for initial in initials)


def turns(people: str, whose: str = "", first: int = 0) -> list[Turn]:
    """Turns of 8 h from START on, taken by these people; `whose` turn each is by the order when that differs."""
    found = []
    for place, (person, turn_of) in enumerate(zip(people, whose or people, strict=True), first):
        start = START + place * 8 * HOUR
        found.append(Turn(place, NAMES[person], NAMES[turn_of], start, start + 8 * HOUR))
    return found


def shown(found: list[Turn]) -> tuple[str, str]:
    """Who takes the turns, and whose they are, by their initials."""
    return "".join(turn.person[1] for turn in found), "".join(turn.turn_of[1] for turn in found)


def shift(turn: Turn) -> Shift:
    return Shift(
        id=turn.position + 1,
        rota=1,
        incident=7,
        role="ic",
        position=turn.position,
        person=turn.person,
        turn_of=turn.turn_of,
        starts_at=turn.starts_at,
        ends_at=turn.ends_at,
    )


@pytest.mark.parametrize("length", [HOUR / 2, 8 * HOUR, 24 * HOUR])
def test_people_can_take_turns(length: timedelta) -> None:
    check_rota(PEOPLE, length)


@pytest.mark.parametrize(
    ("people", "length", "sentence"),
    [
        ((), 8 * HOUR, "A rota needs at least two people."),
        (PEOPLE[:1], 8 * HOUR, "A rota needs at least two people."),
        ((*PEOPLE, A), 8 * HOUR, "Somebody is named twice in this rota."),
        (PEOPLE, timedelta(minutes=29, seconds=59), "A shift lasts from 30 minutes to 24 hours."),
        (PEOPLE, timedelta(hours=24, seconds=1), "A shift lasts from 30 minutes to 24 hours."),
        (PEOPLE, timedelta(), "A shift lasts from 30 minutes to 24 hours."),
    ],
)
def test_what_makes_no_rota_is_refused(people: tuple[str, ...], length: timedelta, sentence: str) -> None:
    with pytest.raises(WrongWords) as refused:
        check_rota(people, length)
    assert refused.value.user_text == sentence
    assert refused.value.hint


@pytest.mark.parametrize(
    ("last", "hours", "expected"),
    [
        (None, 0, ""),
        (None, 1, "A"),
        (None, 24, "ABE"),
        (None, 25, "ABEA"),
        (turns("ABE")[-1], 48, "ABE"),
        # What was traded does not change who comes next: the order goes on by whose turn it was.
        (turns("AEB", "ABE")[-1], 32, "A"),
        (turns("A", "B")[-1], 24, "EA"),
        # Whose turn it was has left since.
        (turns("F")[-1], 24, "AB"),
    ],
)
def test_the_order_goes_on_after_the_last_turn(last: Turn | None, hours: int, expected: str) -> None:
    assert shown(turns_after(rota(), last, START + hours * HOUR)) == (expected, expected)


@pytest.mark.parametrize(("person", "next_one"), [(A, B), (B, E), (E, A), (F, A)])
def test_who_follows_in_the_order(person: str, next_one: str) -> None:
    assert following(PEOPLE, person) == next_one


NOBODY_YET = Turn(-1, E, E, START, START)


@pytest.mark.parametrize(
    ("before", "upcoming", "people", "whose"),
    [
        (turns("A")[0], turns("BEABEA"), "BEFABE", "BEFABE"),
        (turns("E")[0], turns("ABEABE"), "FABEFA", "FABEFA"),
        # Nothing has begun: the first named still begins.
        (NOBODY_YET, turns("ABEA"), "FABE", "FABE"),
        # A trade stays, and the new one comes after everybody's turn, whoever takes it.
        (turns("A")[0], turns("EBABE", "BEABE"), "EBFAB", "BEFAB"),
        (turns("A")[0], [], "", ""),
    ],
    ids=["in the middle", "at the end of the order", "before the first", "after a trade", "nothing to come"],
)
def test_who_joins(before: Turn, upcoming: list[Turn], people: str, whose: str) -> None:
    assert shown(with_person(PEOPLE, before, upcoming, F)) == (people, whose)


@pytest.mark.parametrize(
    ("gone", "before", "upcoming", "people", "whose"),
    [
        (B, turns("A")[0], turns("BEABEA"), "EAEAEA", "EAEAEA"),
        (E, turns("A")[0], turns("BEABEA"), "BABABA", "BABABA"),
        # Whose turn it is now leaves: they are late, somebody else holds the role.
        (B, turns("B")[0], turns("EABE"), "EAEA", "EAEA"),
        # B took E's turn and E took B's. B leaves: what E took stays E's, the one B took is nobody's any more.
        (B, turns("A")[0], turns("EBABE", "BEABE"), "EAEAE", "AAEAE"),
        # E took B's turn for nothing. B leaves: E keeps both.
        (B, turns("A")[0], turns("EEABE", "BEABE"), "EEAEA", "AEAEA"),
    ],
    ids=["the next", "a later one", "who is late", "after a trade", "after a gift"],
)
def test_who_leaves(gone: str, before: Turn, upcoming: list[Turn], people: str, whose: str) -> None:
    assert shown(without_person(PEOPLE, before, upcoming, gone)) == (people, whose)


def test_a_swap_exchanges_the_next_turns_of_two() -> None:
    assert shown(swapped(turns("BEABE"), B, A)) == ("AEBBE", "BEABE")


def test_who_has_no_turn_to_come_can_swap_none() -> None:
    with pytest.raises(WrongState) as refused:
        swapped(turns("BE"), B, A)
    assert refused.value.user_text == f"<@{A}> has no shift to come in this rota."


def test_a_turn_given_away_is_still_whose_it_was() -> None:
    assert shown(given(turns("BEA"), 1, A)) == ("BAA", "BEA")


@pytest.mark.parametrize(
    ("hours", "later_too", "starts", "ends"),
    [
        (1, False, [1, 8, 16], [8, 16, 24]),
        (7.5, False, [7.5, 8, 16], [8, 16, 24]),
        (1, True, [1, 9, 17], [9, 17, 25]),
        (24, True, [24, 32, 40], [32, 40, 48]),
    ],
)
def test_an_extension_moves_this_boundary_or_all(
    hours: float, later_too: bool, starts: list[float], ends: list[float]
) -> None:
    after = extended(turns("ABE"), hours * HOUR, later_too=later_too)
    assert [(turn.starts_at - START) / HOUR for turn in after] == starts
    assert [(turn.ends_at - START) / HOUR for turn in after] == ends
    assert shown(after) == ("ABE", "ABE")


def test_an_extension_of_a_later_boundary_leaves_those_before() -> None:
    after = extended(turns("BBEA"), HOUR, later_too=False, at=2)
    assert [(turn.starts_at - START) / HOUR for turn in after] == [0, 8, 17, 24]
    assert [(turn.ends_at - START) / HOUR for turn in after] == [8, 17, 24, 32]
    after = extended(turns("BBEA"), HOUR, later_too=True, at=2)
    assert [(turn.ends_at - START) / HOUR for turn in after] == [8, 17, 25, 33]


@pytest.mark.parametrize(
    ("coming", "holder", "place"),
    [("BEA", A, 0), ("BEA", B, 1), ("BBEA", B, 2), ("AEB", A, 1), ("BEA", None, 0), ("BB", B, None), ("", B, None)],
)
def test_where_the_role_changes_hands(coming: str, holder: str | None, place: int | None) -> None:
    assert changes_hands(turns(coming), holder) == place


@pytest.mark.parametrize("hours", [7.51, 8, 24])
def test_an_extension_leaves_half_an_hour(hours: float) -> None:
    with pytest.raises(WrongState) as refused:
        extended(turns("ABE"), hours * HOUR, later_too=False)
    assert refused.value.user_text == f"That would leave <@{A}> less than 30 minutes."


@pytest.mark.parametrize(
    ("after", "people"),
    [
        (turns("BEAB"), []),
        (turns("EBAB"), [B, E]),
        (turns("BEAE"), [B, E]),
        (turns("AEBB"), [B, A]),
        # Whose turn it is by the order is nobody's business but the order's.
        (turns("BEAB", "BEAE"), []),
        (extended(turns("BEAB"), HOUR, later_too=False), [B]),
        (extended(turns("BEAB"), HOUR, later_too=True), [B, E, A]),
    ],
    ids=["nothing", "next two", "last", "first and third", "the order", "one boundary", "all boundaries"],
)
def test_who_is_affected(after: list[Turn], people: list[str]) -> None:
    assert affected(turns("BEAB"), after) == people


SHIFTS = [shift(turn) for turn in turns("ABEA")]


@pytest.mark.parametrize(("hours", "position"), [(-0.01, None), (0, 0), (7.99, 0), (8, 1), (31.99, 3), (32, None)])
def test_a_shift_holds_its_start_and_not_its_end(hours: float, position: int | None) -> None:
    found = current_shift(SHIFTS, START + hours * HOUR)
    assert (found.position if found else None) == position


@pytest.mark.parametrize(
    ("holder", "hours", "position"),
    [
        (A, 1, 1),  # the plan is kept
        (B, 1, 2),  # early: their own shift is no handoff
        (E, 17, 3),
        (A, 24, None),  # the last one
        (F, 0, 1),  # somebody off the rota, until the next boundary
        (None, 9, 2),
        (A, 40, None),
    ],
)
def test_who_follows_the_holder(holder: str | None, hours: float, position: int | None) -> None:
    found = next_handoff(SHIFTS[::-1], holder, START + hours * HOUR)
    assert (found.position if found else None) == position


@pytest.mark.parametrize(("hours", "positions"), [(0, [0, 3]), (7.99, [0, 3]), (8, [3]), (32, [])])
def test_the_shifts_of_a_person_that_have_not_ended(hours: float, positions: list[int]) -> None:
    assert [found.position for found in shifts_of_person(SHIFTS, A, START + hours * HOUR)] == positions


def test_a_stored_shift_is_its_turn() -> None:
    traded = replace(SHIFTS[0], person=B, version=3, confirmed_at=START)
    assert traded.turn == Turn(0, B, A, START, START + 8 * HOUR)


@pytest.mark.parametrize("begun_for", [0, 1, 7])
@pytest.mark.parametrize("hours", [1, 8, 24])
def test_the_plan_reaches_48_hours_and_everybody(hours: int, begun_for: int) -> None:
    planned = replace(rota(), shift=hours * HOUR)
    now = START + begun_for * HOUR
    laid_out = turns_after(planned, None, plan_until(planned, now))
    coming = [turn for turn in laid_out if turn.starts_at > now]
    assert {turn.person for turn in coming} == set(PEOPLE)
    assert laid_out[-1].ends_at >= now + 48 * HOUR


def test_a_plan_that_begins_later_reaches_everybody_too() -> None:
    planned = replace(rota(), shift=24 * HOUR, anchor=START + 40 * HOUR)
    laid_out = turns_after(planned, None, plan_until(planned, START))
    assert {turn.person for turn in laid_out} == set(PEOPLE)


@pytest.mark.parametrize(
    ("minutes", "by"), [(480, 60), (90, 60), (89, 55), (60, 30), (36, 5), (34, 0), (30, 0), (5, 0)]
)
def test_a_button_extends_by_what_is_allowed(minutes: int, by: int) -> None:
    end = START + timedelta(minutes=minutes)
    found = longest_extension(START, end)
    assert found == timedelta(minutes=by)
    if found:
        extended([Turn(0, A, A, START, end)], found, later_too=False)
