"""Gathering an incident at a glance."""

from collections.abc import Sequence

from bot.actions.communication.impact import impact_of
from bot.domain.command import COMMANDER, holder_of
from bot.domain.incident import Incident
from bot.domain.overview import Overview
from bot.domain.rota import next_handoff
from bot.domain.update import Audience
from storage import command, handoffs, measures, needs, rotas, timeline, updates, vendors
from storage.store import Tx

_LATEST = 5


def glances(tx: Tx, wanted: Sequence[Incident]) -> list[Overview]:
    """Many incidents in so few queries: only with who holds which role and what is promised, for a line or two of each.

    What else an overview has is left out: lists are read while people wait.
    """
    numbers = [incident.number for incident in wanted]
    tenures, promised = command.open_tenures_in(tx, numbers), updates.open_promises_in(tx, numbers)
    return [
        Overview(
            incident=incident,
            tenures=tuple(tenures.get(incident.number, ())),
            next_shift=None,
            open_offer=None,
            last_commander=None,
            latest=(),
            now=tx.now,
            promise=promised.get(incident.number),
        )
        for incident in wanted
    ]


def overview(tx: Tx, incident: Incident) -> Overview:
    """`incident` with its roles, its next handoff and its latest entries."""
    tenures = tuple(command.open_tenures(tx, incident.number))
    holder = holder_of(tenures)
    running = {rota.role: rota for rota in rotas.all_running(tx, incident.number)}
    rota = running.get(COMMANDER)
    shifts = rotas.shifts_ending_after(tx, rota.id, tx.now) if rota else []
    last = command.last_tenure(tx, incident.number, COMMANDER)
    sent = updates.last_of_each(tx, incident.number)
    return Overview(
        incident=incident,
        tenures=tenures,
        next_shift=next_handoff(shifts, holder, tx.now) if holder else None,
        open_offer=handoffs.open_offer(tx, incident.number),
        last_commander=last.person if last else None,
        latest=tuple(timeline.latest(tx, incident.number, _LATEST)),
        now=tx.now,
        rotas=running,
        measures=measures.of(tx, incident.number),
        impact=impact_of(tx, incident),
        needs=tuple(needs.of(tx, incident.number, open_only=True)),
        cases=tuple(vendors.of(tx, incident.number, open_only=True)),
        last_update=sent.get(Audience.PUBLIC),
        last_internal=sent.get(Audience.INTERNAL),
        promise=updates.open_promise(tx, incident.number),
    )
