"""What a sandbox may do to a bot: move its clock, and hear when nothing is under way."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.clock import SystemClock
from bot.engine.relay import Relay
from storage import outbox, reminders
from storage.store import Store, Tx

# What waits no longer than this is about to be sent.
_SOON = timedelta(seconds=1)


class Doors:
    """Open only when Slack is on this machine. `engine` is a `bot.engine.engine.Engine`, which is imported late."""

    def __init__(
        self, store: Store, clock: SystemClock, engine: Any, relay: Relay, answering: Callable[[], int]
    ) -> None:
        self._store, self._clock, self._engine, self._relay = store, clock, engine, relay
        self._answering = answering

    async def clock(self) -> dict[str, float | None]:
        """The offset, the time, and when something is due next, in epoch seconds."""

        def soonest(tx: Tx) -> float | None:
            times = [reminders.next_due(tx), outbox.next_try(tx, tx.now)]
            found = [time.timestamp() for time in times if time]
            return min(found) if found else None

        next_due = await self._store.view(soonest)
        offset = self._clock.offset.total_seconds()
        return {"offset": offset, "now": self._clock.now().timestamp(), "next_due": next_due}

    async def move_clock(self, offset: float) -> dict[str, float | None]:
        """Be so many seconds ahead, and settle what is due then."""
        self._clock.move_to(timedelta(seconds=offset))
        await self._engine.tick()
        return await self.clock()

    async def settled(self, seconds: float) -> dict[str, object]:
        """Whether nothing is under way, after `seconds` at most; else what is."""
        end = self._clock.elapsed() + seconds
        # What is waited for has no one event; this door is open in a sandbox only.
        while (why := await self._unsettled()) and self._clock.elapsed() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        return {"settled": not why, "why": why}

    async def _unsettled(self) -> str:
        if self._answering():
            return "answering"
        if self._relay.in_flight:
            return "sending"
        if await self._store.view(_is_sendable):
            return "an effect can be sent"
        if await self._engine.is_due():
            return "a reminder is due"
        return ""


def _is_sendable(tx: Tx) -> bool:
    """Whether an effect can go now, or is about to; one that has failed waits for its time, or for a clock to move."""
    soon = outbox.sendable(tx, tx.now + _SOON, (), 32)
    return any(effect.failures == 0 for effect in soon) or bool(outbox.sendable(tx, tx.now, (), 1))
