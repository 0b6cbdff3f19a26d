"""The clock: the only caller of `datetime.now`. Everyone else is given one, or a `now`."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Wall-clock time and durations, as the bot sees them."""

    def now(self) -> datetime:
        """The time: aware, UTC."""

    def elapsed(self) -> float:
        """Seconds on a clock that never steps and goes on while the machine sleeps."""

    async def wait(self, event: asyncio.Event, seconds: float | None) -> bool:
        """Wait until `event` is set or `seconds` have passed (None: for ever); whether it was set."""


class SystemClock:
    """The machine's clock, ahead by an offset that only a sandbox sets."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset
        self._moved: list[Callable[[], None]] = []

    @property
    def offset(self) -> timedelta:
        return self._offset

    def move_to(self, offset: timedelta) -> None:
        """Be `offset` ahead of the machine, and tell everyone who asked to hear of it."""
        self._offset = offset
        for told in self._moved:
            told()

    def on_move(self, told: Callable[[], None]) -> None:
        self._moved.append(told)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def elapsed(self) -> float:
        # CLOCK_MONOTONIC stands still while a machine is suspended; a lease must not.
        clock = getattr(time, "CLOCK_BOOTTIME", None)
        return time.monotonic() if clock is None else time.clock_gettime(clock)

    async def wait(self, event: asyncio.Event, seconds: float | None) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return False
        return True
