"""The watchdog: a loop or a writer that is wedged ends the process, so that a supervisor starts it again."""

import asyncio
import threading

import pytest

from bot.clock import SystemClock
from bot.engine.engine import Engine, Wedged
from bot.settings import Settings
from storage.store import Store, Tx
from tests.support.database import new_store

PATIENCE = 10.0


@pytest.mark.parametrize("wedged", [True, False])
def test_a_transaction_that_does_not_end_ends_the_process(wedged: bool) -> None:
    clock = SystemClock()
    ended, let_go = threading.Event(), threading.Event()
    codes: list[int] = []

    def exit_process(code: int) -> None:
        codes.append(code)
        ended.set()

    def hang(tx: Tx) -> None:
        let_go.wait(PATIENCE)

    async def work(store: Store) -> None:
        limits = Wedged(beat=0.1, writing=0.3 if wedged else 1000.0)
        engine = Engine(store, clock, Settings(), timetable=False, wedged=limits, exit_process=exit_process)
        # A beat each second would look like silence to a watchdog that is so impatient.
        engine.last_beat = clock.elapsed() + PATIENCE
        threading.Thread(target=engine._watch, daemon=True).start()
        hanging = asyncio.create_task(store.run(hang))
        await asyncio.to_thread(ended.wait, PATIENCE if wedged else 1.0)
        let_go.set()
        await hanging
        await engine.stop()
        assert store.writing_since is None

    with new_store(clock) as store:
        asyncio.run(work(store))
    assert set(codes) == ({70} if wedged else set())


def test_a_heartbeat_that_stops_ends_the_process() -> None:
    clock = SystemClock()
    ended = threading.Event()
    codes: list[int] = []

    def exit_process(code: int) -> None:
        codes.append(code)
        ended.set()

    async def work(store: Store) -> None:
        engine = Engine(store, clock, Settings(), timetable=False, wedged=Wedged(beat=0.2), exit_process=exit_process)
        engine.start()
        assert ended.wait(PATIENCE), "the loop stands still in here"
        await engine.stop()

    with new_store(clock) as store:
        asyncio.run(work(store))
    assert codes[0] == 70
