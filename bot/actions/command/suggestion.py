"""Suggesting a rota: to whoever has had a sev1 or sev2 for four hours alone, naming people who are rested."""

from datetime import datetime, timedelta

from bot.actions import effects, groups
from bot.actions.standing import may_see
from bot.domain.command import Tenure
from bot.domain.fatigue import LOOK_BACK, rested
from bot.domain.incident import Incident, PersonId, Severity
from bot.domain.people import Person, can_act
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, ReminderState, superseded
from bot.settings import Settings
from storage import command, duty, incidents, people, reminders, rotas
from storage.store import Tx

ALONE_FOR = timedelta(hours=4)
_SEVERITIES = frozenset({Severity.SEV1, Severity.SEV2})
_MOST_NAMED = 4
# Nobody is woken by being named, but who is awake comes first: by the wall where they are.
_AWAKE = range(7, 22)


def watch(tx: Tx, incident: Incident, tenure: Tenure) -> None:
    """A tenure of command has begun: plan the suggestion for its fourth hour."""
    _plan(tx, incident, tenure, tenure.started_at + ALONE_FOR)


def rewatch(tx: Tx, incident: Incident) -> None:
    """The severity has changed: suggest it now, later, or not at all."""
    tenure = command.open_tenure(tx, incident.number)
    if incident.severity not in _SEVERITIES:
        not_needed(tx, incident, f"nobody is asked in a {incident.severity}")
    elif tenure:
        _plan(tx, incident, tenure, tenure.started_at + ALONE_FOR)


def rota_stopped(tx: Tx, incident: Incident) -> None:
    """There is no rota any more: suggest one in four hours, for whoever has command then for so long."""
    tenure = command.open_tenure(tx, incident.number)
    if tenure:
        _plan(tx, incident, tenure, tx.now + ALONE_FOR)


def not_needed(tx: Tx, incident: Incident, why: str) -> None:
    """A rota was started, or is not worth it."""
    reminders.supersede(tx, incident.number, why, {ReminderKind.ROTA_SUGGESTION})


def _plan(tx: Tx, incident: Incident, tenure: Tenure, due: datetime) -> None:
    """Plan it, once per tenure: not when it was made or is planned already."""
    if incident.severity not in _SEVERITIES or rotas.running(tx, incident.number):
        return
    earlier = reminders.under(tx, prefix := f"suggestion:{incident.name}:tenure-{tenure.id}:")
    if not any(row.state in (ReminderState.DELIVERED, ReminderState.PENDING) for row in earlier):
        key = f"{prefix}{len(earlier) + 1}"
        reminders.plan(tx, key, ReminderKind.ROTA_SUGGESTION, max(due, tx.now), incident.number, tenure.id)


def due_now(tx: Tx, reminder: Reminder) -> tuple[Incident, Tenure | None, str]:
    """The incident and the tenure to suggest it for; None, and why, when there is no need."""
    incident = incidents.get(tx, reminder.incident or 0)
    tenure = command.open_tenure(tx, incident.number)
    if tenure is None or tenure.id != reminder.subject:
        return incident, None, "somebody else has command" if tenure else f"the incident is {incident.state}"
    if incident.severity not in _SEVERITIES:
        return incident, None, f"nobody is asked in a {incident.severity}"
    if rotas.running(tx, incident.number):
        return incident, None, "there is a rota"
    return incident, tenure, ""


def due(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """Four hours alone: a DM to the IC with people who could take turns."""
    incident, tenure, why_not = due_now(tx, reminder)
    if tenure is None:
        return superseded(why_not)
    named = [{"id": person, "zone": zone} for person, zone in candidates(tx, settings, incident, tenure.person)]
    cause = f"suggestion:{tenure.id}"
    effects.tell(tx, incident, tenure.person, "suggest-rota", cause, tenure=tenure.id, people=named)
    return DELIVERED


def candidates(tx: Tx, settings: Settings, incident: Incident, holder: PersonId) -> list[tuple[PersonId, str]]:
    """Up to four people who are rested and may see the incident, and their zones, empty when not known.

    Members, commanders and the duty roster; those who are awake first.
    """
    roster = duty.running(tx)
    everyone = [*incidents.members_of(tx, incident.number), *groups.commanders(tx, settings)]
    everyone += roster.people if roster else ()
    wanted = [one for one in dict.fromkeys(everyone) if one != holder and may_see(tx, incident, one)]
    fresh = rested(command.command_of_people(tx, wanted, tx.now - LOOK_BACK), wanted, tx.now)
    known = people.find(tx, wanted)
    able = [one for one in wanted if one in fresh and can_act(known.get(one))]
    able.sort(key=lambda one: not is_awake(known.get(one), tx.now))
    return [(one, known[one].tz.key if one in known else "") for one in able[:_MOST_NAMED]]


def is_awake(person: Person | None, now: datetime) -> bool:
    """Whether it is day where somebody is; of whom nothing is known, it is not."""
    return person is not None and now.astimezone(person.tz).hour in _AWAKE
