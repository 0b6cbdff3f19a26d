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

    async def clock(self) -> dict[str, object]:
        """The offset and the time, in epoch seconds, and what `settled` says without waiting."""
        return await self.settled(0)

    async def move_clock(self, offset: float) -> dict[str, object]:
        """Be so many seconds ahead, and settle what is due then."""
        self._clock.move_to(timedelta(seconds=offset))
        await self._engine.tick()
        return {"offset": offset}

    async def settled(self, seconds: float) -> dict[str, object]:
        """Whether nothing is under way, after `seconds` at most; else what is; and when something is due next.

        `at_once`: it was so when it was asked.
        """
        end = self._clock.elapsed() + seconds
        why, next_due = await self._look()
        at_once = not why
        # What is waited for has no one event; this door is open in a sandbox only.
        while why and self._clock.elapsed() < end:
            await asyncio.sleep(0.003)
            why, next_due = await self._look()
        if why:
            # What comes next is known all the same: nobody may move the clock over it.
            _, next_due = await self._store.view(_waiting)
        now, offset = self._clock.now().timestamp(), self._clock.offset.total_seconds()
        shown: dict[str, object] = {"offset": offset, "now": now, "next_due": next_due}
        return shown | {"settled": not why, "why": why, "at_once": at_once}

    async def _look(self) -> tuple[str, float | None]:
        """What is under way, empty when nothing is, and when something is due next, in epoch seconds."""
        if self._answering():
            return "answering", None
        if self._relay.is_busy():
            return "sending", None
        why, next_due = await self._store.view(_waiting)
        # What was claimed before that was read waits for nothing any more, and has not been sent either.
        return ("sending" if self._relay.is_busy() else why), next_due


def _waiting(tx: Tx) -> tuple[str, float | None]:
    due = reminders.next_due(tx)
    # It is asked all the time, and mostly there is nothing.
    all_sent = outbox.is_empty(tx)
    try_at = None if all_sent else outbox.next_try(tx, tx.now)
    next_due = min((time.timestamp() for time in (due, try_at) if time), default=None)
    if not all_sent and _is_sendable(tx):
        return "an effect can be sent", next_due
    return "a reminder is due" if due and due <= tx.now else "", next_due


def _is_sendable(tx: Tx) -> bool:
    """Whether an effect can go now, or is about to; one that has failed waits for its time, or for a clock to move."""
    soon = outbox.sendable(tx, tx.now + _SOON, (), 32)
    return any(effect.failures == 0 for effect in soon) or bool(soon and outbox.sendable(tx, tx.now, (), 1))
