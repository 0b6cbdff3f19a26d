"""Gathering an incident at a glance."""

from bot.domain.command import COMMANDER, next_handoff
from bot.domain.incident import Incident
from bot.domain.overview import Overview
from storage import command, timeline
from storage.store import Tx

_LATEST = 5


def overview(tx: Tx, incident: Incident) -> Overview:
    """`incident` with its roles, its next handoff and its latest entries."""
    tenures = tuple(command.open_tenures(tx, incident.number))
    holder = next((tenure.person for tenure in tenures if tenure.role == COMMANDER), None)
    rota = command.running_rota(tx, incident.number)
    shifts = command.shifts_of(tx, rota.id) if rota else []
    last = command.last_tenure(tx, incident.number, COMMANDER)
    return Overview(
        incident=incident,
        tenures=tenures,
        next_shift=next_handoff(shifts, holder, tx.now) if holder else None,
        offer=command.open_offer(tx, incident.number),
        last_commander=last.person if last else None,
        latest=tuple(timeline.latest(tx, incident.number, _LATEST)),
        now=tx.now,
    )
