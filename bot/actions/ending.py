"""Ending an incident, and opening it again."""

from bot.actions import effects
from bot.actions.handoff import withdraw_offer
from bot.domain.command import COMMANDER, How
from bot.domain.incident import Incident, PersonId, State, check_transition
from bot.domain.text import clean
from bot.domain.timeline import EntryKind
from storage import command, incidents, reminders, timeline
from storage.store import Tx


def resolve(tx: Tx, incident: Incident, text: str, by: PersonId) -> Incident:
    """The outage is over: command, rota and reminders end with it."""
    check_transition(incident, State.RESOLVED)
    changed = _end(tx, incident, State.RESOLVED)
    mitigated = incident.mitigated_at or tx.now
    changed = incidents.change(tx, incident.number, resolved_at=tx.now, mitigated_at=mitigated)
    return _announce(tx, changed, "resolved", clean(text), by)


def cancel(tx: Tx, incident: Incident, reason: str, by: PersonId) -> Incident:
    """It was a false alarm."""
    check_transition(incident, State.CANCELLED)
    return _announce(tx, _end(tx, incident, State.CANCELLED), "cancelled", clean(reason), by)


def close(tx: Tx, incident: Incident, by: PersonId) -> Incident:
    """A resolved incident is done with: nothing more is expected of anyone."""
    check_transition(incident, State.CLOSED)
    changed = incidents.change(tx, incident.number, state=State.CLOSED, closed_at=tx.now)
    return _announce(tx, changed, "closed", "", by)


def reopen(tx: Tx, incident: Incident, by: PersonId) -> Incident:
    """It is not over: whoever says so commands it."""
    check_transition(incident, State.INVESTIGATING)
    incidents.join(tx, incident.number, by)
    tenure = command.begin(tx, incident.number, COMMANDER, by, How.REOPENED)
    changed = incidents.change(
        tx,
        incident.number,
        state=State.INVESTIGATING,
        resolved_at=None,
        closed_at=None,
        ic_tenure=tenure,
        open_role=COMMANDER,
    )
    changed = _announce(tx, changed, "reopened", "", by)
    effects.invite(tx, changed, [by], f"reopened:{tenure}")
    return changed


def _end(tx: Tx, incident: Incident, state: State) -> Incident:
    changed = incidents.change(tx, incident.number, state=state, ic_tenure=None, open_role=None)
    command.end_all(tx, incident.number)
    command.stop_rota(tx, incident.number)
    withdraw_offer(tx, changed)
    reminders.supersede(tx, incident.number, f"the incident was {state}")
    return changed


def _announce(tx: Tx, incident: Incident, what: str, text: str, by: PersonId) -> Incident:
    entry = timeline.add(tx, incident.number, EntryKind.SYSTEM, f"{what.capitalize()}{': ' + text if text else ''}", by)
    effects.say(tx, incident, what, f"t{entry.number}", by=by, text=text)
    effects.after_entry(tx, incident, entry, topic=True)
    return incident
