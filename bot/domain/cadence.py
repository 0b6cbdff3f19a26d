"""When the next public update is due, who hears of it when, and how a promise ended. Pure.

A promise is due a while after the last update sent (before the first: after the declaration), or when its writer said.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.incident import Severity
from bot.domain.update import Promise, PromiseState
from bot.domain.walltime import instants

# A ready draft comes so long before.
DRAFT_BEFORE = timedelta(minutes=5)
# And these reminders after, when there was none; then only the digest and the card say so.
LATE_AFTER = (timedelta(), timedelta(minutes=15), timedelta(minutes=45))
# `by 14:30` is kept at 14:30:59.
GRACE = timedelta(minutes=1)
SNOOZES = (15, 30)
# Who is reminded of these is reminded in their working hours; nobody sleeps through a sev1 or sev2.
_WAITS = frozenset({Severity.SEV3, Severity.SEV4})
_WEEKEND = 5
_DAY = timedelta(days=1)


def next_due(sent_at: datetime, every: timedelta | None, said: datetime | None) -> datetime | None:
    """When the update after the one of `sent_at` is due: as was said, else by cadence; None when none is."""
    return said or (sent_at + every if every else None)


def after_raise(promise: Promise | None, every: timedelta | None, now: datetime) -> datetime | None:
    """When the next is due once the severity was raised: the new cadence from now, and no later than was promised."""
    by_cadence = now + every if every else None
    if promise is None or by_cadence is None:
        return by_cadence or (promise.due_at if promise else None)
    return min(promise.due_at, by_cadence)


def after_lowering(promise: Promise | None, every: timedelta | None, since: datetime, now: datetime) -> datetime | None:
    """When the next is due once the severity was lowered: by the new cadence from `since`, the last update sent.

    None: none is any more. What is overdue stays so, unless none is due at all.
    """
    if promise is None or every is None:
        return now + every if every else None
    return promise.due_at if is_overdue(promise, now) else max(promise.due_at, since + every)


def is_overdue(promise: Promise, now: datetime) -> bool:
    """Whether it is broken already, an update or not."""
    return promise.is_open and now >= promise.due_at + GRACE


def kept(promise: Promise, sent_at: datetime, *, repeated: bool) -> PromiseState:
    """How an update that was sent then keeps it: a repetition does not, whenever it comes."""
    if repeated:
        return PromiseState.REPEATED
    return PromiseState.LATE if is_overdue(promise, sent_at) else PromiseState.KEPT


def let_go(promise: Promise, now: datetime, why: PromiseState) -> PromiseState:
    """How it ends without an update: `why` (replaced, ended) while it could still be kept; later it was late."""
    return PromiseState.LATE if is_overdue(promise, now) else why


def snoozed(promise: Promise, minutes: int, now: datetime) -> datetime:
    """When it is due once it is put off by so many minutes: from when it was due, or from now when that has passed."""
    return max(promise.due_at, now) + timedelta(minutes=minutes)


def lateness(promise: Promise, now: datetime) -> timedelta:
    """How late it is, in full minutes begun; zero while it is not due. A minute is forgiven when it is judged."""
    if not promise.is_open or now < promise.due_at:
        return timedelta()
    return max(now - promise.due_at, timedelta(minutes=1))


def may_say(at: datetime, severity: Severity, hours: str, zone: ZoneInfo) -> datetime:
    """When somebody is told what could be told at `at`: then, or for sev3 and sev4 when their next working day begins.

    `hours`: `09:00-18:00` on weekdays, on the wall of `zone`; when they end before they begin, they end at midnight.
    """
    if severity not in _WAITS:
        return at
    begin, end = (time.fromisoformat(part) for part in hours.split("-"))
    local = at.astimezone(zone)
    over = end <= begin or local.time() < end
    if local.weekday() < _WEEKEND and begin <= local.time() and over:
        return at
    day = local.date()
    while True:
        if day.weekday() < _WEEKEND and (found := _opening(day, begin, zone)) > at:
            return found
        day += _DAY


def _opening(day: date, begin: time, zone: ZoneInfo) -> datetime:
    """When work begins on that date: of two instants the earlier; in a gap of the clocks, just after it."""
    found = instants(day, begin, zone)
    return found[0] if found else datetime.combine(day, begin, tzinfo=zone).astimezone(UTC)
