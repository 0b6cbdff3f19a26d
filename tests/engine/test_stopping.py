"""Stopping the relay: what is on its way arrives, whatever it was doing when it was told."""

import asyncio
from typing import Any

import pytest

from storage import outbox
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
            assert await made.store.view(outbox.counts) == ({"pending": left} if left else {})

    with store.write() as tx:
        quiet_incident(tx)
    asyncio.run(work())
