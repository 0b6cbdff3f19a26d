"""Gathering an incident at a glance."""

from bot.domain.command import COMMANDER, holder_of
from bot.domain.incident import Incident
from bot.domain.overview import Overview
from bot.domain.rota import next_handoff
from storage import command, handoffs, rotas, timeline
from storage.store import Tx

_LATEST = 5


def overview(tx: Tx, incident: Incident) -> Overview:
    """`incident` with its roles, its next handoff and its latest entries."""
    tenures = tuple(command.open_tenures(tx, incident.number))
    holder = holder_of(tenures)
    running = {rota.role: rota for rota in rotas.all_running(tx, incident.number)}
    rota = running.get(COMMANDER)
    shifts = rotas.shifts_ending_after(tx, rota.id, tx.now) if rota else []
    last = command.last_tenure(tx, incident.number, COMMANDER)
    return Overview(
        incident=incident,
        tenures=tenures,
        next_shift=next_handoff(shifts, holder, tx.now) if holder else None,
        open_offer=handoffs.open_offer(tx, incident.number),
        last_commander=last.person if last else None,
        latest=tuple(timeline.latest(tx, incident.number, _LATEST)),
        now=tx.now,
        rotas=running,
    )
