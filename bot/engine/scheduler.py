"""The timetable: APScheduler, in memory. It holds no state of ours, so nothing is lost when it fails."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import Clock, SystemClock

_NEXT = "next-reminder"


class _Every(IntervalTrigger):  # type: ignore[misc]  # APScheduler has no types.
    """Once for all that was missed. APScheduler counts each: of a year, when the clock was set, that takes seconds."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        missed = previous_fire_time and max(previous_fire_time, now - self.interval)
        coming: datetime | None = super().get_next_fire_time(missed, now)
        return coming


class Timetable:
    """One date job at the earliest reminder, set again after each commit, and jobs for housekeeping."""

    def __init__(self, clock: Clock, tick: Callable[[], Awaitable[None]]) -> None:
        self._clock, self._tick = clock, tick
        self._periods: dict[str, timedelta] = {}
        self._stopped = False
        # misfire_grace_time=None: the default drops silently what is more than a second late.
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True})

    def start(self) -> None:
        self._scheduler.start()

    def arm(self, due: datetime | None) -> None:
        """Tick at `due`, by this clock; None: nothing is planned."""
        self._mend_housekeeping()
        if due is None:
            if self._scheduler.get_job(_NEXT):
                self._scheduler.remove_job(_NEXT)
            return
        # APScheduler knows the machine's clock only; ours may have been moved in a sandbox.
        real = SystemClock().now() + max(due - self._clock.now(), timedelta())
        self._scheduler.add_job(partial(self._run, self._tick), DateTrigger(real), id=_NEXT, replace_existing=True)

    def every(self, period: timedelta, job: Callable[[], Awaitable[None]], name: str) -> None:
        """Housekeeping: run `job` each `period`."""
        self._periods[name] = period
        self._scheduler.add_job(partial(self._run, job), _every(period), id=name, max_instances=1)

    def _mend_housekeeping(self) -> None:
        """After a clock was set far ahead and right again each job would wait for that far time to come."""
        now = SystemClock().now()
        for name, period in self._periods.items():
            job = self._scheduler.get_job(name)
            coming = getattr(job, "next_run_time", None)
            if coming and coming > now + 2 * period:
                self._scheduler.reschedule_job(name, trigger=_every(period))

    def stop(self) -> None:
        """Begin nothing more, and cancel what has begun."""
        self._stopped = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _run(self, job: Callable[[], Awaitable[None]]) -> None:
        try:
            await job()
        except asyncio.CancelledError:
            # We did that in `stop`. APScheduler would log it as an error of the job's.
            if not self._stopped:
                raise


def _every(period: timedelta) -> _Every:
    return _Every(seconds=int(period.total_seconds()))
