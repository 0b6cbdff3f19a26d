"""The clock: the only caller of `datetime.now`. Everyone else is given one, or a `now`."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.domain.clock_step import Belief, heard, seen


class Clock(Protocol):
    """Wall-clock time and durations, as the bot sees them."""

    def now(self) -> datetime:
        """The time: aware, UTC."""

    def elapsed(self) -> float:
        """Seconds on a clock that never steps and goes on while the machine sleeps."""

    async def wait(self, event: asyncio.Event, seconds: float | None) -> bool:
        """Wait until `event` is set or `seconds` have passed (None: for ever); whether it was set."""


def _both() -> tuple[float, float]:
    # CLOCK_MONOTONIC stands still while a machine is suspended; a lease must not, and a suspend is no step.
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.time(), time.monotonic() if clock is None else time.clock_gettime(clock)


class SystemClock:
    """The machine's clock, as far as it is to be believed, ahead by an offset that only a sandbox sets.

    `read` gives epoch seconds, and the seconds of a clock that never steps and goes on while the machine sleeps.
    """

    def __init__(self, offset: timedelta = timedelta(), read: Callable[[], tuple[float, float]] | None = None) -> None:
        self._offset = offset
        self._moved: list[Callable[[], None]] = []
        self._read = read or _both
        wall, elapsed = self._read()
        self.belief = Belief(wall - elapsed)

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
        wall, elapsed = self._read()
        # Each reading looks for a step: whoever decides by a time must not be the first to meet it.
        self.belief = belief = seen(self.belief, wall, elapsed)
        return datetime.fromtimestamp(wall - belief.ahead, UTC) + self._offset

    def elapsed(self) -> float:
        return self._read()[1]

    def heard(self, slack: float) -> None:
        """Slack's clock shows this, in epoch seconds: what the wall says is compared with it."""
        wall, elapsed = self._read()
        held = self.belief.holds
        # A sandbox's Slack is ahead as far as the bot is.
        slack -= self._offset.total_seconds()
        self.belief = heard(seen(self.belief, wall, elapsed), wall, elapsed, slack)
        if held != self.belief.holds:
            for told in self._moved:
                told()

    async def wait(self, event: asyncio.Event, seconds: float | None) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return False
        return True
