"""Background tasks that somebody owns, and the count of what is under way."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any


class Activity:
    """How many calls, envelopes and deliveries are under way, by name."""

    def __init__(self) -> None:
        self._running: dict[str, int] = {}
        self._idle = asyncio.Event()
        self._idle.set()

    def begin(self, name: str) -> str:
        """Count one more `name` that is under way; give the answer to `end`."""
        self._running[name] = self._running.get(name, 0) + 1
        self._idle.clear()
        return name

    def end(self, name: str) -> None:
        """It is done."""
        self._running[name] -= 1
        if not any(self._running.values()):
            self._idle.set()

    @contextmanager
    def doing(self, name: str) -> Iterator[None]:
        """Count the body as one `name` that is under way."""
        self.begin(name)
        try:
            yield
        finally:
            self.end(name)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return self._idle.is_set()

    async def until_idle(self) -> None:
        """Wait until nothing is under way."""
        await self._idle.wait()

    def summary(self) -> str:
        """For people: what is under way."""
        return ", ".join(f"{number} {name}" for name, number in self._running.items() if number)


class Tasks:
    """Keeps tasks alive and ends them with their owner."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it in the background. What it raises is reported by the event loop."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Cancel all and wait for their end."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
