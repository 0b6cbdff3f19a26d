"""The rota of command: who takes turns, and the reminders that make the turns happen."""

from collections.abc import Sequence
from datetime import timedelta

from bot.actions import effects
from bot.actions.handoff import offer_command, withdraw_offer
from bot.domain.command import COMMANDER, PLAN_AHEAD, SOON, Rota, Shift, check_rota, turns
from bot.domain.incident import Incident, PersonId, check_open
from bot.domain.reminder import ReminderKind
from bot.domain.text import format_duration
from bot.domain.timeline import EntryKind
from bot.errors import WrongState
from storage import command, incidents, reminders, timeline
from storage.store import Tx


def start(tx: Tx, incident: Incident, people: Sequence[PersonId], shift: timedelta, by: PersonId) -> Rota:
    """Start a rota of command from now on: the first named has the first shift.

    Shifts are exact durations. When somebody else is in command now, the first is offered it at once.
    """
    check_open(incident)
    check_rota(people, shift)
    stop_reminding(tx, incident, "another rota was started")
    rota = command.start_rota(tx, incident.number, COMMANDER, people, shift, tx.now)
    lay_out(tx, rota)
    named = " ".join(f"<@{person}>" for person in people)
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, f"Rota: {named}, {format_duration(shift)} each", by)
    for person in people:
        if incidents.join(tx, incident.number, person):
            effects.invite(tx, incident, [person], f"rota{rota.id}:{person}")
    effects.say(
        tx, incident, "rota", f"t{entry.number}", by=by, people=list(people), minutes=int(shift.total_seconds() // 60)
    )
    holder = command.open_tenure(tx, incident.number, COMMANDER)
    if holder and holder.person != people[0]:
        offer_command(tx, incident, command.shifts_of(tx, rota.id)[0])
    effects.after_entry(tx, incident, entry)
    return rota


def stop(tx: Tx, incident: Incident, by: PersonId) -> None:
    """Stop the rota: whoever commands goes on until something else is agreed."""
    if command.running_rota(tx, incident.number) is None:
        raise WrongState(f"{incident.name} has no rota.", "Start one: `/incident rota start @ada @bob 8h`")
    stop_reminding(tx, incident, "the rota was stopped")
    command.stop_rota(tx, incident.number, COMMANDER)
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, "The rota was stopped", by)
    effects.say(tx, incident, "rota-stopped", f"t{entry.number}", by=by)
    effects.after_entry(tx, incident, entry)


def lay_out(tx: Tx, rota: Rota) -> list[Shift]:
    """Store the shifts that start within the next 48 h and are not stored yet, with their reminders."""
    first = command.last_position(tx, rota.id) + 1
    added = command.add_turns(tx, rota, turns(rota.people, rota.shift, rota.anchor, first, tx.now + PLAN_AHEAD))
    for shift in added:
        # The first shift begins with the rota itself; one that has passed needs nobody's attention.
        if shift.position > 0 and shift.ends_at > tx.now:
            _remind(tx, shift)
    return added


def stop_reminding(tx: Tx, incident: Incident, why: str) -> None:
    """Withdraw what the running plan has asked and would ask."""
    reminders.supersede(tx, incident.number, why)
    withdraw_offer(tx, incident)


def boundary_key(shift: Shift) -> str:
    """The key of the reminder at the beginning of a shift."""
    return f"handoff:INC-{shift.incident}:shift-{shift.id}:b"


def _remind(tx: Tx, shift: Shift) -> None:
    key = boundary_key(shift)
    reminders.plan(tx, f"{key}-15", ReminderKind.SHIFT_SOON, shift.starts_at - SOON, shift.incident, shift.id)
    reminders.plan(tx, key, ReminderKind.SHIFT_BOUNDARY, shift.starts_at, shift.incident, shift.id)
