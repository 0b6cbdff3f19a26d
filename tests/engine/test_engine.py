"""Who notices that something is due: APScheduler alone, and the heartbeat alone, on the real clock."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.actions.command import rota
from bot.actions.remind import run_due
from bot.clock import SystemClock
from bot.domain.reminder import ReminderKind
from bot.domain.rota import Turn
from bot.engine.engine import Engine
from bot.settings import Settings
from storage import handoffs, reminders
from storage import rotas as plans
from storage.command_tables import rotas
from storage.store import Store, Tx
from storage.tables import outbox as outbox_table
from storage.tables import reminders as table
from tests.support.database import new_store
from tests.support.story import BOB, IC, begin

HOUR = timedelta(hours=1)
AHEAD = timedelta(seconds=0.3)
SETTINGS = Settings()


def plan_boundary(tx: Tx) -> None:
    """BOB takes over in 0.3 s."""
    running = plans.start(tx, 1, "ic", (IC, BOB), HOUR, tx.now - HOUR + AHEAD)
    shifts = plans.add_turns(tx, running, turns_around(tx))
    reminders.plan(tx, "boundary", ReminderKind.SHIFT_BOUNDARY, tx.now + AHEAD, 1, shifts[1].id)


def turns_around(tx: Tx) -> list[Turn]:
    start = tx.now - HOUR + AHEAD
    return [Turn(n, who, who, start + n * HOUR, start + (n + 1) * HOUR) for n, who in enumerate((IC, BOB))]


def settled(tx: Tx) -> tuple[str, datetime, datetime]:
    row = tx.conn.execute(select(table).where(table.c.key == "boundary")).one()
    return row.state, row.due_at, row.settled_at


@pytest.mark.parametrize(
    ("heartbeat", "timetable", "seconds"),
    [(False, True, 1.0), (True, False, 1.5), (True, True, 1.0)],
    ids=["APScheduler alone", "heartbeat alone", "both"],
)
def test_a_boundary_is_delivered_on_time(heartbeat: bool, timetable: bool, seconds: float) -> None:
    clock = SystemClock()

    async def work(store: Store) -> None:
        loop, offered = asyncio.get_running_loop(), asyncio.Event()
        engine = Engine(store, clock, SETTINGS, heartbeat=heartbeat, timetable=timetable)
        engine.start()
        await store.run(begin)
        store.on_reminders = lambda: loop.call_soon_threadsafe(engine.plan_changed)
        await store.run(plan_boundary)
        store.on_outbox = lambda: loop.call_soon_threadsafe(offered.set)
        async with asyncio.timeout(20):
            await offered.wait()
        await engine.stop()

    with new_store(clock) as store:
        asyncio.run(work(store))
        with store.read() as tx:
            state, due, at = settled(tx)
            offer = handoffs.open_offer(tx, 1)
            offers = tx.conn.execute(select(outbox_table).where(outbox_table.c.kind == "offer")).all()
    assert state == "delivered"
    assert timedelta() <= at - due <= timedelta(seconds=seconds)
    assert offer is not None
    assert offer.offered_to == BOB
    assert len(offers) == 1


def test_with_neither_nothing_happens_until_it_is_asked_to() -> None:
    clock = SystemClock()

    async def work(store: Store) -> None:
        engine = Engine(store, clock, SETTINGS, heartbeat=False, timetable=False)
        engine.start()
        await store.run(begin)
        await store.run(plan_boundary)
        clock.move_to(timedelta(minutes=1))
        assert await engine.is_due()
        await engine.tick()
        assert not await engine.is_due()
        await engine.stop()

    with new_store(clock) as store:
        asyncio.run(work(store))
        with store.read() as tx:
            assert settled(tx)[0] == "delivered"


def test_what_fell_due_while_nobody_ran_is_settled_at_start() -> None:
    clock = SystemClock()

    async def work(store: Store) -> None:
        loop, offered = asyncio.get_running_loop(), asyncio.Event()
        store.on_outbox = lambda: loop.call_soon_threadsafe(offered.set)
        engine = Engine(store, clock, SETTINGS, heartbeat=False)
        engine.start()
        async with asyncio.timeout(20):
            await offered.wait()
        await engine.stop()

    with new_store(clock) as store:
        with store.write() as tx:
            begin(tx)
            plan_boundary(tx)
        clock.move_to(timedelta(minutes=5))
        asyncio.run(work(store))
        with store.read() as tx:
            assert settled(tx)[0] == "delivered"


def test_ticks_at_once_offer_once() -> None:
    clock = SystemClock()

    async def work(store: Store) -> None:
        engines = [Engine(store, clock, SETTINGS, heartbeat=False, timetable=False) for _ in range(2)]
        await asyncio.gather(*(engine.tick() for engine in engines for _ in range(5)))

    with new_store(clock) as store:
        with store.write() as tx:
            begin(tx)
            plan_boundary(tx)
        clock.move_to(timedelta(minutes=5))
        asyncio.run(work(store))
        with store.read() as tx:
            offers = tx.conn.execute(select(outbox_table).where(outbox_table.c.kind == "offer")).all()
            assert len(offers) == 1


def test_a_reminder_that_breaks_holds_up_none_of_the_others() -> None:
    clock = SystemClock()
    with new_store(clock) as store:
        with store.write() as tx:
            begin(tx)
            plan_boundary(tx)
            broken = begin(tx, channel=None)
            rota.start(tx, broken, "ic", (IC, BOB), HOUR, IC)
            # What a bug may leave: a rota of nobody.
            tx.conn.execute(rotas.update().where(rotas.c.incident == broken.number).values(people=[]))
        clock.move_to(timedelta(hours=1, minutes=1))
        with store.write() as tx:
            run_due(tx, SETTINGS)
        with store.read() as tx:
            assert settled(tx)[0] in {"delivered", "covered"}
            stays = [due.kind for due in reminders.due(tx, tx.now) if due.incident == broken.number]
            assert stays[-1] == ReminderKind.SHIFT_BOUNDARY
            # Nothing of its half-done work is left.
            assert handoffs.open_offer(tx, broken.number) is None
        with store.write() as tx:
            tx.conn.execute(rotas.update().where(rotas.c.incident == broken.number).values(people=[IC, BOB]))
            run_due(tx, SETTINGS)
            assert [due for due in reminders.due(tx, tx.now) if due.incident == broken.number] == []
            assert handoffs.open_offer(tx, broken.number) is not None
