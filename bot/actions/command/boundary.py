"""The steps of the boundary table: from an hour before a shift begins until somebody has accepted.

Each decides again from how things are. When the bot was away over several steps, the latest that is due says it all.
"""

from bot.actions import effects
from bot.actions.command import briefing, ladder
from bot.actions.command.handoff import offer
from bot.actions.command.plan import end_trades, lay_out
from bot.actions.command.tenure import settle_offer
from bot.actions.waking import fallbacks, outgoing, paging
from bot.actions.waking.outgoing import cannot
from bot.domain import boundary
from bot.domain.command import COMMANDER, Tenure, role_name
from bot.domain.handoff import Handoff, HandoffKind, HandoffState
from bot.domain.incident import Incident
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, covered, superseded
from bot.domain.rota import Rota, Shift, current_shift
from bot.domain.timeline import EntryKind
from bot.settings import Settings
from storage import command, handoffs, incidents, reminders, rotas, timeline
from storage.store import Tx


def hour_before(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """B − 60: is the incoming person up; does the outgoing one need an hour more."""
    incident, shift, outcome = _planned(tx, reminder)
    if shift is None:
        return outcome
    if not cannot(tx, shift):
        effects.tell(tx, incident, shift.person, "shift-hour", reminder.key, **outgoing.about(tx, shift, reminder.key))
    outgoing.tell(tx, incident, shift)
    return DELIVERED


def half_hour_before(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """B − 30: whoever has not said that they are up is paged, whatever they confirmed earlier."""
    incident, shift, outcome = _planned(tx, reminder)
    if shift is None:
        return outcome
    why_not = cannot(tx, shift) or ("they are up" if shift.up_at else "")
    if why_not:
        return superseded(why_not)
    about = outgoing.about(tx, shift, reminder.key)
    paging.page(tx, incident, shift.person, "shift-page", reminder.key, **about)
    return DELIVERED


def quarter_before(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """B − 15: paged again, the stand-in warned; the draft of the briefing is posted for the outgoing one."""
    incident, shift, outcome = _planned(tx, reminder)
    if shift is None:
        return outcome
    if shift.up_at is None:
        about = outgoing.about(tx, shift, reminder.key)
        if not cannot(tx, shift):
            paging.page(tx, incident, shift.person, "shift-page", reminder.key, **about)
        stand_in = ladder.stand_in(tx, settings, incident, shift)
        if stand_in:
            effects.tell(tx, incident, stand_in, "stand-in", f"{reminder.key}:stand-in", **about)
    written = briefing.prepare(tx, incident, shift.role, for_shift=shift.id, by=None)
    briefing.show(tx, incident, written, f"briefing{written}:draft")
    return DELIVERED


def at_boundary(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """B: the role is offered in the channel, the briefing above it; the next turns are laid out."""
    begun = rotas.shift(tx, reminder.subject or 0)
    if begun and begun.version == reminder.version:
        _begin(tx, begun)
    outcome = _offer_shift(tx, settings, reminder)
    if begun:
        # The offer was made, or isn't needed; the next boundary is the one to think of now.
        fallbacks.plan(tx, incidents.get(tx, begun.incident), passed=begun.id)
    return outcome


def _offer_shift(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    incident, shift, outcome = _planned(tx, reminder)
    if shift is None:
        return outcome
    written = briefing.prepare(tx, incident, shift.role, for_shift=shift.id, by=None)
    briefing.show(tx, incident, written, f"briefing{written}:offered")
    made = offer(
        tx,
        incident,
        shift.role,
        HandoffKind.BOUNDARY,
        shift.person,
        boundary_at=shift.starts_at,
        shift=shift.id,
        briefing_id=written,
    )
    _plan_after(tx, incident, made)
    if why := cannot(tx, shift):
        handoffs.decline(tx, made.id, shift.person)
        text = f"<@{shift.person}> can't take {role_name(shift.role)}: {why}"
        timeline.add(tx, incident.number, EntryKind.COMMAND, text, None)
        if shift.role == COMMANDER:
            ladder.climb_at_once(tx, settings, incident, made)
    effects.show_offer(tx, incident, made.id, "offered")
    effects.refresh(tx, incident, reminder.key)
    return DELIVERED


def _begin(tx: Tx, shift: Shift) -> None:
    """What was asked about a shift before it began is over, whoever has the role; the next turns are laid out."""
    incident, why = incidents.get(tx, shift.incident), "the shift has begun"
    end_trades(tx, incident, shift.rota, why, shift.id)
    paging.end(tx, incident, why, shift=shift.id)
    running = rotas.running(tx, shift.incident, shift.role)
    if running and running.id == shift.rota:
        lay_out(tx, running)


def _plan_after(tx: Tx, incident: Incident, made: Handoff) -> None:
    """What is due after the offer, counted from when it was made: a bot that was away must not hurry anybody."""
    name = f"handoff:{incident.name}:offer-{made.id}"
    steps = [(ReminderKind.HANDOFF_LATE, boundary.LATE, "late")]
    if made.role == COMMANDER:
        steps.append((ReminderKind.LADDER, boundary.LADDER_FROM_BOUNDARY, "ladder"))
        steps.append((ReminderKind.MANAGERS, boundary.MANAGERS, "managers"))
    for kind, after, word in steps:
        reminders.plan(tx, f"{name}:{word}", kind, tx.now + after, incident.number, made.id)


def late(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """B + 10: nobody has accepted. The outgoing one is told, the incoming one told and paged."""
    incident, handoff, why_not = ladder.still_open(tx, reminder)
    if handoff is None:
        return superseded(why_not)
    if handoff.offered_to in handoffs.declined(tx, handoff.id):
        return superseded("they said that they can't")
    holder = command.open_tenure(tx, incident.number, handoff.role)
    if holder:
        effects.tell(tx, incident, holder.person, "late-out", reminder.key, handoff=handoff.id)
    if handoff.role == COMMANDER:
        paging.page(tx, incident, handoff.offered_to, "late-in", reminder.key, handoff.id)
    else:
        effects.tell(tx, incident, handoff.offered_to, "late-in", reminder.key, handoff=handoff.id)
    return DELIVERED


def _planned(tx: Tx, reminder: Reminder) -> tuple[Incident, Shift | None, Outcome]:
    """The incident and the shift when this step is still to be done; else None and how the reminder ends."""
    incident = incidents.get(tx, reminder.incident or 0)
    if not incident.is_open:
        return incident, None, superseded(f"the incident is {incident.state}")
    shift = rotas.shift(tx, reminder.subject or 0)
    rota = rotas.running(tx, incident.number, shift.role) if shift else None
    if shift is None or rota is None or shift.rota != rota.id:
        return incident, None, superseded("its shift is not planned any more")
    if shift.version != reminder.version:
        return incident, None, superseded("the plan was changed")
    later = _latest_due(tx, shift)
    if later != reminder.kind and tx.now < shift.ends_at:
        return incident, None, covered(boundary.step_key(shift, later))
    if tx.now >= shift.ends_at:
        return incident, None, _missed(tx, rota)
    holder = command.open_tenure(tx, incident.number, shift.role)
    if holder and holder.person == shift.person:
        _kept(tx, incident, shift, reminder, holder)
        return incident, None, superseded("they have it already")
    return incident, shift, DELIVERED


def _kept(tx: Tx, incident: Incident, shift: Shift, reminder: Reminder, holder: Tenure) -> None:
    """Whose turn begins has the role already: what was offered to somebody before is over."""
    open_offer = handoffs.open_offer(tx, incident.number, shift.role)
    if reminder.kind is ReminderKind.SHIFT_BOUNDARY:
        if open_offer and open_offer.shift:
            settle_offer(tx, incident, shift.role, HandoffState.EXPIRED, f"the shift of <@{holder.person}> has begun")
        effects.refresh(tx, incident, reminder.key)


def _latest_due(tx: Tx, shift: Shift) -> ReminderKind:
    """The last step of this shift whose time has come."""
    due = [kind for kind, before in boundary.BEFORE if shift.starts_at - before <= tx.now]
    if shift.role != COMMANDER:
        due = [kind for kind in due if kind in {ReminderKind.SHIFT_HOUR, ReminderKind.SHIFT_BOUNDARY}]
    return due[-1]


def _missed(tx: Tx, rota: Rota) -> Outcome:
    """The whole shift passed while the bot was away: its successor's boundary says how things are."""
    lay_out(tx, rota)
    current = current_shift(rotas.shifts_ending_after(tx, rota.id, tx.now), tx.now)
    if current is None:
        return superseded("no shift is running")
    return covered(boundary.step_key(current, ReminderKind.SHIFT_BOUNDARY))
