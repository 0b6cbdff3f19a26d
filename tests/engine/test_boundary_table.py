"""The boundary table and the ladder, by the minute: who is told what, written by hand."""

from datetime import timedelta

import pytest

from bot.actions.command import handoff, rota, shifts
from bot.domain.command import DEPUTY, How
from bot.domain.reminder import ReminderState
from bot.errors import WrongState
from storage import command, handoffs, rotas
from storage.store import Store, Tx
from tests.engine.plan import DEPUTIZES, HOUR, MANAGER, SETTINGS, SHIFT, Plan, incident
from tests.support.clock import START, MovableClock
from tests.support.story import BOB, COMMANDER, EVE, IC


@pytest.fixture
def plan(store: Store, clock: MovableClock) -> Plan:
    return Plan(store, clock)


def test_a_boundary_that_nobody_answers(plan: Plan) -> None:
    """The whole table and the whole ladder, written by hand: each step once, at its minute, to the right person."""
    plan.do(lambda tx: command.begin(tx, 1, DEPUTY, DEPUTIZES, How.ASSIGNED))
    plan.until(10.2)
    assert plan.told() == [
        (-60, "shift-hour", BOB),
        (-60, "shift-hour-out", IC),
        (-30, "shift-page", BOB),
        (-25, "shift-page", BOB),
        (-20, "shift-page", BOB),
        (-15, "shift-page", BOB),
        (-15, "stand-in", DEPUTIZES),
        (-15, "briefing", ""),
        (-10, "shift-page", BOB),
        (-5, "shift-page", BOB),
        (0, "briefing", ""),
        (0, "offer", ""),
        (10, "late-out", IC),
        (10, "late-in", BOB),
        (15, "ladder", DEPUTIZES),
        (20, "ladder", DEPUTIZES),
        (25, "ladder", EVE),
        (30, "managers", MANAGER),
        (30, "ladder", EVE),
        (35, "ladder", COMMANDER),
        (40, "ladder", COMMANDER),
        (45, "ladder", MANAGER),
        (50, "ladder", MANAGER),
        (55, "unanswered", ""),
        (60, "fatigue", IC),
        (85, "unanswered", ""),
        (115, "unanswered", ""),
        (120, "fatigue", IC),
    ]
    with plan.store.read() as tx:
        # Until somebody accepts, who had command has it, however late.
        assert [held.person for held in command.tenures_of(tx, 1)] == [IC]
        assert plan.asked().exhausted_at == START + SHIFT + timedelta(minutes=55)


def test_who_is_up_is_not_paged(plan: Plan) -> None:
    plan.until(7)
    plan.do(lambda tx: shifts.up(tx, plan.shift(1).id, 1, BOB))
    plan.until(8)
    assert [what for _, what, _ in plan.told()] == ["shift-hour", "shift-hour-out", "briefing", "briefing", "offer"]
    assert plan.ended(1)["shift-half"] == (ReminderState.SUPERSEDED, "they are up")


def test_who_confirmed_long_before_is_paged_all_the_same(plan: Plan) -> None:
    plan.do(lambda tx: shifts.confirm(tx, plan.shift(1).id, 1, BOB))
    plan.until(7.5)
    assert (-30, "shift-page", BOB) in plan.told()


def test_who_cannot_is_not_paged_and_the_ladder_begins_at_the_boundary(plan: Plan) -> None:
    plan.until(7.25)
    plan.do(lambda tx: shifts.cant(tx, SETTINGS, plan.shift(1).id, 1, BOB))
    plan.until(8)
    assert plan.ended(1)["shift-half"] == (ReminderState.SUPERSEDED, "they said so")
    assert [one for one in plan.told(BOB, EVE, COMMANDER) if one[0] > -45] == [
        (-25, "no-trade", BOB),
        (-15, "stand-in", EVE),
        (0, "ladder", EVE),
    ]


def test_what_comes_after_a_late_offer_counts_from_when_it_was_made(plan: Plan) -> None:
    plan.clock.move(hours=11)
    plan.tick()
    plan.until(11.3)
    assert [one for one in plan.told(BOB, EVE) if "plan" not in one] == [(190, "late-in", BOB), (195, "ladder", EVE)]


def test_who_has_it_already_is_not_asked(plan: Plan) -> None:
    plan.until(6.5)
    plan.do(lambda tx: handoff.hand_over(tx, incident(tx), None, IC))
    early = plan.asked()
    plan.do(lambda tx: handoff.accept(tx, early.id, BOB))
    plan.until(8)
    assert set(plan.ended(1).values()) == {(ReminderState.SUPERSEDED, "they have it already")}
    assert plan.offer() is None
    # It still ends at its boundary.
    plan.until(16)
    assert plan.asked().offered_to == EVE


def test_an_extension_plans_the_table_anew(plan: Plan) -> None:
    plan.until(7.6)
    plan.do(lambda tx: rota.extend(tx, incident(tx), "ic", HOUR, IC))
    plan.until(9)
    said = [one for one in plan.told(BOB) if one[0] >= -24]
    # What they were woken for is over; they are asked again, for the new time.
    assert said == [
        (-24, "plan", BOB),
        (0, "shift-hour", BOB),
        (30, "shift-page", BOB),
        (35, "shift-page", BOB),
        (40, "shift-page", BOB),
        (45, "shift-page", BOB),
        (50, "shift-page", BOB),
        (55, "shift-page", BOB),
    ]
    assert plan.asked().boundary_at == START + 9 * HOUR


def test_there_is_nothing_to_extend_when_nobody_else_follows(plan: Plan) -> None:
    def theirs(tx: Tx) -> None:
        for shift in rotas.shifts_of(tx, 1):
            rotas.change_shift(tx, shift.id, person=IC)

    plan.do(theirs)
    with pytest.raises(WrongState) as refused:
        plan.do(lambda tx: rota.extend(tx, incident(tx), "ic", HOUR, IC))
    assert refused.value.user_text == "No boundary is planned at which command changes hands."


def test_each_boundary_lays_out_what_comes_next(plan: Plan) -> None:
    with plan.store.read() as tx:
        assert len(rotas.shifts_of(tx, 1)) == 6
    plan.until(8)
    with plan.store.read() as tx:
        assert [found.person for found in rotas.shifts_of(tx, 1)] == [IC, BOB, EVE, IC, BOB, EVE, IC]


def test_the_next_boundary_ends_a_question_that_nobody_answered(plan: Plan) -> None:
    plan.until(8)
    first = plan.asked()
    plan.until(16)
    assert plan.asked().offered_to == EVE
    with plan.store.read() as tx:
        before = handoffs.get(tx, first.id)
    assert (before.state, before.reason) == ("expired", "the next shift has begun")


def test_accepting_relieves_who_held_command(plan: Plan) -> None:
    plan.until(8.2)
    plan.do(lambda tx: handoff.accept(tx, plan.asked().id, BOB))
    with plan.store.read() as tx:
        [first, second] = command.tenures_of(tx, 1)
        assert (first.person, first.ended_at) == (IC, second.started_at)
        assert (second.person, second.ended_at, second.late_seconds) == (BOB, None, 720)
        assert incident(tx).acknowledged_at == tx.now
    assert plan.told(IC)[-1] == (12, "relieved", IC)
    # Nobody moved the boundary after it: a late start is a shorter turn.
    plan.until(16)
    assert plan.asked().boundary_at == START + 2 * SHIFT


def test_another_role_is_asked_an_hour_before_and_at_the_boundary(plan: Plan) -> None:
    def start(tx: Tx) -> None:
        rota.start(tx, incident(tx), "communications", (EVE, BOB), SHIFT, IC)
        rota.stop(tx, incident(tx), "ic", IC)

    plan.do(start)
    plan.until(8.5)
    assert [one for one in plan.told() if one[1] != "fatigue"] == [
        (-60, "shift-hour", BOB),
        (0, "briefing", ""),
        # That EVE never took the first one, and that it is BOB's turn.
        (0, "offer", ""),
        (0, "offer", ""),
        (10, "late-in", BOB),
    ]
