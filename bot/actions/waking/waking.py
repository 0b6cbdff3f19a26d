"""Waking people by hand: `page @ada`, `page on-call`; and who is asked next when nobody answers."""

from contextlib import suppress
from typing import Any

from bot.actions import effects, groups
from bot.actions.command import shifts
from bot.actions.duty import duty
from bot.actions.standing import may_see
from bot.actions.waking import paging
from bot.domain.incident import Incident, PersonId, check_open
from bot.domain.page import ANSWER_WITHIN, AnsweredBy, Page
from bot.domain.people import check_can_act
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, superseded
from bot.domain.text import clean_line, shorten
from bot.errors import CannotAct, WrongState
from bot.settings import Settings
from storage import incidents, pages, people, reminders
from storage.store import Tx

_LONGEST_WHY = 300


def ask(tx: Tx, incident: Incident, person: PersonId, why: str, by: PersonId) -> Page:
    """Wake one person for an incident.

    Raises WrongState when it has ended or they are being woken already, CannotAct when they can't be woken.
    """
    check_open(incident)
    if person == by:
        raise WrongState("You are awake already.", "Name somebody else: `/incident page @ada the database is gone`")
    _check_can_come(tx, incident, person)
    if _asked(tx, incident, person):
        raise WrongState("They are being woken already.", "Who was woken when: `/incident timeline`")
    return _wake(tx, incident, person, {"why": shorten(clean_line(why), _LONGEST_WHY), "by": by, "before": []})


def ask_on_duty(tx: Tx, settings: Settings, incident: Incident, why: str, by: PersonId) -> Page:
    """Wake whoever is on duty; when they don't answer, the commanders and then the managers, one at a time.

    Raises WrongState when it has ended, or nobody is left who could be woken.
    """
    check_open(incident)
    if any(page.about.get("on_call") for page in pages.unanswered(tx, incident.number)):
        raise WrongState("Whoever is on call is being woken already.", "Who was woken when: `/incident timeline`")
    person = _next_on_call(tx, settings, incident, [by])
    if person is None:
        hint = "Set a duty roster: `/incident duty set @ada @bob weekly monday 09:00 Europe/Berlin`"
        raise WrongState("Nobody is on call whom I could wake.", hint)
    about = {"why": shorten(clean_line(why), _LONGEST_WHY), "by": by, "before": [by], "on_call": True}
    return _wake(tx, incident, person, about)


def answered(tx: Tx, page: Page, by: AnsweredBy) -> Incident:
    """Whoever is woken says, beside Slack, that they are awake: before their shift that means that they are up."""
    incident = incidents.get(tx, page.incident)
    paging.acknowledged(tx, incident, page.person, by)
    if page.ended_at is None and page.what == "shift-page":
        with suppress(WrongState):
            shifts.up(tx, page.about["shift"], page.about["version"], page.person)
    return incident


def unanswered(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """Nobody answered for ten minutes: the channel hears it; on call, the next one is woken instead."""
    found = pages.find(tx, reminder.subject or 0)
    if found is None or found.ended_at is not None:
        return superseded(found.reason if found else "there is no such page")
    incident = incidents.get(tx, found.incident)
    following = None
    if found.about.get("on_call"):
        before = [*found.about["before"], found.person]
        following = _next_on_call(tx, settings, incident, before)
        if following:
            paging.end(tx, incident, "somebody else was woken", found.person)
            _wake(tx, incident, following, {**found.about, "before": before}, instead_of=found.person)
    if following is None:
        effects.say(tx, incident, "page-silent", f"page{found.id}:silent", person=found.person, by=found.about["by"])
    return DELIVERED


def _wake(
    tx: Tx, incident: Incident, person: PersonId, about: dict[str, Any], instead_of: PersonId | None = None
) -> Page:
    cause = f"asked:{tx.now.timestamp():.0f}"
    made = paging.page(tx, incident, person, "asked", cause, paged_by=about["by"], **about)
    incidents.join(tx, incident.number, person)
    effects.invite(tx, incident, [person], f"page{made.id}")
    said = {"person": person, "by": about["by"], "why": about["why"], "instead_of": instead_of, "page": made.id}
    effects.say(tx, incident, "paging", f"page{made.id}", **said)
    key = f"{made.key}:unanswered"
    reminders.plan(tx, key, ReminderKind.PAGE_UNANSWERED, tx.now + ANSWER_WITHIN, incident.number, made.id)
    return made


def _check_can_come(tx: Tx, incident: Incident, person: PersonId) -> None:
    check_can_act(people.get(tx, person), person)
    if not may_see(tx, incident, person):
        raise CannotAct(
            f"<@{person}> is not in this private incident.", "Invite them into its channel first: `/invite`"
        )


def _asked(tx: Tx, incident: Incident, person: PersonId) -> bool:
    return any(page.what == "asked" for page in pages.unanswered(tx, incident.number, person))


def _next_on_call(tx: Tx, settings: Settings, incident: Incident, before: list[PersonId]) -> PersonId | None:
    """Whoever is on duty, then commanders, then managers: the first who can come and was not asked."""
    line = [duty.on_duty(tx, tx.now), *groups.commanders(tx, settings), *groups.managers(tx, settings)]
    known = people.find(tx, [one for one in line if one])
    for one in line:
        gone = one in known and known[one].deactivated
        if one and one not in before and not gone and may_see(tx, incident, one):
            return one
    return None
