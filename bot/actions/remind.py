"""What is due: decided again from how things are now, then delivered, covered or superseded, in one transaction."""

from collections.abc import Callable, Mapping

from bot import log
from bot.actions import effects
from bot.actions.handoff import offer_command, withdraw_offer
from bot.actions.membership import commander
from bot.actions.rota import boundary_key, lay_out
from bot.boundary import Boundary
from bot.domain.command import Shift, current_shift
from bot.domain.incident import Incident
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from storage import command, incidents, reminders
from storage.store import Tx

_log = log.get("remind")

# How a reminder ended, and why or by what when it was not delivered.
Outcome = tuple[ReminderState, str]


def run_due(tx: Tx) -> int:
    """Settle every reminder that is due; how many were. One that breaks stays due and holds up none of the others."""
    settled = 0
    for reminder in reminders.due(tx, tx.now):
        with Boundary(_log, "reminder broke", reminder=reminder.key), tx.conn.begin_nested():
            state, reason = _KINDS[reminder.kind](tx, reminder)
            reminders.settle(tx, reminder.id, state, reason)
            settled += 1
    if settled:
        # The timetable has moved on even if nothing new was planned.
        tx.wrote_reminders = True
    return settled


def _shift_soon(tx: Tx, reminder: Reminder) -> Outcome:
    """B − 15: the incoming person is told by DM."""
    incident, shift, why_not = _still_planned(tx, reminder)
    if shift is None:
        return ReminderState.SUPERSEDED, why_not
    if tx.now >= shift.starts_at:
        return ReminderState.COVERED, boundary_key(shift)
    if commander(tx, incident) == shift.person:
        return ReminderState.SUPERSEDED, "already in command"
    effects.tell(tx, incident, shift.person, "shift-soon", reminder.key, shift=shift.id)
    return ReminderState.DELIVERED, ""


def _shift_boundary(tx: Tx, reminder: Reminder) -> Outcome:
    """B: command is offered in the channel; the next turns are laid out."""
    incident, shift, why_not = _still_planned(tx, reminder)
    if shift is None:
        return ReminderState.SUPERSEDED, why_not
    rota = command.running_rota(tx, incident.number)
    if rota:
        lay_out(tx, rota)
    if tx.now >= shift.ends_at:
        return ReminderState.COVERED, _current_boundary(tx, shift)
    if commander(tx, incident) == shift.person:
        # Whom it was offered to before did not come, and now it is the holder's own turn again.
        withdraw_offer(tx, incident)
        effects.refresh(tx, incident, reminder.key)
        return ReminderState.SUPERSEDED, "already in command"
    offer_command(tx, incident, shift)
    effects.refresh(tx, incident, reminder.key)
    return ReminderState.DELIVERED, ""


def _still_planned(tx: Tx, reminder: Reminder) -> tuple[Incident, Shift | None, str]:
    incident = incidents.get(tx, reminder.incident)
    if not incident.is_open:
        return incident, None, f"the incident is {incident.state}"
    rota = command.running_rota(tx, incident.number)
    shift = command.shift(tx, reminder.shift) if reminder.shift else None
    if shift is None or rota is None or shift.rota != rota.id:
        return incident, None, "its shift is not planned any more"
    return incident, shift, ""


def _current_boundary(tx: Tx, missed: Shift) -> str:
    """The key of the boundary that is offered instead of one whose shift has passed."""
    current = current_shift(command.shifts_of(tx, missed.rota), tx.now)
    return boundary_key(current) if current else "no shift is running"


_KINDS: Mapping[ReminderKind, Callable[[Tx, Reminder], Outcome]] = {
    ReminderKind.SHIFT_SOON: _shift_soon,
    ReminderKind.SHIFT_BOUNDARY: _shift_boundary,
}
