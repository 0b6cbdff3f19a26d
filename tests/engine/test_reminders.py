"""What is due ends delivered, covered by a named one, or superseded with the reason: never lost, never doubled."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.actions import ending, handoff, rota
from bot.actions.remind import run_due
from bot.domain.command import COMMANDER, Handoff
from bot.domain.incident import State
from bot.domain.reminder import ReminderState
from storage import command, incidents, reminders
from storage.store import Store, Tx
from storage.tables import outbox
from storage.tables import reminders as table
from tests.support.clock import START, MovableClock
from tests.support.story import BOB, EVE, IC, begin

HOUR = timedelta(hours=1)
SHIFT = 8 * HOUR


@pytest.fixture(autouse=True)
def _planned(store: Store) -> None:
    """IC, BOB and EVE take turns of 8 h from START on."""
    with store.write() as tx:
        rota.start(tx, begin(tx), (IC, BOB, EVE), SHIFT, IC)


def ended(store: Store, position: int) -> dict[str, tuple[str, str]]:
    """How the reminders of a shift ended: by the tail of the key, state and reason."""
    with store.read() as tx:
        rows = tx.conn.execute(select(table).order_by(table.c.due_at)).all()
        [wanted] = [shift.id for shift in command.shifts_of(tx, 1) if shift.position == position]
    return {row.kind: (row.state, row.reason) for row in rows if row.shift == wanted}


def tick(store: Store) -> int:
    count = 0
    with store.write() as tx:
        while found := run_due(tx):
            count += found
    return count


def promised(store: Store, kind: str, what: str = "") -> list[str]:
    with store.read() as tx:
        rows = tx.conn.execute(select(outbox.c.key, outbox.c.intent).where(outbox.c.kind == kind)).all()
    return [row.key for row in rows if not what or row.intent.get("what") == what]


def offer(store: Store) -> Handoff | None:
    with store.read() as tx:
        return command.open_offer(tx, 1)


def do(store: Store, action: Callable[[Tx], object]) -> None:
    with store.write() as tx:
        action(tx)


DELIVERED = (ReminderState.DELIVERED, "")


def test_nothing_is_due_before_its_time(store: Store, clock: MovableClock) -> None:
    with store.read() as tx:
        assert reminders.next_due(tx) == START + SHIFT - timedelta(minutes=15)
    clock.move(hours=7, minutes=44, seconds=59)
    assert tick(store) == 0


def test_a_handoff_is_announced_and_offered_at_its_times(store: Store, clock: MovableClock) -> None:
    clock.move(hours=7, minutes=45)
    assert tick(store) == 1
    assert ended(store, 1) == {"shift-soon": DELIVERED, "shift-boundary": ("pending", "")}
    assert len(promised(store, "post", "shift-soon")) == 1
    assert offer(store) is None
    clock.move(minutes=15)
    assert tick(store) == 1
    assert ended(store, 1)["shift-boundary"] == DELIVERED
    found = offer(store)
    assert found is not None
    assert (found.offered_to, found.boundary_at) == (BOB, START + SHIFT)
    with store.read() as tx:
        # Command moves by acceptance only.
        assert [held.person for held in command.open_tenures(tx, 1)] == [IC]


def test_a_second_tick_does_nothing(store: Store, clock: MovableClock) -> None:
    clock.move(hours=8)
    tick(store)
    keys = promised(store, "offer")
    assert tick(store) == 0
    assert promised(store, "offer") == keys


def test_too_late_to_announce_is_covered_by_the_boundary(store: Store, clock: MovableClock) -> None:
    clock.move(hours=8, minutes=1)
    assert tick(store) == 2
    with store.read() as tx:
        key = rota.boundary_key(command.shifts_of(tx, 1)[1])
    assert ended(store, 1) == {"shift-soon": (ReminderState.COVERED, key), "shift-boundary": DELIVERED}
    assert promised(store, "post", "shift-soon") == []


def test_a_shift_that_passed_is_covered_by_the_one_that_runs(store: Store, clock: MovableClock) -> None:
    clock.move(hours=17)
    tick(store)
    with store.read() as tx:
        running = rota.boundary_key(command.shifts_of(tx, 1)[2])
    assert ended(store, 1)["shift-boundary"] == (ReminderState.COVERED, running)
    assert ended(store, 2)["shift-boundary"] == DELIVERED
    found = offer(store)
    assert found is not None
    assert found.offered_to == EVE
    assert len(promised(store, "offer")) == 1


@pytest.mark.parametrize("days", [1, 3, 10, 100])
def test_after_any_absence_everything_has_one_end_and_one_offer_is_made(
    store: Store, clock: MovableClock, days: int
) -> None:
    clock.move(days=days, minutes=5)
    tick(store)
    with store.read() as tx:
        rows = tx.conn.execute(select(table)).all()
        ends = {row.key: (row.state, row.reason) for row in rows}
        due = [row for row in rows if row.due_at <= tx.now]
    assert due
    assert [row.key for row in due if row.state == "pending"] == []
    for row in due:
        state, reason = ends[row.key]
        while state == "covered":
            state, reason = ends[reason]
        assert state in {"delivered", "superseded"}, row
    assert len(promised(store, "offer")) <= 1
    with store.read() as tx:
        assert reminders.next_due(tx) is not None


def test_who_is_in_command_already_is_not_asked(store: Store, clock: MovableClock) -> None:
    clock.move(hours=7)
    do(store, lambda tx: handoff.offer_command(tx, incidents.get(tx, 1), command.shifts_of(tx, 1)[1]))
    early = offer(store)
    assert early is not None
    do(store, lambda tx: handoff.accept(tx, early.id, BOB))
    clock.move(hours=1)
    tick(store)
    assert ended(store, 1)["shift-boundary"] == (ReminderState.SUPERSEDED, "already in command")
    assert offer(store) is None


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (lambda tx: rota.stop(tx, incidents.get(tx, 1), IC), "the rota was stopped"),
        (lambda tx: rota.start(tx, incidents.get(tx, 1), (IC, EVE), SHIFT, IC), "another rota was started"),
        (lambda tx: ending.resolve(tx, incidents.get(tx, 1), "", IC), "the incident was resolved"),
        (lambda tx: ending.cancel(tx, incidents.get(tx, 1), "", IC), "the incident was cancelled"),
    ],
)
def test_what_is_not_wanted_any_more_is_superseded_with_the_reason(
    store: Store, action: Callable[[Tx], object], reason: str
) -> None:
    do(store, action)
    assert set(ended(store, 1).values()) == {(ReminderState.SUPERSEDED, reason)}


def test_a_reminder_decides_again_from_how_things_are(store: Store, clock: MovableClock) -> None:
    """As if a row had slipped through: an old plan, an ended incident."""
    do(store, lambda tx: command.stop_rota(tx, 1))
    clock.move(hours=8)
    tick(store)
    assert set(ended(store, 1).values()) == {(ReminderState.SUPERSEDED, "its shift is not planned any more")}


def test_an_ended_incident_reminds_nobody(store: Store, clock: MovableClock) -> None:
    def end(tx: Tx) -> None:
        incidents.change(tx, 1, state=State.RESOLVED, ic_tenure=None, open_role=None)
        command.end_all(tx, 1)

    do(store, end)
    clock.move(hours=8)
    tick(store)
    assert set(ended(store, 1).values()) == {(ReminderState.SUPERSEDED, "the incident is resolved")}
    assert offer(store) is None


def test_each_boundary_lays_out_what_comes_next(store: Store, clock: MovableClock) -> None:
    with store.read() as tx:
        before = len(command.shifts_of(tx, 1))
    assert before == 6
    clock.move(hours=8)
    tick(store)
    with store.read() as tx:
        shifts = command.shifts_of(tx, 1)
    assert len(shifts) == 7
    assert [shift.person for shift in shifts] == [IC, BOB, EVE, IC, BOB, EVE, IC]


def test_a_new_offer_withdraws_the_one_before(store: Store, clock: MovableClock) -> None:
    clock.move(hours=8)
    tick(store)
    first = offer(store)
    clock.move(hours=8)
    tick(store)
    second = offer(store)
    assert first is not None
    assert second is not None
    assert second.offered_to == EVE
    with store.read() as tx:
        assert command.handoff_by_id(tx, first.id).state == "withdrawn"
    assert f"INC-1:offer:{first.id}:withdrawn" in promised(store, "offer")


def test_accepting_relieves_who_held_command(store: Store, clock: MovableClock) -> None:
    clock.move(hours=8)
    tick(store)
    asked = offer(store)
    assert asked is not None
    clock.move(minutes=12)
    do(store, lambda tx: handoff.accept(tx, asked.id, BOB))
    with store.read() as tx:
        [first, second] = command.tenures_of(tx, 1, COMMANDER)
        assert (first.person, first.ended_at) == (IC, second.started_at)
        assert (second.person, second.ended_at) == (BOB, None)
        assert incidents.get(tx, 1).acknowledged_at == tx.now
    assert len(promised(store, "post", "relieved")) == 1
