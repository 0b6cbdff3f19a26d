"""When the next digest is due: one reminder waits for each schedule, and plans the one after it when it is settled.

The schedules are the channel's times of day, each subscriber's own, and, while a public and real sev1 or sev2 is open,
every so many hours from the declaration of the oldest of them.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.actions.zones import zone_of
from bot.domain.digest import FREQUENT, Moment, Rhythm, Schedule, rhythm_of
from bot.domain.incident import PersonId
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.domain.subscription import Subscription
from bot.settings import Settings
from storage import incidents, reminders, subscriptions
from storage.store import Tx

CHANNEL, OPEN, PERSON = "digest:channel:", "digest:open:", "digest:dm:"
_KIND = ReminderKind.DIGEST


def channel_schedule(settings: Settings) -> Schedule:
    """The channel's times of day."""
    times = tuple(time.fromisoformat(wall) for wall in settings.digest.times)
    return Schedule(times=times, zone=ZoneInfo(settings.digest.zone))


def own_schedule(tx: Tx, subscription: Subscription) -> Schedule:
    """The times of day of a subscriber, in their own zone."""
    return subscription.schedule(zone_of(tx, subscription.person))


def rhythm(tx: Tx, settings: Settings) -> Rhythm | None:
    """The rhythm between the times of day; None while no sev1 or sev2 is open."""
    every = timedelta(hours=settings.digest.every_hours)
    return rhythm_of(incidents.public_open(tx, FREQUENT), every) if every else None


def plan_next(tx: Tx, schedule: Schedule, after: datetime) -> Moment | None:
    """Plan the first moment after a time that was not had yet: one for each local date and time of day."""
    moment = schedule.next(after)
    while moment and not reminders.renew(tx, moment.key, _KIND, moment.at):
        moment = schedule.next(moment.at)
    return moment


def on_start(tx: Tx, settings: Settings) -> None:
    """Plan by the settings as they are now, and by the zones of people."""
    waiting = reminders.pending(tx, None, {_KIND})
    _replan(tx, channel_schedule(settings), _under(CHANNEL, waiting), "the bot has started")
    for subscription in subscriptions.running(tx):
        about = _under(f"{PERSON}{subscription.person}:", waiting)
        _replan(tx, own_schedule(tx, subscription), about, "the bot has started")
    watch(tx, settings)


def watch(tx: Tx, settings: Settings) -> None:
    """An incident was opened, again or anew, or has become worse: plan what comes between the times of day.

    What waits from one that is over would come too soon.
    """
    found = rhythm(tx, settings)
    if found is None:
        return
    waiting = _under(OPEN, reminders.pending(tx, None, {_KIND}))
    kept = [row for row in waiting if row.due_at - found.every >= found.incident.declared_at]
    _supersede(tx, [row for row in waiting if row not in kept], "a newer incident is counted from")
    if not kept:
        moment = found.next(tx.now)
        reminders.renew(tx, moment.key, _KIND, moment.at)


def person_changed(tx: Tx, person: PersonId, why: str) -> Moment | None:
    """Their subscription or their zone is another: plan theirs anew. The next one; None without a subscription."""
    subscription = subscriptions.find(tx, person)
    waiting = _under(f"{PERSON}{person}:", reminders.pending(tx, None, {_KIND}))
    if subscription is None:
        _supersede(tx, waiting, why)
        return None
    return _replan(tx, own_schedule(tx, subscription), waiting, why)


def _replan(tx: Tx, schedule: Schedule, waiting: Iterable[Reminder], why: str) -> Moment | None:
    # What is due this very moment, or was while the bot was away, still decides for itself.
    _supersede(tx, [row for row in waiting if row.due_at > tx.now], why)
    return plan_next(tx, schedule, tx.now)


def _supersede(tx: Tx, rows: Iterable[Reminder], why: str) -> None:
    for row in rows:
        reminders.settle(tx, row.id, ReminderState.SUPERSEDED, why)


def _under(prefix: str, rows: Iterable[Reminder]) -> list[Reminder]:
    return [row for row in rows if row.key.startswith(prefix)]
