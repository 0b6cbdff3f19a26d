"""Whoever is about to be relieved: told an hour before, or as soon as the role is theirs when that is later."""

from typing import Any

from bot.actions import effects
from bot.domain import boundary
from bot.domain.incident import Incident
from bot.domain.reminder import ReminderKind
from bot.domain.rota import Shift, next_handoff
from storage import command, handoffs, people, rotas
from storage.store import Tx

_HOUR = dict(boundary.BEFORE)[ReminderKind.SHIFT_HOUR]


def tell(tx: Tx, incident: Incident, shift: Shift) -> None:
    """B − 60: whoever has the role may extend or write the briefing, if it is they whom this shift relieves."""
    holder = command.open_tenure(tx, incident.number, shift.role)
    if holder is None or _is_being_relieved(tx, shift):
        return
    coming = next_handoff(rotas.shifts_ending_after(tx, shift.rota, tx.now), holder.person, tx.now)
    if coming and coming.id == shift.id:
        key = boundary.step_key(shift, ReminderKind.SHIFT_HOUR)
        # One key for each person and boundary: whoever has heard it is not told again.
        effects.tell(tx, incident, holder.person, "shift-hour-out", f"{key}:out", **about(tx, shift, key))


def tell_at_once(tx: Tx, incident: Incident, role: str) -> None:
    """Shifts are short, or it was accepted late: less than an hour is left until the next boundary."""
    holder, rota = command.open_tenure(tx, incident.number, role), rotas.running(tx, incident.number, role)
    if holder is None or rota is None:
        return
    coming = next_handoff(rotas.shifts_ending_after(tx, rota.id, tx.now), holder.person, tx.now)
    if coming and coming.starts_at - tx.now <= _HOUR:
        tell(tx, incident, coming)


def _is_being_relieved(tx: Tx, shift: Shift) -> bool:
    """Whether a shift before this one has just been offered: short as it is, it is not the holder who goes then."""
    offered = handoffs.open_offer(tx, shift.incident, shift.role)
    return offered is not None and offered.shift is not None and tx.now - offered.offered_at < _HOUR


def about(tx: Tx, shift: Shift, key: str) -> dict[str, Any]:
    """What is said about a shift ends with its boundary: the reminder is kept, to say by what it was covered then."""
    return {"shift": shift.id, "version": shift.version, "reminder": key, "cannot": cannot(tx, shift)}


def cannot(tx: Tx, shift: Shift) -> str:
    """Why the person of this shift can't take it, as far as is known; empty when they may."""
    known = people.get(tx, shift.person)
    if known and known.deactivated:
        return "they left the workspace"
    return "they said so" if shift.cant_at else ""
