"""The engine: ticks when a reminder is due, whoever notices first, and keeps house.

Two independent things notice: APScheduler, which sleeps until the time, and a heartbeat, which looks each second.
A tick decides in one transaction and is safe to run twice, so that both may.
"""

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import log, spool
from bot.actions import groups
from bot.actions.remind import run_due
from bot.clock import Clock
from bot.engine.scheduler import Timetable
from bot.errors import DiskFull
from bot.settings import Settings
from storage import digests, inbox, outbox, reminders, signin
from storage.store import Store, Tx

BEAT_SECONDS = 1.0
_EXIT_WEDGED = 70
# Commits come in bursts; the timetable is set once for a burst.
_COALESCE_SECONDS = 0.05
_KEEP_INBOX = timedelta(days=7)
_KEEP_OUTBOX = timedelta(days=30)
_KEEP_SIGN_IN = timedelta(days=1)
_HOUSEKEEPING = timedelta(hours=6)
# Changes of user groups and people come as events too, where the app may hear them.
_HOURLY = timedelta(hours=1)
_log = log.get("engine")


@dataclass(frozen=True, slots=True)
class Wedged:
    """After how many seconds of silence, or of one transaction, nothing is to be hoped for any more."""

    beat: float = 30.0
    writing: float = 60.0


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
        wedged: Wedged | None = None,
        exit_process: Callable[[int], object] = os._exit,
    ) -> None:
        self._full = False
        self._wedged, self._exit = wedged or Wedged(), exit_process
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

    def every(self, period: timedelta, job: Callable[[], Awaitable[None]], name: str) -> None:
        """Keep house some more: run `job` each `period`, from `start` on."""
        if self._timetable:
            self._timetable.every(period, job, name)

    def plan_changed(self) -> None:
        """Reminders were written, or the clock was moved."""
        self._changed.set()

    async def tick(self) -> None:
        """Settle everything that is due now."""
        async with self._lock:
            try:
                while await self._store.run(run_due, self._settings):
                    pass
                self._full = False
            except DiskFull as full:
                # It stays due: the heartbeat tries again in a second.
                if not self._full:
                    _log.warning("what is due can't be settled", why=full.user_text)
                self._full = True

    async def next_due(self) -> datetime | None:
        return await self._store.view(reminders.next_due)

    async def is_due(self) -> bool:
        due = await self.next_due()
        return due is not None and due <= self._clock.now()

    async def stop(self) -> None:
        """Finish the tick that has begun, if any; cut housekeeping short."""
        self._stop.set()
        async with self._lock:
            if self._timetable:
                self._timetable.stop()
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks)

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
        """In a thread of its own: when loop or writer is wedged, end the process: a supervisor starts it anew."""
        limits = self._wedged
        while not self._stop.is_set():
            beat, writing = self.last_beat, self._store.writing_since
            threading.Event().wait(limits.beat)
            now = self._clock.elapsed()
            if self._stop.is_set():
                return
            if self.last_beat == beat and now - beat > limits.beat:
                self._end("the heartbeat stopped", now - beat)
            # The same one as a while ago: a machine that slept has not been writing for as long.
            if writing is not None and self._store.writing_since == writing and now - writing > limits.writing:
                self._end("a transaction does not end", now - writing)

    def _end(self, why: str, seconds: float) -> None:
        _log.critical(why, seconds=round(seconds))
        self._exit(_EXIT_WEDGED)

    async def _read_groups(self) -> None:
        await self._store.run(groups.read_all, self._settings)

    async def _keep_house(self) -> None:
        forgotten = await self._store.run(_forget_old)
        await asyncio.to_thread(spool.forget, self._settings.spool, self._clock.now().timestamp())
        _log.info("kept house", forgotten=forgotten)


def _forget_old(tx: Tx) -> int:
    forgotten = inbox.forget_before(tx, tx.now - _KEEP_INBOX) + outbox.forget_before(tx, tx.now - _KEEP_OUTBOX)
    forgotten += digests.forget_before(tx, tx.now - _KEEP_OUTBOX)
    return forgotten + signin.forget_before(tx, tx.now - _KEEP_SIGN_IN)
