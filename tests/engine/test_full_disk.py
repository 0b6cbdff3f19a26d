"""A disk that is full or broken, without one: SQLite is told that the file may not grow."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot import log
from bot.boundary import Boundary
from bot.clock import SystemClock
from bot.domain.disk import MB, Room, sentences
from bot.engine.ballast import Ballast
from bot.engine.host import Host
from bot.errors import DiskFull
from bot.settings_tables import Channels
from storage import migrate
from storage.store import Store, StoreDamaged, Tx
from storage.tables import outbox
from tests.engine.relaying import quiet_incident, say, scene
from tests.support.clock import MovableClock
from tests.support.database import new_file
from tests.support.story import settings

_LOG = log.get("test")


def may_grow(tx: Tx, pages: int | None = None) -> None:
    """To this many pages; not at all when none is given."""
    wanted = pages or tx.conn.exec_driver_sql("PRAGMA page_count").scalar()
    tx.conn.exec_driver_sql(f"PRAGMA max_page_count={wanted}")


def grow(tx: Tx) -> None:
    tx.conn.execute(text("CREATE TABLE IF NOT EXISTS filler (x BLOB)"))
    tx.conn.execute(text("INSERT INTO filler VALUES (zeroblob(400000))"))


def declare_and_grow(store: Store, *, guarded: bool = False) -> None:
    with store.write() as tx:
        quiet_incident(tx)
        if not guarded:
            grow(tx)
            return
        with Boundary(_LOG, "broke", full_disk_passes=True), tx.conn.begin_nested():
            grow(tx)


@contextmanager
def full(store: Store) -> Iterator[None]:
    """Nothing can be written in here that takes room."""
    with store.write() as tx:
        may_grow(tx)
    yield
    with store.write() as tx:
        may_grow(tx, 1_000_000)


def test_nothing_of_a_transaction_is_kept_and_the_sentence_names_the_disk(store: Store) -> None:
    told: list[str] = []
    store.on_full = lambda: told.append("room is needed")
    with full(store):
        with pytest.raises(DiskFull, match="disk of the bot's machine is full") as refused:
            declare_and_grow(store)
        assert "make room" in refused.value.hint
        assert told == ["room is needed"]
        assert store.writing_since is None
        with store.read() as tx:
            assert tx.conn.execute(text("SELECT count(*) FROM incidents")).scalar() == 0
    with store.write() as tx:
        grow(tx)
        assert tx.conn.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_no_boundary_inside_a_transaction_hides_it(store: Store) -> None:
    """What was begun must not go on in pieces when SQLite has undone all of it by itself."""
    with full(store), pytest.raises(DiskFull):
        declare_and_grow(store, guarded=True)


def test_what_slack_answered_is_written_down_once_there_is_room_and_nothing_is_sent_twice(
    store: Store, clock: MovableClock
) -> None:
    async def work() -> None:
        async with scene(store, clock) as made:
            peer = made.peer
            with full_when_answered(store, peer.messages):
                await store.run(say, "one")
                async with asyncio.timeout(20):
                    while not (peer.messages and made.relay.in_flight):  # noqa: ASYNC110 - what is waited for has no event
                        await asyncio.sleep(0)
                    for _ in range(40):
                        await a_second_later(clock)
                assert made.relay.in_flight == 1
                assert (await made.row("INC-1:said:one")).state == "sending"
            await made.move(seconds=1)
            assert (await made.row("INC-1:said:one")).state == "sent"
            assert len(peer.messages) == 1

    with store.write() as tx:
        quiet_incident(tx)
    asyncio.run(work())


async def a_second_later(clock: MovableClock) -> None:
    """A second passes once both the relay and what it sends wait for one, and both wait again."""
    while clock.waiting < 2:  # noqa: ASYNC110 - what is waited for has no event
        await asyncio.sleep(0)
    waits = clock.waits
    clock.move(seconds=1)
    while clock.waits == waits or clock.waiting < 2:  # noqa: ASYNC110 - the same
        await asyncio.sleep(0)


@contextmanager
def full_when_answered(store: Store, messages: Sequence[object]) -> Iterator[None]:
    """The disk is full from Slack's answer on."""
    write = store.write

    @contextmanager
    def writes() -> Iterator[Tx]:
        with write() as tx:
            yield tx
            if messages:
                raise DiskFull

    store.write = writes  # type: ignore[method-assign]
    try:
        yield
    finally:
        store.write = write  # type: ignore[method-assign]


@pytest.mark.parametrize(
    ("free", "total", "alarm"),
    [(50, 100, 0.0), (19, 100, 0.2), (9, 100, 0.1), (0, 100, 0.1), (30_000, 400_000, 0.0), (0, 0, 0.0)],
)
def test_when_the_alarm_is_raised(free: int, total: int, alarm: float) -> None:
    room = Room(free * MB, total * MB)
    assert room.alarm == alarm
    assert bool(sentences(room, "/data")) == bool(alarm)


def test_ballast_is_laid_where_there_is_plenty_and_dropped_in_need(tmp_path: Path) -> None:
    rooms = [Room(1000 * MB, 2000 * MB)]
    ballast = Ballast(tmp_path / "watchbill.db", 1, lambda _: rooms[0])
    ballast.lay()
    assert ballast.file.stat().st_blocks * 512 >= MB
    assert ballast.look() == rooms[0]
    rooms[0] = Room(31 * MB, 2000 * MB)
    ballast.look()
    assert not ballast.file.exists()
    ballast.lay()
    assert not ballast.file.exists(), "where there is little none is laid"
    ballast.drop()


def test_a_damaged_file_names_the_way_back(tmp_path: Path, clock: MovableClock) -> None:
    file = new_file(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(b"not a database at all" + whole[21:])
    with pytest.raises(StoreDamaged, match="watchbill restore --latest"):
        migrate.version_of(file)
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    store = Store(file, clock)
    try:
        with pytest.raises(StoreDamaged, match="watchbill restore --latest"):
            declare_and_grow(store)
    finally:
        store.close()


def test_operators_are_told_once_for_each_alarm(store: Store, clock: MovableClock, tmp_path: Path) -> None:
    async def nobody() -> None:
        raise AssertionError("the clock is believed")

    async def work() -> list[str]:
        at_work = settings(channels=Channels(operations="#ops"), database_url=f"sqlite:///{tmp_path}/watchbill.db")
        host = Host(store, SystemClock(), at_work, nobody)
        for free in (50, 15, 16, 8, 7, 30, 12):
            host.ballast = Ballast(tmp_path / "watchbill.db", 0, lambda _, free=free: Room(free * MB, 100 * MB))  # type: ignore[misc]
            await host.look()
            assert bool(await host.warnings()) == (free < 20)
            assert await host.problems() == []
        host.on_full()
        assert "is full" in (await host.problems())[0]
        with store.read() as tx:
            rows = tx.conn.execute(select(outbox).where(outbox.c.kind == "notice").order_by(outbox.c.id)).all()
        assert {row.intent["to"] for row in rows} == {"#ops"}
        return [row.intent["about"]["sentence"] for row in rows]

    told = asyncio.run(work())
    assert [sentence.split(" of the disk")[0] for sentence in told] == ["Less than 20%", "Less than 10%"]
