"""The plan under random edits: time stays tiled, boundaries stay put, and nobody but those named is moved."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import cycle, islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rota import (
    LONGEST_SHIFT,
    PLAN_AHEAD,
    SHORTEST_SHIFT,
    Rota,
    Turn,
    affected,
    check_rota,
    extended,
    following,
    swapped,
    traded,
    turns_after,
    with_person,
    without_person,
)
from bot.domain.rota import given as given_away
from bot.errors import WrongState
from tests.support.clock import START

EVERYBODY = tuple(f"U{name}00001" for name in ("ADA", "BOB", "EVE", "FIN", "GUS", "HAL", "IDA", "JON"))
MINUTE = timedelta(minutes=1)
lengths = st.integers(30, 1440).map(lambda minutes: minutes * MINUTE)
groups = st.lists(st.sampled_from(EVERYBODY), min_size=2, max_size=6, unique=True).map(tuple)
rotas = st.builds(
    lambda people, shift, anchor: Rota(id=1, incident=7, role="ic", people=people, shift=shift, anchor=anchor),
    groups,
    lengths,
    st.integers(-2880, 2880).map(lambda minutes: START + minutes * MINUTE),
)


@dataclass
class Plan:
    """A rota, the turns that have begun and those to come, as the actions keep them."""

    rota: Rota
    begun: list[Turn]
    upcoming: list[Turn]

    @property
    def before(self) -> Turn:
        """The turn before the upcoming ones; at the very beginning, whose turn would have come before."""
        nobody_yet = Turn(-1, self.rota.people[-1], self.rota.people[-1], self.rota.anchor, self.rota.anchor)
        return self.begun[-1] if self.begun else nobody_yet

    @property
    def turns(self) -> list[Turn]:
        return [*self.begun, *self.upcoming]

    def change(self, upcoming: list[Turn], people: Sequence[str] = ()) -> None:
        """What an edit made of the upcoming turns. Only boundaries that an extension moved may have moved."""
        if self.begun:
            self.begun[-1] = replace(self.begun[-1], ends_at=upcoming[0].starts_at)
        self.upcoming = upcoming
        self.rota = replace(self.rota, people=tuple(people) or self.rota.people)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A rota, some of whose turns have begun; two are still to come."""
    rota = draw(rotas)
    turns = turns_after(rota, None, rota.anchor + PLAN_AHEAD + 2 * LONGEST_SHIFT)
    begun = draw(st.integers(0, len(turns) - 2))
    return Plan(rota, turns[:begun], turns[begun:])


def check_tiled(turns: Sequence[Turn]) -> None:
    assert all(turn.starts_at < turn.ends_at for turn in turns), "a turn without a length"
    assert all(one.ends_at == other.starts_at for one, other in pairwise(turns)), "a gap or an overlap"
    assert [turn.position for turn in turns] == list(range(turns[0].position, turns[0].position + len(turns)))


def slots(turns: Sequence[Turn]) -> list[tuple[int, datetime, datetime]]:
    return [(turn.position, turn.starts_at, turn.ends_at) for turn in turns]


def from_on(people: Sequence[str], first: str, count: int) -> list[str]:
    """`count` people in order, round and round, beginning with `first`."""
    at = list(people).index(first)
    return list(islice(cycle([*people[at:], *people[:at]]), count))


def whose(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    return [(turn.person, turn.turn_of) for turn in turns]


# The plan by itself.


@given(rotas, st.integers(-10, 96).map(lambda hours: timedelta(hours=hours)))
def test_turns_tile_time_from_the_anchor_on_and_take_turns(rota: Rota, ahead: timedelta) -> None:
    check_rota(rota.people, rota.shift)
    turns = turns_after(rota, None, rota.anchor + ahead)
    if ahead <= timedelta():
        assert turns == []
        return
    check_tiled(turns)
    assert turns[0].starts_at == rota.anchor
    assert turns[-1].starts_at < rota.anchor + ahead <= turns[-1].ends_at
    assert all(turn.ends_at - turn.starts_at == rota.shift for turn in turns)
    people = from_on(rota.people, rota.people[0], len(turns))
    assert whose(turns) == [(person, person) for person in people]


@given(rotas, st.integers(1, 60), st.integers(1, 60))
def test_laying_out_in_two_steps_is_laying_out_at_once(rota: Rota, hours: int, more: int) -> None:
    first, end = (rota.anchor + timedelta(hours=count) for count in (hours, hours + more))
    early = turns_after(rota, None, first)
    assert early + turns_after(rota, early[-1], end) == turns_after(rota, None, end)


# One edit.


@given(plans(), st.sampled_from(EVERYBODY))
def test_who_joins_comes_at_the_end_of_the_order(plan: Plan, new: str) -> None:
    people = plan.rota.people
    if new in people:
        return
    after = with_person(people, plan.before, plan.upcoming, new)
    assert slots(after) == slots(plan.upcoming)
    first = following((*people, new), plan.before.turn_of)
    assert [turn.turn_of for turn in after] == from_on((*people, new), first, len(after))


@given(plans(), st.data())
def test_those_after_who_leaves_move_up(plan: Plan, data: st.DataObject) -> None:
    people = plan.rota.people
    if len(people) < 3:
        return
    gone = data.draw(st.sampled_from(people))
    left = tuple(person for person in people if person != gone)
    after = without_person(people, plan.before, plan.upcoming, gone)
    assert slots(after) == slots(plan.upcoming)
    first = following(people, plan.before.turn_of)
    first = following(people, first) if first == gone else first
    assert whose(after) == [(person, person) for person in from_on(left, first, len(after))]


@given(plans(), st.integers(1, 1440).map(lambda minutes: minutes * MINUTE), st.booleans())
def test_an_extension_moves_one_boundary_or_all(plan: Plan, by: timedelta, later_too: bool) -> None:
    first = plan.upcoming[0]
    if not later_too and first.ends_at - first.starts_at - by < SHORTEST_SHIFT:
        with pytest.raises(WrongState):
            extended(plan.upcoming, by, later_too=False)
        return
    after = extended(plan.upcoming, by, later_too=later_too)
    assert whose(after) == whose(plan.upcoming)
    moved = [turn.starts_at + by for turn in plan.upcoming]
    stay = [moved[0], *(turn.starts_at for turn in plan.upcoming[1:])]
    assert [turn.starts_at for turn in after] == (moved if later_too else stay)
    check_tiled(after)


@given(plans(), st.data())
def test_a_swap_is_a_trade_of_the_next_turns(plan: Plan, data: st.DataObject) -> None:
    one, other = data.draw(st.permutations(plan.rota.people))[:2]
    next_ones = [next((turn for turn in plan.upcoming if turn.person == person), None) for person in (one, other)]
    if None in next_ones:
        with pytest.raises(WrongState):
            swapped(plan.upcoming, one, other)
        return
    positions = [turn.position for turn in next_ones if turn]
    assert swapped(plan.upcoming, one, other) == traded(plan.upcoming, *positions)


@given(plans(), st.data())
def test_a_trade_touches_two_turns_and_two_people(plan: Plan, data: st.DataObject) -> None:
    one, other = (data.draw(st.sampled_from(plan.upcoming)) for _ in range(2))
    after = traded(plan.upcoming, one.position, other.position)
    assert slots(after) == slots(plan.upcoming)
    assert [turn.turn_of for turn in after] == [turn.turn_of for turn in plan.upcoming]
    expected = {one.position: other.person, other.position: one.person}
    assert [turn.person for turn in after] == [expected.get(turn.position, turn.person) for turn in plan.upcoming]
    assert set(affected(plan.upcoming, after)) <= {one.person, other.person}


@given(plans(), st.sampled_from(EVERYBODY), st.data())
def test_what_is_given_away_is_one_turn(plan: Plan, to: str, data: st.DataObject) -> None:
    given_one = data.draw(st.sampled_from(plan.upcoming))
    after = given_away(plan.upcoming, given_one.position, to)
    changed = [(old, new) for old, new in zip(plan.upcoming, after, strict=True) if old != new]
    assert changed == ([] if given_one.person == to else [(given_one, replace(given_one, person=to))])
    assert set(affected(plan.upcoming, after)) == {given_one.person, to} - ({to} if given_one.person == to else set())


# Any sequence of edits.


def added(plan: Plan, data: st.DataObject) -> str:
    people = plan.rota.people
    others = [person for person in EVERYBODY if person not in people]
    if not others:
        return "all are in it"
    new = data.draw(st.sampled_from(others))
    plan.change(with_person(people, plan.before, plan.upcoming, new), (*people, new))
    return f"{new} joined"


def removed(plan: Plan, data: st.DataObject) -> str:
    people = plan.rota.people
    if len(people) < 3:
        return "two are left"
    gone = data.draw(st.sampled_from(people))
    after = without_person(people, plan.before, plan.upcoming, gone)
    kept = [turn.person for turn in plan.upcoming if _is_kept(turn, gone, people)]
    assert [turn.person for turn in after][: len(kept)] == kept, "a trade was lost, or the order of those who stay"
    assert gone not in {name for turn in after for name in (turn.person, turn.turn_of)}, f"{gone} has turns"
    plan.change(after, [person for person in people if person != gone])
    return f"{gone} left"


def _is_kept(turn: Turn, gone: str, people: Sequence[str]) -> bool:
    return turn.person != gone and (turn.turn_of != gone or turn.person in people)


def exchanged(plan: Plan, data: st.DataObject) -> str:
    one, other = data.draw(st.sampled_from(plan.upcoming)), data.draw(st.sampled_from(plan.upcoming))
    plan.change(traded(plan.upcoming, one.position, other.position))
    return f"{one.position} and {other.position} traded"


def handed(plan: Plan, data: st.DataObject) -> str:
    turn, to = data.draw(st.sampled_from(plan.upcoming)), data.draw(st.sampled_from(plan.rota.people))
    plan.change(given_away(plan.upcoming, turn.position, to))
    return f"{turn.position} given to {to}"


def moved(plan: Plan, data: st.DataObject) -> str:
    by, later_too = data.draw(st.integers(5, 1440)) * MINUTE, data.draw(st.booleans())
    first = plan.upcoming[0]
    if later_too or first.starts_at + by + SHORTEST_SHIFT <= first.ends_at:
        plan.change(extended(plan.upcoming, by, later_too=later_too))
    return f"extended by {by}"


def passed(plan: Plan, data: st.DataObject) -> str:
    """A boundary: the next turn has begun, and more are laid out."""
    plan.begun.append(plan.upcoming.pop(0))
    plan.upcoming += turns_after(plan.rota, plan.turns[-1], plan.begun[-1].starts_at + PLAN_AHEAD + 2 * LONGEST_SHIFT)
    return "a boundary"


Edit = Callable[[Plan, st.DataObject], str]
EDITS: tuple[Edit, ...] = (added, removed, exchanged, handed, moved, passed)


def steps(data: st.DataObject) -> Iterator[Edit]:
    yield from data.draw(st.lists(st.sampled_from(EDITS), max_size=12))


@given(plans(), st.data())
def test_no_sequence_of_edits_breaks_the_plan(plan: Plan, data: st.DataObject) -> None:
    for edit in steps(data):
        before, boundaries = plan.turns, slots(plan.turns)
        what = edit(plan, data)
        check_tiled(plan.turns)
        if edit is not moved:
            assert slots(plan.turns)[: len(boundaries)] == boundaries, f"{what}: a boundary moved"
        begun = [replace(turn, ends_at=old.ends_at) for turn, old in zip(plan.begun, before, strict=False)]
        assert begun == before[: len(plan.begun)], f"{what}: the past was changed"
        assert {turn.person for turn in plan.upcoming} <= set(plan.rota.people), f"{what}: who is not in it has a turn"
        assert set(affected(before, plan.turns)) == changed_for(before, plan.turns), what


def changed_for(before: Sequence[Turn], after: Sequence[Turn]) -> set[str]:
    """Those whose own times are not what they were, counted naively."""
    times = [{(turn.person, turn.starts_at, turn.ends_at) for turn in turns} for turns in (before, after)]
    return {person for person, _, _ in times[0] ^ times[1]}


@given(plans(), st.data())
def test_after_any_edits_everybody_has_a_turn_again_before_anybody_has_two(plan: Plan, data: st.DataObject) -> None:
    for edit in steps(data):
        edit(plan, data)
    last, people = plan.turns[-1], plan.rota.people
    later = turns_after(plan.rota, last, last.ends_at + len(people) * plan.rota.shift)
    assert [turn.person for turn in later] == from_on(people, following(people, last.turn_of), len(people))
