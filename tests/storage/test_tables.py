"""What the tables themselves refuse: unknown words, naive times, doubled keys; and numbers that come back."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from bot.domain.command import How
from bot.domain.effect import EffectKind
from bot.domain.handoff import HandoffKind
from bot.domain.reminder import ReminderKind, ReminderState
from bot.domain.rota import Turn
from bot.domain.timeline import EntryKind
from storage import command, fallbacks, handoffs, inbox, incidents, outbox, people, reminders, rotas, timeline
from storage.schema import metadata
from storage.store import Store, Tx
from storage.tables import incidents as incident_table
from tests.support.clock import START
from tests.support.story import BOB, EVE, IC, begin

HOUR = timedelta(hours=1)
WORDS = {
    ("incidents", "severity"),
    ("incidents", "state"),
    ("incidents", "kind"),
    ("tenures", "how"),
    ("timeline", "kind"),
    ("handoffs", "kind"),
    ("handoffs", "state"),
    ("takings", "state"),
    ("trades", "state"),
    ("fallbacks", "state"),
    ("updates", "audience"),
    ("updates", "state"),
    ("updates", "incident_state"),
    ("updates", "cause"),
    ("promises", "state"),
    ("impacts", "level"),
    ("reminders", "state"),
    ("outbox", "state"),
}
WRONG: list[tuple[str, Mapping[str, Any]]] = [
    *[(table, {column: "wrong"}) for table, column in sorted(WORDS)],
    ("rotas", {"shift_seconds": 1799}),
    ("rotas", {"shift_seconds": 86_401}),
    ("shifts", {"ends_at": START - HOUR}),
    ("outbox", {"sends": -1}),
    ("incidents", {"title": None}),
]


def fill(tx: Tx) -> None:
    """A row in every table."""
    incident = begin(tx)
    rota = rotas.start(tx, incident.number, "ic", (IC, BOB), 8 * HOUR, tx.now)
    [shift] = rotas.add_turns(tx, rota, [Turn(0, IC, IC, tx.now, tx.now + 8 * HOUR)])
    handoffs.offer(tx, incident.number, "ic", HandoffKind.BOUNDARY, BOB, shift=shift.id, boundary_at=tx.now)
    handoffs.ask_taking(tx, incident.number, "ic", EVE, IC, "she is away", tx.now)
    rotas.ask_trade(tx, shift, BOB, None)
    reminders.plan(tx, "a reminder", ReminderKind.SHIFT_SOON, tx.now, incident.number, shift.id)
    inbox.remember(tx, "a delivery", {})
    fallbacks.add(tx, "a fallback", "C0INC00001", tx.now, incident=incident.number, subject=shift.id)
    said: dict[str, Any] = {"incident": incident.number, "said_by": IC, "said_at": tx.now}
    tx.conn.execute(
        insert(metadata.tables["impacts"]).values(
            **said, component="deploys", tier="free", place=0, is_down=False, level="operational", since=tx.now
        )
    )
    written: dict[str, Any] = {"incident": incident.number, "written_by": IC, "written_at": tx.now, "facts": {}}
    words = {"number": 1, "audience": "public", "state": "draft", "incident_state": "identified", "cause": "unknown"}
    tx.conn.execute(insert(metadata.tables["updates"]).values(**written, **words, text="We look into it."))
    promised = {"incident": incident.number, "due_at": tx.now, "state": "open", "made_at": tx.now}
    tx.conn.execute(insert(metadata.tables["promises"]).values(**promised))


def test_every_word_is_checked() -> None:
    checked = {
        (table.name, str(constraint.name).removeprefix(f"ck_{table.name}_").removesuffix("_known"))
        for table in metadata.tables.values()
        for constraint in table.constraints
        if str(constraint.name).endswith("_known")
    }
    assert checked == WORDS


@pytest.mark.parametrize(("table", "values"), WRONG, ids=str)
def test_what_is_not_known_is_refused(store: Store, table: str, values: Mapping[str, Any]) -> None:
    with store.write() as tx:
        fill(tx)
    # An update that found no row would not raise.
    with pytest.raises(IntegrityError), store.write() as tx:
        tx.conn.execute(update(metadata.tables[table]).values(**values))


def test_a_naive_time_is_refused(store: Store) -> None:
    naive = START.replace(tzinfo=None)
    with store.write() as tx:
        begin(tx)
    with pytest.raises(StatementError, match="without a zone"), store.write() as tx:
        incidents.change(tx, 1, detected_at=naive)


def test_times_come_back_aware_and_utc(store: Store) -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    with store.write() as tx:
        begin(tx)
        incidents.change(tx, 1, detected_at=datetime(2026, 3, 2, 5, 45, 0, 123456, kathmandu))
    with store.read() as tx:
        found = incidents.get(tx, 1).detected_at
        kept = tx.conn.scalar(text("SELECT detected_at FROM incidents"))
    assert (found, found.tzinfo) == (datetime(2026, 3, 2, 0, 0, 0, 123456, UTC), UTC)
    assert str(kept).startswith("2026-03-02 00:00:00")


def test_a_number_is_never_given_twice(store: Store) -> None:
    with store.write() as tx:
        begin(tx)
        assert begin(tx, channel=None).number == 2
    with store.write() as tx:
        for table in ("outbox", "members", "activity", "reminders", "timeline", "tenures", "incidents"):
            key = "number" if table == "incidents" else "incident"
            tx.conn.execute(text(f"DELETE FROM {table} WHERE {key} = 2"))
    with store.write() as tx:
        assert tx.conn.scalars(select(incident_table.c.number)).all() == [1]
        assert begin(tx, channel=None).number == 3


def test_an_incident_goes_only_when_nothing_is_of_it(store: Store) -> None:
    with store.write() as tx:
        begin(tx)
    with pytest.raises(IntegrityError), store.write() as tx:
        tx.conn.execute(incident_table.delete())


def test_a_channel_is_one_incidents(store: Store) -> None:
    with store.write() as tx:
        begin(tx)
    with pytest.raises(IntegrityError), store.write() as tx:
        begin(tx)


@pytest.mark.parametrize("table", ["outbox", "reminders", "inbox"])
def test_a_key_is_there_once(store: Store, table: str) -> None:
    with store.write() as tx:
        fill(tx)
    with store.read() as tx:
        row = tx.conn.execute(select(metadata.tables[table])).mappings().first()
    assert row is not None
    again = {name: value for name, value in row.items() if name != "id"}
    with pytest.raises(IntegrityError), store.write() as tx:
        tx.conn.execute(insert(metadata.tables[table]).values(**again))


def test_promising_and_planning_twice_is_once(store: Store, clock: Any) -> None:
    with store.write() as tx:
        begin(tx)
        outbox.enqueue(tx, "key", EffectKind.PIN, "lane", incident=1, first=True)
        reminders.plan(tx, "key", ReminderKind.SHIFT_SOON, tx.now, 1)
    clock.move(minutes=1)
    with store.write() as tx:
        outbox.enqueue(tx, "key", EffectKind.TOPIC, "lane", incident=1, first=False)
        reminders.plan(tx, "key", ReminderKind.SHIFT_BOUNDARY, tx.now, 1)
        [found] = reminders.due(tx, tx.now)
        assert (found.kind, found.due_at, found.state) == (ReminderKind.SHIFT_SOON, START, ReminderState.PENDING)
        row = tx.conn.execute(select(metadata.tables["outbox"]).filter_by(key="key")).one()
        assert (row.kind, row.intent) == ("pin", {"first": True})


def test_one_rota_runs_and_one_offer_is_open(store: Store) -> None:
    with store.write() as tx:
        fill(tx)
    for table in ("rotas", "handoffs"):
        with store.read() as tx:
            row = tx.conn.execute(select(metadata.tables[table])).mappings().one()
        again = {name: value for name, value in row.items() if name != "id"}
        with pytest.raises(IntegrityError), store.write() as tx:
            tx.conn.execute(insert(metadata.tables[table]).values(**again))


def test_a_new_rota_stops_the_one_that_ran(store: Store) -> None:
    with store.write() as tx:
        begin(tx)
        first = rotas.start(tx, 1, "ic", (IC, BOB), 8 * HOUR, tx.now)
        second = rotas.start(tx, 1, "ic", (BOB, EVE), 4 * HOUR, tx.now)
        assert rotas.running(tx, 1) == second
        assert first.id != second.id
        rotas.stop(tx, 1)
        assert rotas.running(tx, 1) is None


def test_entries_are_numbered_within_their_incident(store: Store) -> None:
    with store.write() as tx:
        begin(tx)
        begin(tx, channel=None)
        numbers = [timeline.add(tx, of, EntryKind.NOTE, "a", None).number for of in (1, 2, 1, 2, 2)]
        assert numbers == [2, 2, 3, 3, 4]
        assert [entry.number for entry in timeline.latest(tx, 2, 2)] == [3, 4]
        assert timeline.count(tx, 2) == 4


def test_what_was_answered_is_kept_for_a_while(store: Store, clock: Any) -> None:
    with store.write() as tx:
        inbox.remember(tx, "old", {"message": {"text": "é"}})
    clock.move(days=7)
    with store.write() as tx:
        inbox.remember(tx, "new", {})
        assert inbox.answer_to(tx, "old") == {"message": {"text": "é"}}
        assert inbox.forget_before(tx, START + HOUR) == 1
        assert inbox.answer_to(tx, "old") is None
        assert inbox.answer_to(tx, "new") == {}


def test_what_slack_says_of_a_channel_replaces_what_it_said(store: Store) -> None:
    with store.write() as tx:
        people.save_channel(tx, "incidents", "C0OLD00001")
        people.save_channel(tx, "incidents", "C0NEW00001")
        assert people.channel_id(tx, "incidents") == "C0NEW00001"
        assert people.channel_id(tx, "other") is None


def test_holding_two_roles_is_two_tenures(store: Store) -> None:
    with store.write() as tx:
        begin(tx)
        command.begin(tx, 1, "deputy", IC, How.ASSIGNED)
        command.begin(tx, 1, "deputy", BOB, How.ASSIGNED)
        assert [(held.role, held.person) for held in command.open_tenures(tx, 1)] == [("ic", IC), ("deputy", BOB)]
        command.end(tx, 1, "deputy")
        assert command.open_tenure(tx, 1, "deputy") is None
