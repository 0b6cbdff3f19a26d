"""Transactions: whole or not at all, one writer, and a wake-up for whoever waits for what was written."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from bot.domain.effect import EffectKind
from bot.domain.reminder import ReminderKind
from storage import backlog, inbox, incidents, outbox, people, reminders
from storage.desk import outbox_drop, outbox_lines, outbox_retry
from storage.store import Store, StoreBusy, StoreDamaged, Tx, open_engine
from storage.tables import outbox as outbox_table
from tests.support.clock import MovableClock
from tests.support.database import dump, new_file
from tests.support.story import begin


def test_a_database_is_one_bots(tmp_path: Path, clock: MovableClock) -> None:
    file = new_file(tmp_path)
    first = Store(file, clock)
    with pytest.raises(StoreBusy, match="another process has"):
        Store(file, clock)
    first.close()
    Store(file, clock).close()


def test_a_place_that_can_hold_no_database_is_told(tmp_path: Path, clock: MovableClock) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreDamaged, match="can't be opened"):
        Store(tmp_path / "file" / "watchbill.db", clock)


def _begin_and_fail(tx: Tx) -> None:
    begin(tx)
    raise RuntimeError


def test_what_raises_leaves_nothing(store: Store) -> None:
    with store.read() as tx:
        before = dump(tx)
    with pytest.raises(RuntimeError):
        asyncio.run(store.run(_begin_and_fail))
    with store.read() as tx:
        assert dump(tx) == before


def test_a_reader_can_not_write(store: Store) -> None:
    with pytest.raises(OperationalError, match="readonly"), store.read() as tx:
        begin(tx)


def test_a_reader_sees_one_instant(store: Store) -> None:
    with store.read() as reading:
        assert incidents.find(reading, 1) is None
        with store.write() as tx:
            begin(tx)
        assert incidents.find(reading, 1) is None
    with store.read() as tx:
        assert incidents.find(tx, 1) is not None


def test_all_of_a_transaction_is_of_one_time(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        now = tx.now
        clock.move(hours=1)
        assert begin(tx).declared_at == now


def _touch_outbox(tx: Tx) -> None:
    outbox.enqueue(tx, "key", EffectKind.PIN, "lane", needs_channel=False)


def _touch_reminders(tx: Tx) -> None:
    reminders.plan(tx, "key", ReminderKind.SHIFT_SOON, tx.now, 1)


def _touch_neither(tx: Tx) -> None:
    inbox.remember(tx, "key", {})
    people.save_channel(tx, "incidents", "C0GEN00001")


def _fail(tx: Tx) -> None:
    _touch_outbox(tx)
    _touch_reminders(tx)
    raise RuntimeError


def test_only_what_was_written_wakes_who_waits_for_it(store: Store) -> None:
    woken: list[str] = []
    with store.write() as tx:
        begin(tx)
    store.on_outbox = lambda: woken.append("relay")
    store.on_reminders = lambda: woken.append("engine")

    async def work() -> None:
        await store.run(_touch_neither)
        await store.view(backlog.counts)
        with pytest.raises(RuntimeError):
            await store.run(_fail)
        assert woken == []
        await store.run(_touch_outbox)
        assert woken == ["relay"]
        await store.run(_touch_reminders)
        assert woken == ["relay", "engine"]
        # Promised and planned already: nothing was written.
        await store.run(_touch_outbox)
        await store.run(_touch_reminders)
        assert woken == ["relay", "engine"]

    asyncio.run(work())


def test_the_relay_is_woken_after_the_commit(store: Store) -> None:
    seen: list[int] = []

    def look() -> None:
        with store.read() as tx:
            seen.append(len(outbox.sendable(tx, tx.now, (), 10)))

    store.on_outbox = look
    with store.write() as tx:
        _touch_outbox(tx)
        assert seen == []
    assert seen == [1]


def test_a_caller_who_gives_up_changes_nothing_about_what_is_written(store: Store) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        begin(tx)
        began.set()
        assert go_on.wait(10)
        begin(tx, channel=None)

    async def work() -> None:
        writing = asyncio.create_task(store.run(slow))
        await asyncio.to_thread(began.wait, 10)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        go_on.set()
        # One writer: this one comes after it.
        assert await store.run(lambda tx: [found.number for found in incidents.public_open(tx)]) == [1, 2]

    asyncio.run(work())


def test_a_caller_who_gives_up_before_the_begin_writes_nothing(store: Store) -> None:
    holding, go_on = threading.Event(), threading.Event()

    def hold(tx: Tx) -> None:
        holding.set()
        assert go_on.wait(10)

    async def work() -> None:
        first = asyncio.create_task(store.run(hold))
        await asyncio.to_thread(holding.wait, 10)
        second = asyncio.create_task(store.run(begin))
        await asyncio.sleep(0)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        go_on.set()
        await first
        assert await store.run(incidents.public_open) == []

    asyncio.run(work())


def test_eight_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    file = new_file(tmp_path)
    engines = [open_engine(file, "IMMEDIATE", size=4) for _ in range(2)]
    with engines[0].begin() as conn:
        conn.execute(text("INSERT INTO channels (name, id) VALUES ('counter', '0')"))

    def add(number: int) -> None:
        for _ in range(10):
            with engines[number % 2].begin() as conn:
                value = conn.scalar(text("SELECT id FROM channels"))
                conn.execute(text("UPDATE channels SET id = :value"), {"value": str(int(value) + 1)})

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(8)))
    with engines[1].begin() as conn:
        assert conn.scalar(text("SELECT id FROM channels")) == "80"
    for engine in engines:
        engine.dispose()


def test_pragmas_hold_on_both_sides(store: Store) -> None:
    for opened in (store.write, store.read):
        with opened() as tx:
            found = [tx.conn.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
            assert found == ["wal", 2, 1]


def test_the_operators_desk_stands_beside_a_running_bot(tmp_path: Path, clock: MovableClock) -> None:
    file = new_file(tmp_path)
    store = Store(file, clock)
    assert outbox_lines(file) == ["The outbox is empty: everything promised has been sent."]
    with store.write() as tx:
        _touch_outbox(tx)
        tx.conn.execute(update(outbox_table).values(state="failed", error="channel_not_found"))
    [line] = outbox_lines(file)
    assert "failed" in line
    assert "channel_not_found" in line
    assert outbox_retry(file, 1)
    with store.read() as tx:
        assert tx.conn.scalar(select(outbox_table.c.state)) == "pending"
    assert outbox_drop(file, 1)
    assert not outbox_drop(file, 1)
    store.close()


def test_the_operators_desk_says_when_there_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreDamaged, match="there is no database"):
        outbox_lines(tmp_path / "none.db")


def test_what_is_due_and_what_is_next(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        begin(tx)
        for key, hours in (("late", 2), ("soon", 1)):
            reminders.plan(tx, key, ReminderKind.SHIFT_SOON, tx.now + timedelta(hours=hours), 1)
        assert reminders.due(tx, tx.now) == []
        assert reminders.next_due(tx) == tx.now + timedelta(hours=1)
    clock.move(hours=1)
    with store.write() as tx:
        assert [found.key for found in reminders.due(tx, tx.now)] == ["soon"]
        reminders.supersede(tx, 1, "over")
        assert (reminders.due(tx, tx.now), reminders.next_due(tx)) == ([], None)
