"""Tenures, rotas, shifts and handoffs: stored and found."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, literal, select, update

from bot.domain.command import COMMANDER, Handoff, HandoffState, How, Rota, Shift, Tenure, Turn
from bot.domain.incident import PersonId
from storage.store import Tx, add_row
from storage.tables import UtcTime, handoffs, incidents, rotas, shifts, tenures

_TENURE = [column for column in tenures.c if column.name != "open_role"]
_HANDOFF = [column for column in handoffs.c if column.name != "settled_at"]


def _tenure(row: Row[Any]) -> Tenure:
    return Tenure(**(row._asdict() | {"how": How(row.how)}))


def open_tenures(tx: Tx, incident: int) -> list[Tenure]:
    """Who holds which role now, command first."""
    query = select(*_TENURE).where(tenures.c.incident == incident, tenures.c.ended_at.is_(None))
    return sorted((_tenure(row) for row in tx.conn.execute(query)), key=lambda t: (t.role != COMMANDER, t.role))


def open_tenure(tx: Tx, incident: int, role: str) -> Tenure | None:
    return next((tenure for tenure in open_tenures(tx, incident) if tenure.role == role), None)


def last_tenure(tx: Tx, incident: int, role: str) -> Tenure | None:
    """The newest tenure of that role, open or ended."""
    query = select(*_TENURE).where(tenures.c.incident == incident, tenures.c.role == role)
    row = tx.conn.execute(query.order_by(tenures.c.id.desc()).limit(1)).one_or_none()
    return _tenure(row) if row else None


def tenures_of(tx: Tx, incident: int, role: str = COMMANDER) -> list[Tenure]:
    """The command log: every tenure of that role, the oldest first."""
    query = select(*_TENURE).where(tenures.c.incident == incident, tenures.c.role == role).order_by(tenures.c.id)
    return [_tenure(row) for row in tx.conn.execute(query)]


def _not_before_its_start(tx: Tx) -> ColumnElement[datetime]:
    """Now; the tenure's own start when the machine's clock was set back behind it."""
    return func.max(tenures.c.started_at, literal(tx.now, UtcTime))


def end(tx: Tx, incident: int, role: str) -> None:
    """End the open tenure of that role, if there is one."""
    tx.conn.execute(
        update(tenures)
        .where(tenures.c.incident == incident, tenures.c.role == role, tenures.c.ended_at.is_(None))
        .values(ended_at=_not_before_its_start(tx), open_role=None)
    )


def begin(tx: Tx, incident: int, role: str, person: PersonId, how: How) -> int:
    """Give a role to somebody from now on, ending whoever held it; the new tenure's id."""
    end(tx, incident, role)
    tenure = add_row(
        tx,
        insert(tenures).values(incident=incident, role=role, open_role=role, person=person, how=how, started_at=tx.now),
    )
    if role == COMMANDER:
        tx.conn.execute(
            update(incidents)
            # One that has ended gets its state and its commander in one statement: see reopen.
            .where(incidents.c.number == incident, incidents.c.ic_tenure.is_not(None))
            .values(ic_tenure=tenure, open_role=role)
        )
    return tenure


def end_all(tx: Tx, incident: int) -> None:
    """End every open tenure: the incident is over. Its state must leave the open ones in the same transaction."""
    tx.conn.execute(
        update(tenures)
        .where(tenures.c.incident == incident, tenures.c.ended_at.is_(None))
        .values(ended_at=_not_before_its_start(tx), open_role=None)
    )


def start_rota(
    tx: Tx, incident: int, role: str, people: Sequence[PersonId], shift: timedelta, anchor: datetime
) -> Rota:
    """Store a rota, stopping the one that ran for this role."""
    stop_rota(tx, incident, role)
    rota = add_row(
        tx,
        insert(rotas).values(
            incident=incident, role=role, people=list(people), shift_seconds=int(shift.total_seconds()), anchor=anchor
        ),
    )
    return Rota(id=rota, incident=incident, role=role, people=tuple(people), shift=shift, anchor=anchor)


def stop_rota(tx: Tx, incident: int, role: str | None = None) -> None:
    """Stop the running rota of that role, or of all roles."""
    running = update(rotas).where(rotas.c.incident == incident, rotas.c.stopped_at.is_(None)).values(stopped_at=tx.now)
    tx.conn.execute(running if role is None else running.where(rotas.c.role == role))


def running_rota(tx: Tx, incident: int, role: str = COMMANDER) -> Rota | None:
    query = select(rotas).where(rotas.c.incident == incident, rotas.c.role == role, rotas.c.stopped_at.is_(None))
    row = tx.conn.execute(query).one_or_none()
    if row is None:
        return None
    return Rota(
        id=row.id,
        incident=row.incident,
        role=row.role,
        people=tuple(row.people),
        shift=timedelta(seconds=row.shift_seconds),
        anchor=row.anchor,
    )


def add_turns(tx: Tx, rota: Rota, turns: Iterable[Turn]) -> list[Shift]:
    """Store these turns of the rota; the shifts they became."""
    return [
        Shift(
            id=add_row(
                tx,
                insert(shifts).values(
                    rota=rota.id,
                    position=turn.position,
                    person=turn.person,
                    starts_at=turn.starts_at,
                    ends_at=turn.ends_at,
                ),
            ),
            rota=rota.id,
            incident=rota.incident,
            role=rota.role,
            position=turn.position,
            person=turn.person,
            starts_at=turn.starts_at,
            ends_at=turn.ends_at,
        )
        for turn in turns
    ]


_SHIFT = [*shifts.c, rotas.c.incident, rotas.c.role]


def shifts_of(tx: Tx, rota: int) -> list[Shift]:
    """The rota's shifts in order."""
    query = select(*_SHIFT).join(rotas, rotas.c.id == shifts.c.rota).where(shifts.c.rota == rota)
    return [Shift(**row._asdict()) for row in tx.conn.execute(query.order_by(shifts.c.position))]


def shift(tx: Tx, shift_id: int) -> Shift:
    """The shift of that id; raises when there is none."""
    query = select(*_SHIFT).join(rotas, rotas.c.id == shifts.c.rota).where(shifts.c.id == shift_id)
    return Shift(**tx.conn.execute(query).one()._asdict())


def last_position(tx: Tx, rota: int) -> int:
    """The position of the last shift laid out; -1 before the first."""
    found: int | None = tx.conn.scalar(select(func.max(shifts.c.position)).where(shifts.c.rota == rota))
    return -1 if found is None else found


def _handoff(row: Row[Any]) -> Handoff:
    return Handoff(**(row._asdict() | {"state": HandoffState(row.state)}))


def offer(tx: Tx, incident: int, role: str, to: PersonId, shift_id: int | None, boundary_at: datetime) -> Handoff:
    """Store an open offer of a role, withdrawing the one that was open."""
    settle_offer(tx, incident, role, HandoffState.WITHDRAWN)
    handoff = add_row(
        tx,
        insert(handoffs).values(
            incident=incident,
            role=role,
            offered_to=to,
            shift=shift_id,
            boundary_at=boundary_at,
            state=HandoffState.OPEN,
        ),
    )
    return handoff_by_id(tx, handoff)


def handoff_by_id(tx: Tx, handoff: int) -> Handoff:
    """The handoff of that id; raises when there is none."""
    return _handoff(tx.conn.execute(select(*_HANDOFF).where(handoffs.c.id == handoff)).one())


def find_handoff(tx: Tx, handoff: int) -> Handoff | None:
    row = tx.conn.execute(select(*_HANDOFF).where(handoffs.c.id == handoff)).one_or_none()
    return _handoff(row) if row else None


def open_offer(tx: Tx, incident: int, role: str = COMMANDER) -> Handoff | None:
    query = select(*_HANDOFF).where(
        handoffs.c.incident == incident, handoffs.c.role == role, handoffs.c.state == HandoffState.OPEN
    )
    row = tx.conn.execute(query).one_or_none()
    return _handoff(row) if row else None


def settle_offer(tx: Tx, incident: int, role: str, state: HandoffState) -> Handoff | None:
    """End the open offer of that role; the handoff as it was, None when none was open."""
    found = open_offer(tx, incident, role)
    if found:
        values = {"state": state, "settled_at": tx.now}
        tx.conn.execute(update(handoffs).where(handoffs.c.id == found.id).values(**values))
    return found


def offer_posted(tx: Tx, handoff: int, channel: str, ts: str) -> None:
    """Remember where the offer's message stands."""
    tx.conn.execute(update(handoffs).where(handoffs.c.id == handoff).values(message_channel=channel, message_ts=ts))
