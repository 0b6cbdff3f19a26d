"""Reminders of a public update: the ready draft before it is due, and that it is late.

Of a sev3 or sev4 people hear in their working hours; whoever is told later is told once, how late it is by then.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.actions import effects
from bot.actions.communication import facts
from bot.actions.communication.cadence import meant, prefix, tell_later
from bot.actions.communication.publishing import communications_lead, overdue_to
from bot.actions.zones import zone_of
from bot.domain.cadence import may_say
from bot.domain.incident import Incident, PersonId
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, covered, superseded
from bot.domain.update import Promise
from bot.settings import Settings
from storage import incidents, reminders, updates
from storage.store import Tx


def draft_due(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """Five minutes before: a ready draft for whoever writes. Too late for it, the reminder of lateness has it."""
    incident, promise = _about(tx, reminder)
    if promise is None:
        return superseded("no update is waited for")
    lead = meant(reminder) or communications_lead(tx, incident)
    if lead is None:
        return superseded("nobody is in command")
    if tx.now >= promise.due_at and lead in overdue_to(tx, incident):
        return covered(f"{prefix(incident, promise)}v{reminder.version}:late-0")
    return _tell(tx, settings, incident, promise, reminder, [lead], "update-draft")


def late(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """It is due, 15 or 45 minutes late: the IC and the deputy hear of it. Of several that waited the newest says it."""
    incident, promise = _about(tx, reminder)
    if promise is None:
        return superseded("no update is waited for")
    if newer := _newer(tx, reminder):
        return covered(newer)
    # Where the incident is shown, it says from now on that it is late.
    effects.refresh(tx, incident, reminder.key)
    only, people = meant(reminder), overdue_to(tx, incident)
    if only and only not in people:
        return superseded("they are not in command any more")
    return _tell(tx, settings, incident, promise, reminder, [only] if only else people, "update-late")


def _about(tx: Tx, reminder: Reminder) -> tuple[Incident, Promise | None]:
    """The incident and the promise; None when it has ended."""
    promise = updates.find_promise(tx, reminder.subject or 0)
    return incidents.get(tx, reminder.incident or 0), promise if promise and promise.is_open else None


def _newer(tx: Tx, reminder: Reminder) -> str:
    """The key of a later one that is due too and says the same to the same people; empty when there is none."""
    due = reminders.pending(tx, reminder.incident, {ReminderKind.UPDATE_LATE}, reminder.subject)
    mine = (reminder.due_at, reminder.id)
    later = [row.key for row in due if row.due_at <= tx.now and (row.due_at, row.id) > mine and not meant(row)]
    return later[-1] if later else ""


def _tell(
    tx: Tx,
    settings: Settings,
    incident: Incident,
    promise: Promise,
    reminder: Reminder,
    people: Iterable[PersonId],
    what: str,
) -> Outcome:
    told, put_off = False, ""
    for person in people:
        at = may_say(tx.now, incident.severity, settings.updates.working_hours, zone_of(tx, person))
        if at > tx.now:
            put_off = _planned(tx, reminder, person) or tell_later(tx, reminder, person, at)
            continue
        told = True
        about_it = _what(tx, settings, incident, promise, reminder)
        cause = f"{what}:{reminder.key.partition('promise-')[2]}"
        effects.tell_newest(tx, incident, person, what, cause, f"update{promise.id}", about_it)
    if told:
        return DELIVERED
    return covered(put_off) if put_off else superseded("nobody is in command")


def _planned(tx: Tx, reminder: Reminder, person: PersonId) -> str:
    """The key of what this person is to hear later anyway; empty when there is nothing."""
    pending = reminders.pending(tx, reminder.incident, {reminder.kind}, reminder.subject)
    return next((row.key for row in pending if meant(row) == person and row.id != reminder.id), "")


def _what(tx: Tx, settings: Settings, incident: Incident, promise: Promise, reminder: Reminder) -> Mapping[str, Any]:
    """What the text is made from: the draft, and how late the bot itself is with saying it."""
    late_by = 0.0 if meant(reminder) else reminder.lateness(tx.now).total_seconds()
    news = facts.news(tx, settings, incident)
    return {
        "promise": promise.id,
        "draft": news.text,
        "since": news.last.published_at.timestamp() if news.last and news.last.published_at else 0,
        "late": late_by,
    }
