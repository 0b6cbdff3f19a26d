"""The one place where a role changes hands, and what follows from it."""

from datetime import timedelta
from typing import Any

from bot.actions import effects
from bot.actions.command import briefing, fatigue, presence, suggestion
from bot.actions.waking import fallbacks, outgoing, paging
from bot.domain.command import COMMANDER, How, Tenure, role_name
from bot.domain.handoff import IN_CHANNEL, HandoffState, TakingState
from bot.domain.incident import Incident, PersonId
from bot.domain.reminder import ReminderKind
from bot.domain.text import format_duration
from bot.domain.timeline import EntryKind
from storage import command, handoffs, incidents, reminders, timeline
from storage.store import Tx

OF_HANDOFF = frozenset({ReminderKind.HANDOFF_LATE, ReminderKind.LADDER, ReminderKind.MANAGERS, ReminderKind.UNANSWERED})
_OF_TENURE = frozenset(
    {
        ReminderKind.PRESENCE,
        ReminderKind.PRESENCE_UNANSWERED,
        ReminderKind.FATIGUE_SHIFT,
        ReminderKind.FATIGUE_DAY,
        ReminderKind.ROTA_SUGGESTION,
    }
)
_WORDS = {
    How.TOOK: ", who took it",
    How.RELIEVED: ", who relieved the one before",
    How.REOPENED: ", who reopened it",
}


def switch(
    tx: Tx,
    incident: Incident,
    role: str,
    person: PersonId,
    how: How,
    *,
    late: timedelta = timedelta(),
    reason: str = "",
    handoff: int | None = None,
) -> Incident:
    """Give a role to somebody now: who held it is relieved and told, open questions about it end, all is shown.

    `late`: how long after the boundary, or after being asked. `handoff`: the offer accepted, which is not withdrawn.
    """
    tx.promised = True
    relieved = command.open_tenure(tx, incident.number, role)
    handoff = handoff or _answered_by_taking(tx, incident, role, person)
    end_questions(tx, incident, role, "somebody else has it now", accepted=handoff)
    paging.acknowledged(tx, incident, person)
    seconds = int(late.total_seconds())
    number = command.begin(tx, incident.number, role, person, how, late_seconds=seconds, reason=reason, handoff=handoff)
    text = f"{role_name(role).capitalize()}: <@{person}>{_lateness(late)}{_WORDS.get(how, '')}"
    text += f": {reason}" if reason else ""
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, text, person)
    if incidents.join(tx, incident.number, person):
        effects.invite(tx, incident, [person], f"tenure{number}")
    command.was_active(tx, incident.number, person, tx.now)
    if relieved and relieved.person != person:
        about: dict[str, Any] = {"minutes": int(relieved.length(tx.now).total_seconds() // 60), "reason": reason}
        effects.tell(
            tx, incident, relieved.person, "relieved", f"t{entry.number}", by=person, role=role, how=how, **about
        )
    if role == COMMANDER:
        incident = _command_moved(tx, incident, relieved, number, person, how)
    effects.after_entry(tx, incident, entry, topic=role == COMMANDER)
    outgoing.tell_at_once(tx, incident, role)
    for someone in {person, *([relieved.person] if relieved else [])}:
        effects.publish_home(tx, someone, f"tenure{number}")
    return incident


def _answered_by_taking(tx: Tx, incident: Incident, role: str, person: PersonId) -> int | None:
    """Whoever was asked has the role now, if in another way: the offer is answered, not withdrawn. Which it was."""
    offer = handoffs.open_offer(tx, incident.number, role)
    if offer is None or person not in (offer.offered_to, *handoffs.asked(tx, offer.id)):
        return None
    if offer.briefing:
        briefing.accepted(tx, offer.briefing)
    settle_offer(tx, incident, role, HandoffState.ACCEPTED, "", by=person)
    return offer.id


def _command_moved(
    tx: Tx, incident: Incident, relieved: Tenure | None, number: int, person: PersonId, how: How
) -> Incident:
    """What follows when it was command that moved."""
    if relieved:
        end_watch(tx, incident, relieved.id, "somebody else has command")
    if incident.acknowledged_at is None and person != incident.declared_by:
        incident = incidents.change(tx, incident.number, acknowledged_at=tx.now)
    watch(tx, incident, number)
    fallbacks.plan(tx, incident)
    effects.show_commanders(tx, incident, f"tenure{number}")
    return incident


def watch(tx: Tx, incident: Incident, number: int) -> None:
    """Plan what a new tenure of command needs: presence, fatigue, the suggestion of a rota."""
    tenure = command.tenure(tx, number)
    if tenure:
        presence.watch(tx, incident, tenure)
        fatigue.watch(tx, incident, tenure.id)
        suggestion.watch(tx, incident, tenure)


def end_watch(tx: Tx, incident: Incident, number: int, why: str) -> None:
    """A tenure has ended: nothing more is asked about it."""
    reminders.supersede(tx, incident.number, why, _OF_TENURE, number)


def end_questions(tx: Tx, incident: Incident, role: str, why: str, *, accepted: int | None = None) -> None:
    """End the open offer and the open taking of a role, `accepted` aside: the question is settled."""
    offer = handoffs.open_offer(tx, incident.number, role)
    if offer and offer.id != accepted:
        settle_offer(tx, incident, role, HandoffState.WITHDRAWN, why)
    taking = handoffs.open_taking(tx, incident.number, role)
    if taking:
        handoffs.settle_taking(tx, taking.id, TakingState.WITHDRAWN)
        reminders.supersede(tx, incident.number, why, {ReminderKind.TAKING}, taking.id)


def settle_offer(
    tx: Tx,
    incident: Incident,
    role: str,
    state: HandoffState,
    reason: str,
    *,
    by: PersonId | None = None,
) -> None:
    """End the open offer of a role, if there is one: its ladder stops, its pages fall silent, its message says so."""
    offer = handoffs.open_offer(tx, incident.number, role)
    if offer is None:
        return
    handoffs.settle(tx, offer.id, state, reason, accepted_by=by)
    why = f"the offer was {state}" + (f": {reason}" if reason else "")
    reminders.supersede(tx, incident.number, why, OF_HANDOFF, offer.id)
    paging.end(tx, incident, f"the offer was {state}", handoff=offer.id)
    if offer.kind in IN_CHANNEL:
        effects.show_offer(tx, incident, offer.id, state)
    for asked in {offer.offered_to, *handoffs.asked(tx, offer.id)}:
        effects.publish_home(tx, asked, f"offer{offer.id}:{state}")


def _lateness(late: timedelta) -> str:
    return f", after {format_duration(late)}" if late >= timedelta(minutes=1) else ""
