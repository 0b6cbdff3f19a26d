"""The timetable: APScheduler, in memory. It holds no state of ours, so nothing is lost when it fails."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import Clock, SystemClock

_NEXT = "next-reminder"


class Timetable:
    """One date job at the earliest reminder, set again after each commit, and jobs for housekeeping."""

    def __init__(self, clock: Clock, tick: Callable[[], Awaitable[None]]) -> None:
        self._clock, self._tick = clock, tick
        # misfire_grace_time=None: the default drops silently what is more than a second late.
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True})

    def start(self) -> None:
        self._scheduler.start()

    def arm(self, due: datetime | None) -> None:
        """Tick at `due`, by this clock; None: nothing is planned."""
        if due is None:
            if self._scheduler.get_job(_NEXT):
                self._scheduler.remove_job(_NEXT)
            return
        # APScheduler knows the machine's clock only; ours may have been moved in a sandbox.
        real = SystemClock().now() + max(due - self._clock.now(), timedelta())
        self._scheduler.add_job(self._tick, DateTrigger(real), id=_NEXT, replace_existing=True)

    def every(self, period: timedelta, job: Callable[[], Awaitable[None]], name: str) -> None:
        """Housekeeping: run `job` each `period`."""
        self._scheduler.add_job(job, IntervalTrigger(seconds=int(period.total_seconds())), id=name, max_instances=1)

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
