"""Paging: waking one person, again every five minutes, until they answer or something else is done instead.

This is the one port through which people are woken: by a DM, and by each of their own channels.
"""

from datetime import timedelta
from typing import Any

from bot.actions import effects
from bot.domain.boundary import PAGE_EVERY
from bot.domain.contact import NOTICE_EVERY
from bot.domain.incident import Incident, PersonId
from bot.domain.page import AnsweredBy, Page
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, superseded
from bot.domain.text import format_duration
from bot.domain.timeline import EntryKind
from bot.settings import Settings
from storage import contacts, incidents, pages, people, reminders, timeline
from storage.store import Tx

_OF_A_PAGE = frozenset({ReminderKind.PAGE_AGAIN, ReminderKind.PAGE_UNANSWERED})
_HOW = {AnsweredBy.LINK: "the link", AnsweredBy.WEB: "the web"}


def page(
    tx: Tx,
    incident: Incident,
    person: PersonId,
    what: str,
    cause: str,
    handoff: int | None = None,
    paged_by: PersonId | None = None,
    **about: Any,
) -> Page:
    """Wake somebody. `what` names a text in `bot.messages.posts`; a second page for the same `cause` is not sent.

    An earlier page of this person in this incident ends: this one is said instead.
    """
    key = f"page:{incident.name}:{person}:{cause}"
    if before := pages.under(tx, key):
        return before
    end(tx, incident, "paged for something newer", person)
    made = pages.add(tx, key, incident.number, person, what, about, handoff=handoff, paged_by=paged_by)
    timeline.add(tx, incident.number, EntryKind.PAGE, f"Paged <@{person}>", paged_by)
    _send(tx, incident, made)
    effects.publish_home(tx, person, f"page{made.id}")
    return made


def _send(tx: Tx, incident: Incident, made: Page) -> None:
    about = {**made.about, "page": made.id, "times": made.times}
    about["handoff"] = made.handoff
    cause = f"page{made.id}:{made.times}"
    effects.wake(tx, incident, made.person, made.what, cause, about)
    if ways := contacts.of(tx, made.person):
        delay = _gathering(tx, made)
        for contact in ways:
            effects.notify(tx, contact, "pages", cause, delay=delay)
    key = f"{made.key}:again-{made.times}"
    reminders.plan(tx, key, ReminderKind.PAGE_AGAIN, tx.now + PAGE_EVERY, incident.number, made.id)


def _gathering(tx: Tx, made: Page) -> timedelta:
    """How long to wait so that a storm of pages becomes one notice: a minute from the first of them."""
    others = [page.paged_at for page in pages.unanswered_by(tx, made.person) if page.id != made.id]
    lately = [at for at in others if tx.now - at < NOTICE_EVERY]
    return min(lately) + NOTICE_EVERY - tx.now if lately else timedelta()


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


def heard(tx: Tx, person: PersonId, by: AnsweredBy) -> None:
    """Somebody has heard: their pages fall silent, in all incidents."""
    for number in dict.fromkeys(page.incident for page in pages.unanswered_by(tx, person)):
        acknowledged(tx, incidents.get(tx, number), person, by)


def acknowledged(tx: Tx, incident: Incident, person: PersonId, by: AnsweredBy = AnsweredBy.SLACK) -> None:
    """Somebody has heard: their pages in this incident fall silent, and with the first one it is acknowledged."""
    silenced = pages.unanswered(tx, incident.number, person)
    # By a link or a word, too: a machine that is restored without this would wake them again.
    tx.promised |= bool(silenced)
    if silenced and incident.acknowledged_at is None:
        incidents.change(tx, incident.number, acknowledged_at=tx.now)
    for found in silenced:
        pages.change(tx, found.id, acknowledged_at=tx.now, ended_at=tx.now, reason="acknowledged", answered_by=by)
        _record(tx, incident, found, by)
        effects.publish_home(tx, person, f"page{found.id}:heard")
        reminders.supersede(tx, incident.number, "acknowledged", _OF_A_PAGE, found.id)


def _record(tx: Tx, incident: Incident, page: Page, by: AnsweredBy) -> None:
    """How long it took, for the record; whoever asked for it and the channel hear it too."""
    after = tx.now - page.paged_at
    how = "" if by is AnsweredBy.SLACK else f" by {_HOW[by]}"
    text = f"<@{page.person}> answered the page after {format_duration(after)}{how}"
    timeline.add(tx, incident.number, EntryKind.PAGE, text, None)
    if page.what == "asked":
        about = {"person": page.person, "seconds": after.total_seconds()}
        effects.say(tx, incident, "page-answered", f"page{page.id}:answered", **about)


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
            reminders.supersede(tx, incident.number, why, _OF_A_PAGE, found.id)
