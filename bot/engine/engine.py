"""The engine: ticks when a reminder is due, whoever notices first, and keeps house.

Two independent things notice: APScheduler, which sleeps until the time, and a heartbeat, which looks each second.
A tick decides in one transaction and is safe to run twice, so that both may.
"""

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot import log
from bot.actions import groups
from bot.actions.remind import run_due
from bot.clock import Clock
from bot.engine.scheduler import Timetable
from bot.settings import Settings
from storage import inbox, outbox, reminders
from storage.store import Store, Tx

BEAT_SECONDS = 1.0
_WEDGED_SECONDS = 30.0
_EXIT_WEDGED = 70
# Commits come in bursts; the timetable is set once for a burst.
_COALESCE_SECONDS = 0.05
_KEEP_INBOX = timedelta(days=7)
_KEEP_OUTBOX = timedelta(days=30)
_HOUSEKEEPING = timedelta(hours=6)
# Changes of user groups and people come as events too, where the app may hear them.
_HOURLY = timedelta(hours=1)
_log = log.get("engine")


class Engine:
    """Background time; `hourly` is done each hour besides.

    `heartbeat` and `timetable` are switches for the tests that run one without the other.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: Settings,
        *,
        hourly: Callable[[], Awaitable[None]] | None = None,
        heartbeat: bool = True,
        timetable: bool = True,
    ) -> None:
        self._store, self._clock, self._settings = store, clock, settings
        self._timetable = Timetable(clock, self.tick) if timetable else None
        self._heartbeat, self._hourly = heartbeat, hourly
        self._tasks: list[asyncio.Task[None]] = []
        self._lock = asyncio.Lock()
        self._changed = asyncio.Event()
        self._stop = asyncio.Event()
        self.last_beat = clock.elapsed()

    def start(self) -> list[asyncio.Task[None]]:
        """Begin: what is overdue is settled at once. The tasks answered must never end while the bot runs."""
        self._changed.set()
        self._tasks.append(asyncio.create_task(self._arm_after_changes(), name="timetable"))
        if self._heartbeat:
            self._tasks.append(asyncio.create_task(self._beat(), name="heartbeat"))
            threading.Thread(target=self._watch, name="watchdog", daemon=True).start()
        if self._timetable:
            self._timetable.start()
            self._timetable.every(_HOUSEKEEPING, self._keep_house, "housekeeping")
            self._timetable.every(_HOURLY, self._read_groups, "groups")
            if self._hourly:
                self._timetable.every(_HOURLY, self._hourly, "hourly")
        return self._tasks

    def plan_changed(self) -> None:
        """Reminders were written, or the clock was moved."""
        self._changed.set()

    async def tick(self) -> None:
        """Settle everything that is due now."""
        async with self._lock:
            while await self._store.run(run_due, self._settings):
                pass

    async def next_due(self) -> datetime | None:
        return await self._store.view(reminders.next_due)

    async def is_due(self) -> bool:
        due = await self.next_due()
        return due is not None and due <= self._clock.now()

    async def stop(self) -> None:
        self._stop.set()
        if self._timetable:
            self._timetable.stop()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        async with self._lock:
            """A tick that has begun is finished."""

    async def _arm_after_changes(self) -> None:
        while True:
            await self._changed.wait()
            await asyncio.sleep(_COALESCE_SECONDS)
            self._changed.clear()
            if self._timetable:
                self._timetable.arm(await self.next_due())

    async def _beat(self) -> None:
        while not await self._clock.wait(self._stop, BEAT_SECONDS):
            self.last_beat = self._clock.elapsed()
            if not self._lock.locked() and await self.is_due():
                await self.tick()

    def _watch(self) -> None:
        """In a thread of its own: when the loop is wedged, end the process, so that a supervisor starts it again."""
        watched: Callable[[], float] = self._clock.elapsed
        while not self._stop.is_set():
            before = self.last_beat
            threading.Event().wait(_WEDGED_SECONDS)
            if self.last_beat == before and watched() - before > _WEDGED_SECONDS and not self._stop.is_set():
                _log.critical("the heartbeat stopped", seconds=round(watched() - before))
                os._exit(_EXIT_WEDGED)

    async def _read_groups(self) -> None:
        await self._store.run(groups.read_all, self._settings)

    async def _keep_house(self) -> None:
        forgotten = await self._store.run(_forget_old)
        _log.info("kept house", forgotten=forgotten)


def _forget_old(tx: Tx) -> int:
    return inbox.forget_before(tx, tx.now - _KEEP_INBOX) + outbox.forget_before(tx, tx.now - _KEEP_OUTBOX)
