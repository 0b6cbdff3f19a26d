"""A clock that stands still until a test moves it."""

import asyncio
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class MovableClock:
    """The bot's `Clock`, with `move`. It counts how often somebody read it and how often somebody began to wait."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._elapsed = 0.0
        self._moved = asyncio.Event()
        self.reads = 0
        self.waits = 0
        # How many wait now.
        self.waiting = 0

    def now(self) -> datetime:
        self.reads += 1
        return self._now

    def elapsed(self) -> float:
        return self._elapsed

    def move(self, **by: float) -> datetime:
        """Go forward, and wake whoever's wait is over."""
        step = timedelta(**by)
        self._now += step
        self._elapsed += step.total_seconds()
        self._moved.set()
        self._moved = asyncio.Event()
        return self._now

    def set_back(self, **by: float) -> None:
        """Somebody sets the clock on the wall: what has elapsed stays so."""
        self._now -= timedelta(**by)

    async def wait(self, event: asyncio.Event, seconds: float | None) -> bool:
        self.waits += 1
        end = None if seconds is None else self._elapsed + seconds
        self.waiting += 1
        try:
            while not event.is_set() and (end is None or self._elapsed < end):
                await self._something(event)
        finally:
            self.waiting -= 1
        return event.is_set()

    async def _something(self, event: asyncio.Event) -> None:
        waiting = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(self._moved.wait())]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
