"""Stopping: what is on its way arrives, and what is due is settled, whatever was done when the bot was told to stop."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest

from bot.engine.engine import Engine
from bot.settings import Settings
from storage import backlog, reminders
from storage.store import Store
from tests.engine.relaying import quiet_incident, say, scene
from tests.support.clock import MovableClock


@pytest.mark.parametrize("claim", ["_claim", "_settle_and_claim"])
def test_stopping_waits_for_what_was_just_claimed(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch, claim: str
) -> None:
    """A claim begins, the bot is told to stop, the claim brings something: that is sent before the store is closed."""

    async def work() -> None:
        async with scene(store, clock) as made:
            begun, go_on = asyncio.Event(), asyncio.Event()
            run = made.store.run

            async def slow(action: Any, *args: Any, **kwargs: Any) -> Any:
                result = await run(action, *args, **kwargs)
                if action.__name__ == claim:
                    begun.set()
                    await go_on.wait()
                return result

            monkeypatch.setattr(made.store, "run", slow)
            await run(say, "one", "two")
            await begun.wait()
            stopping = asyncio.ensure_future(made.stop())
            await asyncio.sleep(0)
            go_on.set()
            await stopping
            assert made.relay.in_flight == 0
            left = 2 - len(made.peer.messages)
            assert await made.store.view(backlog.counts) == ({"pending": left} if left else {})

    with store.write() as tx:
        quiet_incident(tx)
    asyncio.run(work())


@pytest.mark.parametrize("cut_short", [False, True], ids=["a tick is finished", "others are cut short"])
def test_what_apscheduler_is_doing_is_no_error(
    store: Store,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    cut_short: bool,
) -> None:
    async def work() -> None:
        begun, go_on, ended = asyncio.Event(), asyncio.Event(), list[bool]()

        async def slow() -> None:
            begun.set()
            await go_on.wait()
            ended.append(True)

        async def ticks(*_: Any) -> bool:
            await slow()
            return False

        engine = Engine(store, clock, Settings(), heartbeat=False)
        if cut_short:
            engine.every(timedelta(seconds=1), slow, "slow")
        else:
            monkeypatch.setattr(store, "run", ticks)
            # Nothing is planned, so nothing would come; now it is due at once.
            monkeypatch.setattr(reminders, "next_due", lambda tx: tx.now)
        engine.start()
        await begun.wait()
        stopping = asyncio.ensure_future(engine.stop())
        await asyncio.sleep(0)
        assert not stopping.done()
        if not cut_short:
            go_on.set()
        await stopping
        assert ended == ([] if cut_short else [True])
        # What is cancelled ends, and would be logged, a moment later.
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    with caplog.at_level(logging.WARNING, "apscheduler"):
        asyncio.run(work())
    assert not caplog.records
