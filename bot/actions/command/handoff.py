"""Handing a role over: offered to one person, theirs when they accept, and at that instant only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions import effects
from bot.actions.command import briefing, fatigue, ladder
from bot.actions.command.tenure import settle_offer, switch
from bot.actions.standing import may_see
from bot.actions.waking import fallbacks, paging
from bot.domain.command import COMMANDER, How, role_name
from bot.domain.handoff import IN_CHANNEL, Handoff, HandoffKind, HandoffState
from bot.domain.incident import Incident, PersonId, Severity, check_open
from bot.domain.people import check_can_act
from bot.domain.reminder import ReminderKind
from bot.domain.rota import next_handoff
from bot.domain.timeline import EntryKind
from bot.errors import NotAllowed, WrongState, WrongWords
from bot.settings import Settings
from storage import command, handoffs, incidents, people, reminders, rotas, timeline
from storage.store import Tx

PAGED = frozenset({Severity.SEV1, Severity.SEV2})


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of accepting: the incident, whose role it was, and what is worth a thought about rest."""

    incident: Incident
    role: str
    warnings: tuple[str, ...] = ()


def offer(
    tx: Tx,
    incident: Incident,
    role: str,
    kind: HandoffKind,
    to: PersonId,
    *,
    boundary_at: datetime,
    by: PersonId | None = None,
    shift: int | None = None,
    briefing_id: int | None = None,
) -> Handoff:
    """Offer a role to somebody, instead of what was offered before. Whoever holds it goes on until they accept."""
    earlier = handoffs.open_offer(tx, incident.number, role)
    expires = earlier is not None and kind is HandoffKind.BOUNDARY
    state = HandoffState.EXPIRED if expires else HandoffState.WITHDRAWN
    settle_offer(tx, incident, role, state, "the next shift has begun" if expires else "it was offered anew")
    made = handoffs.offer(
        tx, incident.number, role, kind, to, by=by, shift=shift, boundary_at=boundary_at, briefing=briefing_id
    )
    effects.publish_home(tx, to, f"offer{made.id}")
    if role == COMMANDER:
        fallbacks.plan(tx, incident)
    return made


def hand_over(tx: Tx, incident: Incident, to: PersonId | None, by: PersonId) -> Handoff:
    """The IC, or who may act for them, offers command now: to `to`, else to the next on the rota.

    Raises WrongWords when nobody is named and nobody is next, WrongState when `to` has command already.
    """
    check_open(incident)
    holder = command.open_tenure(tx, incident.number)
    to = to or _next(tx, incident, holder.person if holder else None)
    check_can_act(people.get(tx, to), to)
    if holder and holder.person == to:
        raise WrongState(f"<@{to}> has command already.", "See who is next: `/incident command`")
    written = briefing.prepare(tx, incident, COMMANDER, for_shift=None, by=by)
    briefing.show(tx, incident, written, f"briefing{written}:offered")
    if incidents.join(tx, incident.number, to):
        effects.invite(tx, incident, [to], f"offer{written}:{to}")
    made = offer(tx, incident, COMMANDER, HandoffKind.OFFER, to, boundary_at=tx.now, by=by, briefing_id=written)
    effects.show_offer(tx, incident, made.id, "offered")
    ladder.plan_first_step(tx, incident, made, "offered")
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, f"Command offered to <@{to}>", by)
    effects.after_entry(tx, incident, entry)
    return made


def _next(tx: Tx, incident: Incident, holder: PersonId | None) -> PersonId:
    rota = rotas.running(tx, incident.number)
    shifts = rotas.shifts_ending_after(tx, rota.id, tx.now) if rota else []
    coming = next_handoff(shifts, holder, tx.now)
    if coming is None:
        raise WrongWords("To whom?", "For example: `/incident handoff @eve`")
    return coming.person


def withdraw(tx: Tx, incident: Incident, by: PersonId) -> None:
    """Take back the open offer of command. Raises WrongState when there is none."""
    if handoffs.open_offer(tx, incident.number) is None:
        raise WrongState("Command is offered to nobody.", f"See who has it: `/incident command {incident.name}`")
    settle_offer(tx, incident, COMMANDER, HandoffState.WITHDRAWN, f"<@{by}> took it back")
    fallbacks.plan(tx, incident)
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, "The offer of command was taken back", by)
    effects.after_entry(tx, incident, entry)


def offer_on_duty(tx: Tx, incident: Incident, on_duty: PersonId | None, cause: str) -> None:
    """Offer command to the IC on duty, when that is not who has it; for sev1 and sev2 they are paged.

    Whoever a machine put in command is asked to confirm it in the same way, at every severity. `cause` names what this
    is done for: a severity that is raised pages whom it was only offered to before.
    """
    holder, earlier = command.open_tenure(tx, incident.number), handoffs.open_offer(tx, incident.number)
    if on_duty is None or holder is None or (earlier and earlier.kind is not HandoffKind.DUTY):
        return
    if (holder.person == on_duty and holder.confirmed) or not may_see(tx, incident, on_duty):
        return
    kind = HandoffKind.DUTY if holder.confirmed else HandoffKind.CONFIRM
    made = earlier or offer(tx, incident, COMMANDER, kind, on_duty, boundary_at=tx.now)
    if kind is HandoffKind.DUTY and incident.severity not in PAGED:
        effects.tell(tx, incident, made.offered_to, "duty-offer", f"handoff{made.id}", handoff=made.id)
        return
    paging.page(tx, incident, made.offered_to, "duty-offer", f"handoff{made.id}:{cause}", made.id)
    ladder.plan_first_step(tx, incident, made, cause)


def calm_down(tx: Tx, incident: Incident) -> None:
    """The severity was lowered below what wakes people: the offer to the IC on duty stays, and wakes nobody.

    Whether the IC is there is not asked in such an incident, so others are not asked because of it either.
    """
    made = handoffs.open_offer(tx, incident.number)
    if made is None or incident.severity in PAGED:
        return
    why = f"the severity was lowered to {incident.severity}"
    if made.kind is HandoffKind.PRESENCE:
        settle_offer(tx, incident, COMMANDER, HandoffState.WITHDRAWN, why)
    elif made.kind is HandoffKind.DUTY:
        reminders.supersede(tx, incident.number, why, {ReminderKind.LADDER, ReminderKind.UNANSWERED}, made.id)
        paging.end(tx, incident, why, handoff=made.id)


def accept(tx: Tx, handoff_id: int, by: PersonId) -> Accepted:
    """Take a role that was offered: the tenure switches in this transaction, and everyone is shown it.

    Raises NotAllowed for anyone who was not asked, WrongState when the offer is not open any more.
    """
    incident, handoff = _of(tx, handoff_id, by)
    check_acceptable(tx, incident, handoff, by)
    holder = command.open_tenure(tx, incident.number, handoff.role)
    if holder and holder.person == by:
        return _confirmed(tx, incident, handoff, by)
    warnings = fatigue.at_acceptance(tx, incident, by) if handoff.role == COMMANDER else []
    asked_at = handoff.boundary_at if handoff.kind is HandoffKind.BOUNDARY else handoff.offered_at
    if handoff.briefing:
        briefing.accepted(tx, handoff.briefing)
    settle_offer(tx, incident, handoff.role, HandoffState.ACCEPTED, "", by=by)
    late = max(tx.now - asked_at, timedelta())
    incident = switch(tx, incident, handoff.role, by, How.ACCEPTED, late=late, handoff=handoff.id)
    asked_elsewhere = handoff.message_ts is None and handoff.kind not in IN_CHANNEL
    # A question that is still on its way to the channel says there by whom it was answered.
    if asked_elsewhere or ladder.said_unanswered(tx, incident, handoff):
        effects.say(tx, incident, "command", f"handoff{handoff.id}", by=by, how=How.ACCEPTED)
    return Accepted(incident, handoff.role, tuple(warnings))


def _confirmed(tx: Tx, incident: Incident, handoff: Handoff, by: PersonId) -> Accepted:
    """Whoever has the role already says that they do."""
    holder = command.open_tenure(tx, incident.number, handoff.role)
    if holder:
        command.change(tx, holder.id, confirmed=True)
    acknowledged = incident.acknowledged_at or tx.now
    incident = incidents.change(tx, incident.number, acknowledged_at=acknowledged)
    settle_offer(tx, incident, handoff.role, HandoffState.ACCEPTED, "", by=by)
    fallbacks.plan(tx, incident)
    text = f"{role_name(handoff.role).capitalize()}: confirmed by <@{by}>"
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, text, by)
    command.was_active(tx, incident.number, by, tx.now)
    if ladder.said_unanswered(tx, incident, handoff):
        effects.say(tx, incident, "command", f"handoff{handoff.id}", by=by, how=How.ACCEPTED)
    effects.after_entry(tx, incident, entry, topic=True)
    return Accepted(incident, handoff.role)


def decline(tx: Tx, settings: Settings, handoff_id: int, by: PersonId) -> Incident:
    """Somebody who was asked can't. Of command others are asked at once; what a person offered goes back to them."""
    incident, handoff = _of(tx, handoff_id, by)
    check_acceptable(tx, incident, handoff, by)
    if by in handoffs.declined(tx, handoff.id):
        raise WrongState("You have said so already: others are asked.", f"See who: `/incident command {incident.name}`")
    _decline(tx, settings, incident, handoff, by)
    return incident


def _decline(tx: Tx, settings: Settings, incident: Incident, handoff: Handoff, by: PersonId) -> None:
    waited_for = ladder.waited_for(tx, handoff)
    handoffs.decline(tx, handoff.id, by)
    paging.acknowledged(tx, incident, by)
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, f"<@{by}> can't take {role_name(handoff.role)}", by)
    if not _goes_on(incident, handoff, by):
        settle_offer(tx, incident, handoff.role, HandoffState.DECLINED, f"<@{by}> can't")
        holder = command.open_tenure(tx, incident.number, handoff.role)
        whose = handoff.offered_by or (holder.person if holder else None)
        if whose:
            effects.tell(tx, incident, whose, "declined", f"handoff{handoff.id}", by=by, role=handoff.role)
    else:
        # Whoever was asked after them keeps their ten minutes.
        if by == waited_for:
            ladder.climb_at_once(tx, settings, incident, handoff)
        if handoff.message_ts:
            effects.show_offer(tx, incident, handoff.id, f"declined:{by}")
    effects.after_entry(tx, incident, entry)


def cannot_any_more(tx: Tx, settings: Settings, person: PersonId) -> None:
    """Somebody left the workspace: what was offered to them goes on as if they had said that they can't."""
    for handoff in handoffs.open_for(tx, person):
        holder = command.open_tenure(tx, handoff.incident, handoff.role)
        if (holder is None or holder.person != person) and person not in handoffs.declined(tx, handoff.id):
            _decline(tx, settings, incidents.get(tx, handoff.incident), handoff, person)


def _goes_on(incident: Incident, handoff: Handoff, by: PersonId) -> bool:
    """Whether others are asked when `by` declines."""
    if handoff.role != COMMANDER:
        return False
    if by != handoff.offered_to or handoff.kind is HandoffKind.BOUNDARY:
        return True
    return handoff.kind is not HandoffKind.OFFER and (
        handoff.kind is not HandoffKind.DUTY or incident.severity in PAGED
    )


def _of(tx: Tx, handoff_id: int, by: PersonId) -> tuple[Incident, Handoff]:
    handoff = handoffs.find(tx, handoff_id)
    incident = incidents.get(tx, handoff.incident) if handoff else None
    if handoff is None or incident is None or not may_see(tx, incident, by):
        raise WrongState("That offer is not known here.", "See who is in command: `/incident command`")
    return incident, handoff


def asked(tx: Tx, handoff: Handoff, person: PersonId) -> bool:
    """Whether this person may accept: it was offered to them, or the ladder has asked them."""
    return handoff.offered_to == person or person in handoffs.asked(tx, handoff.id)


def check_acceptable(tx: Tx, incident: Incident, handoff: Handoff, by: PersonId) -> None:
    """Raise WrongState when it is not open any more, saying what became of it; NotAllowed for who was not asked."""
    see = f"See who is in command: `/incident command {incident.name}`"
    if handoff.state is HandoffState.ACCEPTED:
        holder = command.open_tenure(tx, incident.number, handoff.role)
        mine = holder is not None and holder.person == by
        has = f"<@{handoff.accepted_by}> has accepted this already."
        raise WrongState(f"You have {role_name(handoff.role)} already." if mine else has, see)
    if not handoff.is_open:
        because = f": {handoff.reason}" if handoff.reason else ""
        was = {HandoffState.DECLINED: "was declined", HandoffState.EXPIRED: "has expired"}
        raise WrongState(f"This offer {was.get(handoff.state, 'was withdrawn')}{because}.", see)
    if not asked(tx, handoff, by):
        what = role_name(handoff.role).capitalize()
        raise NotAllowed(f"{what} of {incident.name} is offered to <@{handoff.offered_to}>, not to you.", see)
