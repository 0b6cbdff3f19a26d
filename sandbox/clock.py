"""The sandbox clock, which can be moved, and what is due on it."""

import asyncio
import heapq
import time
from collections.abc import Callable
from itertools import count

LONGEST_NAP = 60.0
"""Seconds; the timetable looks at the clock at least this often, in case the machine was suspended."""


class Clock:
    """Real time plus an offset in seconds."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset

    def now(self) -> float:
        """Epoch seconds in the sandbox."""
        return time.time() + self.offset

    def elapsed(self) -> float:
        """Monotonic real seconds, which no offset moves."""
        return time.monotonic()

    def go_to(self, moment: float) -> None:
        """Move forward to `moment`; the past is refused silently, as nothing may run twice."""
        self.offset += max(0.0, moment - self.now())


class Timetable:
    """Calls that are due at an instant of the sandbox clock. They run in order of time, in the event loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._number = count()
        self._changed = asyncio.Event()

    def at(self, moment: float, call: Callable[[], None]) -> None:
        """Run `call` once the clock shows `moment`. The call itself must see whether it is still wanted."""
        heapq.heappush(self._heap, (moment, next(self._number), call))
        self._changed.set()

    def next_due(self) -> float | None:
        """When the next call is due, epoch seconds."""
        return self._heap[0][0] if self._heap else None

    def run_due(self) -> None:
        """Run all that is due now."""
        while self._heap and self._heap[0][0] <= self._clock.now():
            _, _, call = heapq.heappop(self._heap)
            call()

    async def run(self) -> None:
        """Run what becomes due as real time passes, until cancelled."""
        while True:
            self._changed.clear()
            self.run_due()
            due = self.next_due()
            nap = LONGEST_NAP if due is None else min(LONGEST_NAP, max(0.0, due - self._clock.now()))
            try:
                async with asyncio.timeout(nap):
                    await self._changed.wait()
            except TimeoutError:
                continue
