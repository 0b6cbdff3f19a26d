"""What is due ends delivered, covered by a named one, or superseded with the reason: never lost, never doubled."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select

from bot.actions.command import rota
from bot.actions.incident import ending
from bot.domain.boundary import step_key
from bot.domain.incident import State
from bot.domain.reminder import ReminderKind, ReminderState
from storage import command, incidents, reminders, rotas
from storage.store import Store, Tx
from storage.tables import reminders as table
from tests.engine.plan import DELIVERED, HOUR, OF_SHIFT, SHIFT, Plan, incident
from tests.support.clock import START, MovableClock
from tests.support.story import BOB, EVE, IC


@pytest.fixture
def plan(store: Store, clock: MovableClock) -> Plan:
    return Plan(store, clock)


def test_nothing_is_due_before_its_time(plan: Plan) -> None:
    with plan.store.read() as tx:
        assert reminders.next_due(tx) == START + SHIFT - HOUR
    plan.clock.move(hours=6, minutes=59, seconds=59)
    assert plan.tick() == 0


def test_a_second_tick_does_nothing(plan: Plan) -> None:
    plan.until(8)
    before = plan.told()
    assert plan.tick() == 0
    assert plan.told() == before


@pytest.mark.parametrize(
    ("asleep", "awake", "covered"),
    [
        (6.9, 7.6, ["shift-hour"]),
        (6.9, 7.8, ["shift-hour", "shift-half"]),
        (6.9, 8.02, ["shift-hour", "shift-half", "shift-soon"]),
        (7.6, 12, ["shift-soon"]),
    ],
)
def test_a_bot_that_was_away_does_the_last_step_that_is_due(
    plan: Plan, asleep: float, awake: float, covered: Sequence[str]
) -> None:
    plan.until(asleep)
    plan.clock.move(hours=awake - asleep)
    plan.tick()
    after = plan.ended(1)
    done = OF_SHIFT[OF_SHIFT.index(covered[-1]) + 1]
    key = step_key(plan.shift(1), ReminderKind(done))
    assert {kind: after[kind] for kind in covered} == dict.fromkeys(covered, (ReminderState.COVERED, key))
    assert after[done] == DELIVERED


def test_a_shift_that_passed_is_covered_by_the_one_that_runs(plan: Plan) -> None:
    plan.clock.move(hours=17)
    plan.tick()
    running = step_key(plan.shift(2), ReminderKind.SHIFT_BOUNDARY)
    assert set(plan.ended(1).values()) == {(ReminderState.COVERED, running)}
    assert plan.ended(2)["shift-boundary"] == DELIVERED
    assert plan.asked().offered_to == EVE
    assert [what for _, what, _ in plan.told()].count("offer") == 1


@pytest.mark.parametrize("days", [1, 2, 3, 10, 100])
def test_after_any_absence_everything_has_one_end_and_one_offer_is_made(plan: Plan, days: int) -> None:
    plan.clock.move(days=days, hours=10)
    plan.tick()
    with plan.store.read() as tx:
        rows = tx.conn.execute(select(table)).all()
        assert reminders.next_due(tx) is not None
    ends = {row.key: (row.state, row.reason) for row in rows}
    due = [row for row in rows if row.due_at <= plan.clock.now()]
    assert due
    assert [row.key for row in due if row.state == "pending"] == []
    for row in due:
        state, reason = ends[row.key]
        while state == "covered":
            state, reason = ends[reason]
        assert state in {"delivered", "superseded"}, row
    assert [what for _, what, _ in plan.told()].count("offer") == 1
    turns = (days * 24 + 10) // 8
    assert plan.asked().offered_to == (IC, BOB, EVE)[turns % 3]
    assert plan.asked().boundary_at == START + turns * SHIFT


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (lambda tx: rota.stop(tx, incident(tx), "ic", IC), "the rota was stopped"),
        (lambda tx: rota.start(tx, incident(tx), "ic", (IC, EVE), SHIFT, IC), "another rota was started"),
        (lambda tx: rota.swap(tx, incident(tx), "ic", BOB, EVE, IC), "two shifts were swapped"),
        (lambda tx: rota.remove(tx, incident(tx), "ic", BOB, IC), "somebody left the rota"),
        (lambda tx: rota.extend(tx, incident(tx), "ic", HOUR, IC), "a boundary was moved"),
        (lambda tx: ending.resolve(tx, incident(tx), "", IC), "the incident was resolved"),
        (lambda tx: ending.cancel(tx, incident(tx), "", IC), "the incident was cancelled"),
    ],
)
def test_what_is_not_wanted_any_more_is_superseded_with_the_reason(
    plan: Plan, action: Callable[[Tx], object], reason: str
) -> None:
    keys = {step_key(plan.shift(1), ReminderKind(kind)) for kind in OF_SHIFT}
    plan.do(action)
    with plan.store.read() as tx:
        rows = tx.conn.execute(select(table).where(table.c.key.in_(keys))).all()
    assert {(row.state, row.reason) for row in rows} == {(ReminderState.SUPERSEDED, reason)}
    assert len(rows) == 4


def test_a_reminder_decides_again_from_how_things_are(plan: Plan) -> None:
    """As if a row had slipped through: an old plan, an ended incident."""
    plan.do(lambda tx: rotas.stop(tx, 1))
    plan.clock.move(hours=8)
    plan.tick()
    assert _states(plan) == {(ReminderState.SUPERSEDED, "its shift is not planned any more")}


def test_an_ended_incident_reminds_nobody(plan: Plan) -> None:
    def end(tx: Tx) -> None:
        incidents.change(tx, 1, state=State.RESOLVED, ic_tenure=None, open_role=None)
        command.end_all(tx, 1)

    plan.do(end)
    plan.clock.move(hours=8)
    plan.tick()
    assert _states(plan) == {(ReminderState.SUPERSEDED, "the incident is resolved")}
    assert plan.offer() is None


def test_a_reminder_of_an_older_plan_is_void(plan: Plan) -> None:
    plan.do(lambda tx: rotas.replan(tx, plan.shift(1).id, plan.shift(1).turn))
    plan.clock.move(hours=8)
    plan.tick()
    assert _states(plan) == {(ReminderState.SUPERSEDED, "the plan was changed")}


def _states(plan: Plan) -> set[tuple[str, str]]:
    """How what was due of the table has ended."""
    with plan.store.read() as tx:
        rows = tx.conn.execute(select(table).where(table.c.kind.in_(OF_SHIFT), table.c.due_at <= tx.now)).all()
    return {(row.state, row.reason) for row in rows}
