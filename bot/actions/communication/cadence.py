"""Promises of public updates: made when one is due, kept by sending it, put off once, and let go with the incident.

Customers are told nothing of private incidents, and of drills only when somebody publishes: those promise nothing.
The reminders of a promise are keyed `update:INC-7:promise-3:v1:late-15`; who is told later, in their working hours, has
one of their own that ends `:for-U0ADA:1`.
"""

from datetime import datetime, timedelta

from bot.actions import effects
from bot.actions.communication.publishing import check_may_publish
from bot.actions.standing import may_see
from bot.domain import cadence
from bot.domain.incident import Incident, PersonId
from bot.domain.reminder import Reminder, ReminderKind, superseded
from bot.domain.timeline import EntryKind
from bot.domain.update import Audience, Promise, PromiseState, Update
from bot.errors import NoSuchIncident, WrongState, WrongWords
from bot.settings import Settings
from storage import incidents, reminders, timeline, updates
from storage.store import Tx

KINDS = frozenset({ReminderKind.UPDATE_DRAFT, ReminderKind.UPDATE_LATE})
FOR = ":for-"


def begin(tx: Tx, settings: Settings, incident: Incident) -> None:
    """Declared, or opened again: the first public update is due in a while."""
    every = settings.update_every(incident.severity)
    if every and _promises(tx, incident):
        _promise(tx, incident, tx.now + every)


def _promises(tx: Tx, incident: Incident) -> bool:
    """Whether customers may wait for an update at all."""
    known = updates.public_title(tx, incident.number) is not None
    return incident.is_open and not incident.private and (known or not incident.is_drill)


def next_after(tx: Tx, settings: Settings, incident: Incident, said: datetime | None) -> datetime | None:
    """When the update after one that is sent now is due; None when none is: the incident is over, or nobody asks."""
    if not incident.is_open:
        return None
    return cadence.next_due(tx.now, settings.update_every(incident.severity), said)


def sent(tx: Tx, incident: Incident, update: Update) -> None:
    """A public update went out: it keeps the promise, or not, and promises the next, if it names a time."""
    promise = updates.open_promise(tx, incident.number)
    if promise:
        how = cadence.kept(promise, tx.now, repeated=update.repeated)
        _end(tx, incident, promise, how, "an update was sent", update.id)
    if incident.is_open and update.words.next_at:
        _promise(tx, incident, update.words.next_at)


def severity_changed(tx: Tx, settings: Settings, before: Incident, incident: Incident) -> None:
    """Raised: cadence from now, and no later than promised. Lowered: what is not due any more is cancelled."""
    if not _promises(tx, incident):
        return
    promise, every = updates.open_promise(tx, incident.number), settings.update_every(incident.severity)
    if incident.severity < before.severity:
        due = cadence.after_raise(promise, every, tx.now)
    else:
        last = updates.last_sent(tx, incident.number, Audience.PUBLIC)
        since = (last.published_at if last else None) or incident.declared_at
        due = cadence.after_lowering(promise, every, since, tx.now)
    if promise and due == promise.due_at:
        _wake(tx, incident, promise)
        return
    if promise:
        state = cadence.let_go(promise, tx.now, PromiseState.REPLACED)
        _end(tx, incident, promise, state, "the severity was changed")
    if due:
        _promise(tx, incident, due)


def ended(tx: Tx, incident: Incident, why: str) -> None:
    """The incident is over: nothing is promised any more."""
    promise = updates.open_promise(tx, incident.number)
    if promise:
        _end(tx, incident, promise, cadence.let_go(promise, tx.now, PromiseState.ENDED), why)


def snooze(tx: Tx, settings: Settings, promise_id: int, minutes: int, by: PersonId) -> tuple[Incident, Promise]:
    """Put the update that is promised off, once. Raises a BotError for who may not publish, or when it can't be."""
    promise = updates.find_promise(tx, promise_id)
    incident = incidents.get(tx, promise.incident) if promise else None
    if promise is None or incident is None or not may_see(tx, incident, by):
        raise NoSuchIncident("That update is not known here.", "See what is open: `/incident list`")
    check_may_publish(tx, settings, incident, by)
    if minutes not in cadence.SNOOZES:
        raise WrongWords(
            "It can be put off by 15 or by 30 minutes.", f"Write it: `/incident update public {incident.name}`"
        )
    if not promise.is_open:
        raise WrongState("That update is not waited for any more.", f"See how it is: `/incident show {incident.name}`")
    if promise.snoozed_from is not None:
        hint = f"Send one, if only to say what you are doing: `/incident update public {incident.name}`"
        raise WrongState("This update was put off already, and once is all.", hint)
    due = cadence.snoozed(promise, minutes, tx.now)
    moved = updates.put_off(tx, promise.id, due, promise.due_at)
    reminders.supersede(tx, incident.number, "it was snoozed", KINDS, promise.id)
    _remind(tx, incident, moved)
    text = f"The public update due at {promise.due_at:%H:%M} UTC is put off to {due:%H:%M} UTC"
    entry = timeline.add(tx, incident.number, EntryKind.UPDATE, text, by)
    effects.after_entry(tx, incident, entry)
    return incident, moved


def _promise(tx: Tx, incident: Incident, due: datetime) -> None:
    _remind(tx, incident, updates.promise(tx, incident.number, due))


def _end(
    tx: Tx, incident: Incident, promise: Promise, state: PromiseState, why: str, kept_by: int | None = None
) -> None:
    updates.settle(tx, promise.id, state, kept_by)
    reminders.supersede(tx, incident.number, why, KINDS, promise.id)


def prefix(incident: Incident, promise: Promise) -> str:
    """How the keys of all reminders of a promise begin."""
    return f"update:{incident.name}:promise-{promise.id}:"


def _remind(tx: Tx, incident: Incident, promise: Promise) -> None:
    """Plan the draft and the reminders of lateness, under a new version."""
    version = _version(tx, incident, promise) + 1
    stem, about = f"{prefix(incident, promise)}v{version}", (incident.number, promise.id, version)
    draft_at = max(promise.due_at - cadence.DRAFT_BEFORE, tx.now)
    reminders.plan(tx, f"{stem}:draft", ReminderKind.UPDATE_DRAFT, draft_at, *about)
    for after in cadence.LATE_AFTER:
        key = f"{stem}:late-{int(after / timedelta(minutes=1))}"
        reminders.plan(tx, key, ReminderKind.UPDATE_LATE, promise.due_at + after, *about)


def _version(tx: Tx, incident: Incident, promise: Promise) -> int:
    return max((row.version for row in reminders.under(tx, prefix(incident, promise))), default=0)


def _wake(tx: Tx, incident: Incident, promise: Promise) -> None:
    """Who was to be told in the morning is told now, should it be severe enough by now."""
    for row in reminders.pending(tx, incident.number, KINDS, promise.id):
        person = meant(row)
        if person and row.due_at > tx.now:
            reminders.settle(tx, row.id, *superseded("the severity was changed"))
            tell_later(tx, row, person, tx.now)


def meant(reminder: Reminder) -> PersonId | None:
    """The one person whom a reminder was put off for."""
    _, _, person = reminder.key.partition(FOR)
    return person.partition(":")[0] or None


def tell_later(tx: Tx, reminder: Reminder, person: PersonId, at: datetime) -> str:
    """Plan for one person what this reminder says; its key."""
    stem = f"{reminder.key.partition(FOR)[0]}{FOR}{person}:"
    key = f"{stem}{len(reminders.under(tx, stem)) + 1}"
    reminders.plan(tx, key, reminder.kind, at, reminder.incident, reminder.subject, reminder.version)
    return key
