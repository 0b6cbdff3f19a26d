"""Housekeeping after the machine's clock was set: it neither counts what was missed nor waits for a far time."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.clock import SystemClock
from bot.engine.scheduler import Timetable, _every

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SOON, YEAR = timedelta(seconds=5), timedelta(days=365)


def test_a_year_that_was_missed_is_not_counted() -> None:
    trigger, due, times = _every(SOON), NOON, 0
    while due <= NOON + YEAR:
        due = trigger.get_next_fire_time(due, NOON + YEAR) or due
        times += 1
    assert times <= 2
    assert NOON + YEAR < due <= NOON + YEAR + SOON


def test_a_job_that_waits_for_a_far_time_is_planned_anew() -> None:
    async def play() -> timedelta:
        async def work() -> None:
            """Nothing: it is never due here."""

        timetable = Timetable(SystemClock(), work)
        timetable.start()
        timetable.every(timedelta(hours=1), work, "hourly")
        # As it is left by a clock that was a year ahead when the job ran.
        timetable._scheduler.modify_job("hourly", next_run_time=SystemClock().now() + YEAR)
        timetable.arm(None)
        job = timetable._scheduler.get_job("hourly")
        timetable.stop()
        left: timedelta = job.next_run_time - SystemClock().now()
        return left

    assert asyncio.run(play()) <= timedelta(hours=1)
