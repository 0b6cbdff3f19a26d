"""Paging: waking one person, again every five minutes, until they answer or something else is done instead.

This is the one port through which people are woken. Here it is a DM; other ways to reach somebody join it here.
"""

from typing import Any

from bot.actions import effects
from bot.domain.boundary import PAGE_EVERY
from bot.domain.incident import Incident, PersonId
from bot.domain.page import Page
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, superseded
from bot.domain.timeline import EntryKind
from bot.settings import Settings
from storage import incidents, pages, people, reminders, timeline
from storage.store import Tx


def page(
    tx: Tx, incident: Incident, person: PersonId, what: str, cause: str, handoff: int | None = None, **about: Any
) -> None:
    """Wake somebody. `what` names a text in `bot.messages.posts`; a second page for the same `cause` is not sent.

    An earlier page of this person in this incident ends: this one is said instead.
    """
    key = f"page:{incident.name}:{person}:{cause}"
    if pages.known(tx, key):
        return
    end(tx, incident, "paged for something newer", person)
    made = pages.add(tx, key, incident.number, person, what, about, handoff)
    timeline.add(tx, incident.number, EntryKind.PAGE, f"Paged <@{person}>", None)
    _send(tx, incident, made)
    effects.publish_home(tx, person, f"page{made.id}")


def _send(tx: Tx, incident: Incident, made: Page) -> None:
    about = {**made.about, "page": made.id, "times": made.times}
    about["handoff"] = made.handoff
    effects.wake(tx, incident, made.person, made.what, f"page{made.id}:{made.times}", about)
    key = f"{made.key}:again-{made.times}"
    reminders.plan(tx, key, ReminderKind.PAGE_AGAIN, tx.now + PAGE_EVERY, incident.number, made.id)


def again(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """A page was not answered: once more."""
    found = pages.find(tx, reminder.subject or 0)
    if found is None or found.ended_at is not None:
        return superseded(found.reason if found else "there is no such page")
    person = people.get(tx, found.person)
    if person and person.deactivated:
        pages.change(tx, found.id, ended_at=tx.now, reason="they left the workspace")
        return superseded("they left the workspace")
    pages.change(tx, found.id, times=found.times + 1)
    _send(tx, incidents.get(tx, found.incident), pages.find(tx, found.id) or found)
    return DELIVERED


def acknowledged(tx: Tx, incident: Incident, person: PersonId) -> None:
    """Somebody has heard: their pages in this incident fall silent, and with the first one it is acknowledged."""
    heard = pages.unanswered(tx, incident.number, person)
    if heard and incident.acknowledged_at is None:
        incidents.change(tx, incident.number, acknowledged_at=tx.now)
    for found in heard:
        pages.change(tx, found.id, acknowledged_at=tx.now, ended_at=tx.now, reason="acknowledged")
        effects.publish_home(tx, person, f"page{found.id}:heard")
        reminders.supersede(tx, incident.number, "acknowledged", {ReminderKind.PAGE_AGAIN}, found.id)


def end(
    tx: Tx,
    incident: Incident,
    why: str,
    person: PersonId | None = None,
    handoff: int | None = None,
    shift: int | None = None,
) -> None:
    """Pages that are no longer needed fall silent: those of one person, handoff or shift, or all."""
    for found in pages.unanswered(tx, incident.number, person):
        if handoff in (None, found.handoff) and shift in (None, found.about.get("shift")):
            pages.change(tx, found.id, ended_at=tx.now, reason=why)
            effects.publish_home(tx, found.person, f"page{found.id}:ended")
            reminders.supersede(tx, incident.number, why, {ReminderKind.PAGE_AGAIN}, found.id)
