"""Who is on duty from all that decides it, the reminders that follow, and telling those for whom it has changed.

One reminder of each kind waits, for the next hand-over; each plans the one after it when it is settled. So the roster
goes on for ever, and whatever changes it has two rows to plan anew.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.actions import effects
from bot.domain.duty import Duty, affected
from bot.domain.incident import PersonId
from bot.domain.people import can_act
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, ReminderState, covered, superseded
from bot.settings import Settings
from storage import duty as rosters
from storage import people, reminders
from storage.store import Tx

BEFORE = {ReminderKind.DUTY_DAY: timedelta(hours=24), ReminderKind.DUTY_HOUR: timedelta(hours=1)}
_CALLED = {ReminderKind.DUTY_DAY: "24h", ReminderKind.DUTY_HOUR: "1h"}
_SAID = {ReminderKind.DUTY_DAY: "duty-day", ReminderKind.DUTY_HOUR: "duty-hour"}
_OF_ROSTER = frozenset({*BEFORE, ReminderKind.DUTY_FETCH})


def current(tx: Tx, since: datetime | None = None) -> Duty | None:
    """Everything that decides who is on duty from `since` (now) on; None when no roster runs."""
    roster, since = rosters.running(tx), since or tx.now
    if roster is None:
        return None
    covers = rosters.covers_ending_after(tx, since)
    events = rosters.events_ending_after(tx, roster.id, since) if roster.url else []
    duty = Duty(roster=roster, covers=covers, events=events)
    gone = frozenset(person.id for person in people.find(tx, duty.named).values() if not can_act(person))
    return replace(duty, gone=gone)


def changed(
    tx: Tx, before: Duty | None, why: str, cause: str, by: PersonId | None, within: timedelta | None = None
) -> None:
    """Who is on duty when has changed since `before`: plan its reminders anew, and tell everyone affected, once.

    `by` made the change and knows. `within`: tell only of the time until then.
    """
    after = current(tx)
    old, new = before.roster.id if before else None, after.roster.id if after else None
    if before and old != new:
        reminders.supersede(tx, None, why, _OF_ROSTER, before.roster.id)
    if after:
        _replan(tx, after, why)
    ends = max((one.in_sight(tx.now) for one in (before, after) if one), default=tx.now)
    ends = min(ends, tx.now + within) if within else ends
    for person in affected(before, after, tx.now, ends):
        if person != by:
            effects.tell_duty(tx, person, "duty-changed", cause, by=by)


def _replan(tx: Tx, duty: Duty, why: str) -> None:
    for waiting in reminders.pending(tx, None, BEFORE, duty.roster.id):
        # What is due this very moment still decides for itself, from how things are now.
        if waiting.due_at > tx.now:
            reminders.settle(tx, waiting.id, ReminderState.SUPERSEDED, why)
    rosters.next_version(tx, duty.roster.id)
    renewed = current(tx) or duty
    for kind, ahead in BEFORE.items():
        _plan_next(tx, renewed, kind, tx.now + ahead)


def _plan_next(tx: Tx, duty: Duty, kind: ReminderKind, after: datetime) -> None:
    """Plan the reminder of this kind for the first hand-over that there may be after a time."""
    begins = duty.next_boundary(after)
    if begins:
        _plan(tx, duty, kind, begins)


def _plan(tx: Tx, duty: Duty, kind: ReminderKind, begins: datetime) -> str:
    roster = duty.roster
    key = f"duty:roster-{roster.id}:v{roster.version}:{begins:%Y-%m-%dT%H:%M:%SZ}:{_CALLED[kind]}"
    reminders.plan(tx, key, kind, begins - BEFORE[kind], None, roster.id, roster.version)
    return key


def day_before(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """24 h before a hand-over: whoever comes on duty is told."""
    return _before_handover(tx, reminder)


def hour_before(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """1 h before a hand-over: whoever comes on duty is told once more."""
    return _before_handover(tx, reminder)


def _before_handover(tx: Tx, reminder: Reminder) -> Outcome:
    duty, kind = current(tx), reminder.kind
    begins = reminder.due_at + BEFORE[kind]
    if duty is None or duty.roster.id != reminder.subject:
        return superseded("the roster was stopped or another one set")
    _plan_next(tx, duty, kind, max(begins, tx.now))
    if begins <= tx.now:
        return superseded("duty has changed hands meanwhile")
    person = duty.incoming(begins)
    if person is None:
        return superseded("nobody else comes on duty then")
    if kind is ReminderKind.DUTY_DAY and tx.now >= begins - BEFORE[ReminderKind.DUTY_HOUR]:
        return covered(_plan(tx, duty, ReminderKind.DUTY_HOUR, begins))
    # By its time, not by the plan: somebody is told once that they are on duty then, however often it was planned.
    cause = f"roster-{duty.roster.id}:{begins:%Y-%m-%dT%H:%M:%SZ}:{_CALLED[kind]}"
    effects.tell_duty(tx, person, _SAID[kind], cause, at=begins.isoformat())
    return DELIVERED
