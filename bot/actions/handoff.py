"""Handing command over: offered to one person, theirs when they accept, and at that instant only."""

from datetime import timedelta

from bot.actions import effects
from bot.actions.standing import may_see
from bot.domain.command import COMMANDER, Handoff, HandoffState, How, Shift
from bot.domain.incident import Incident, PersonId
from bot.domain.text import format_duration
from bot.domain.timeline import EntryKind
from bot.errors import NotAllowed, WrongState
from storage import command, incidents, timeline
from storage.store import Tx


def offer_command(tx: Tx, incident: Incident, shift: Shift) -> Handoff:
    """Offer command to whose shift it is, in the channel. Whoever holds it goes on until they accept."""
    withdraw_offer(tx, incident)
    offered = command.offer(tx, incident.number, COMMANDER, shift.person, shift.id, shift.starts_at)
    effects.show_offer(tx, incident, offered.id, "offered")
    return offered


def withdraw_offer(tx: Tx, incident: Incident) -> None:
    """Take back the open offer of command, if there is one."""
    before = command.settle_offer(tx, incident.number, COMMANDER, HandoffState.WITHDRAWN)
    if before:
        effects.show_offer(tx, incident, before.id, "withdrawn")


def accept(tx: Tx, handoff_id: int, by: PersonId) -> Incident:
    """Take command: the tenure switches in this transaction, and everyone is shown it.

    Raises NotAllowed for anyone but the person asked, WrongState when the offer is not open any more.
    """
    handoff = command.find_handoff(tx, handoff_id)
    incident = incidents.get(tx, handoff.incident) if handoff else None
    if handoff is None or incident is None or not (handoff.offered_to == by or may_see(tx, incident, by)):
        raise WrongState("That offer is not known here.", "See who is in command: `/incident command`")
    _check_acceptable(tx, incident, handoff, by)
    relieved = command.open_tenure(tx, incident.number, COMMANDER)
    command.settle_offer(tx, incident.number, COMMANDER, HandoffState.ACCEPTED)
    command.begin(tx, incident.number, COMMANDER, by, How.ACCEPTED)
    acknowledged = incident.acknowledged_at or (tx.now if by != incident.declared_by else None)
    incident = incidents.change(tx, incident.number, acknowledged_at=acknowledged)
    incidents.join(tx, incident.number, by)
    late = max(tx.now - handoff.boundary_at, timedelta())
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, f"Command: <@{by}>{_lateness(late)}", by)
    effects.show_offer(tx, incident, handoff.id, "accepted")
    if relieved:
        minutes = int(relieved.length(tx.now).total_seconds() // 60)
        effects.tell(tx, incident, relieved.person, "relieved", f"t{entry.number}", by=by, minutes=minutes)
    effects.after_entry(tx, incident, entry, topic=True)
    return incident


def _check_acceptable(tx: Tx, incident: Incident, handoff: Handoff, by: PersonId) -> None:
    see = f"See who is in command: `/incident command {incident.name}`"
    if handoff.state is HandoffState.ACCEPTED:
        holder = command.open_tenure(tx, incident.number, COMMANDER)
        mine = holder is not None and holder.person == by
        raise WrongState("You have command already." if mine else "Somebody has accepted this already.", see)
    if handoff.state is not HandoffState.OPEN:
        raise WrongState("This offer was withdrawn.", see)
    if handoff.offered_to != by:
        raise NotAllowed(f"Command of {incident.name} is offered to <@{handoff.offered_to}>, not to you.", see)


def _lateness(late: timedelta) -> str:
    return f", {format_duration(late)} after the boundary" if late >= timedelta(minutes=1) else ""
