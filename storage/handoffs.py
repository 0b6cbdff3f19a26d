"""Handoffs, whom the ladder asked, and takings: stored and found."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.command import COMMANDER
from bot.domain.handoff import Handoff, HandoffKind, HandoffState, Taking, TakingState
from bot.domain.incident import PersonId
from storage.command_tables import asks, handoffs, takings
from storage.store import Tx, add_row

_HANDOFF = [column for column in handoffs.c if column.name != "settled_at"]
_TAKING = [column for column in takings.c if column.name != "settled_at"]


def _handoff(row: Row[Any]) -> Handoff:
    return Handoff(**(row._asdict() | {"state": HandoffState(row.state), "kind": HandoffKind(row.kind)}))


def offer(
    tx: Tx,
    incident: int,
    role: str,
    kind: HandoffKind,
    to: PersonId,
    *,
    by: PersonId | None = None,
    shift: int | None = None,
    boundary_at: datetime,
    briefing: int | None = None,
) -> Handoff:
    """Store an open offer of a role. None of this role may be open: settle that one first."""
    handoff = add_row(
        tx,
        insert(handoffs).values(
            incident=incident,
            role=role,
            kind=kind,
            offered_to=to,
            offered_by=by,
            offered_at=tx.now,
            shift=shift,
            boundary_at=boundary_at,
            state=HandoffState.OPEN,
            briefing=briefing,
        ),
    )
    return get(tx, handoff)


def get(tx: Tx, handoff: int) -> Handoff:
    """The handoff of that id; raises when there is none."""
    return _handoff(tx.conn.execute(select(*_HANDOFF).where(handoffs.c.id == handoff)).one())


def find(tx: Tx, handoff: int) -> Handoff | None:
    row = tx.conn.execute(select(*_HANDOFF).where(handoffs.c.id == handoff)).one_or_none()
    return _handoff(row) if row else None


def open_offer(tx: Tx, incident: int, role: str = COMMANDER) -> Handoff | None:
    query = select(*_HANDOFF).where(
        handoffs.c.incident == incident, handoffs.c.role == role, handoffs.c.state == HandoffState.OPEN
    )
    row = tx.conn.execute(query).one_or_none()
    return _handoff(row) if row else None


def open_offers(tx: Tx, incident: int) -> list[Handoff]:
    """The open offers of all roles."""
    query = select(*_HANDOFF).where(handoffs.c.incident == incident, handoffs.c.state == HandoffState.OPEN)
    return [_handoff(row) for row in tx.conn.execute(query.order_by(handoffs.c.id))]


def newest_of_shift(tx: Tx, shift: int) -> Handoff | None:
    """The last offer that was made of a shift."""
    query = select(*_HANDOFF).where(handoffs.c.shift == shift).order_by(handoffs.c.id.desc()).limit(1)
    row = tx.conn.execute(query).one_or_none()
    return _handoff(row) if row else None


def waited_for(tx: Tx) -> list[PersonId]:
    """Everybody to whom a role is offered, or whom the ladder has asked; those too who said that they can't."""
    is_open = handoffs.c.state == HandoffState.OPEN
    offered = select(handoffs.c.offered_to).where(is_open)
    return list(tx.conn.scalars(offered.union(select(asks.c.person).join(handoffs).where(is_open))))


def open_for(tx: Tx, person: PersonId) -> list[Handoff]:
    """The open offers that this person may accept: made to them, or asked of them by the ladder."""
    was_asked = select(asks.c.handoff).where(asks.c.person == person, asks.c.declined_at.is_(None))
    query = select(*_HANDOFF).where(
        handoffs.c.state == HandoffState.OPEN,
        (handoffs.c.offered_to == person) | handoffs.c.id.in_(was_asked),
    )
    return [_handoff(row) for row in tx.conn.execute(query.order_by(handoffs.c.id))]


def settle(tx: Tx, handoff: int, state: HandoffState, reason: str = "", *, accepted_by: PersonId | None = None) -> None:
    """End an offer."""
    values = {"state": state, "reason": reason, "accepted_by": accepted_by, "settled_at": tx.now}
    tx.conn.execute(update(handoffs).where(handoffs.c.id == handoff).values(**values))


def change(tx: Tx, handoff: int, **values: Any) -> None:
    """Set `exhausted_at`, `briefing`, or where the offer's message stands."""
    tx.conn.execute(update(handoffs).where(handoffs.c.id == handoff).values(**values))


def ask(tx: Tx, handoff: int, person: PersonId) -> None:
    """The ladder asks somebody; asking twice is asking once."""
    values = {"handoff": handoff, "person": person, "asked_at": tx.now}
    tx.conn.execute(upsert(asks).values(**values).on_conflict_do_nothing())


def decline(tx: Tx, handoff: int, person: PersonId) -> None:
    """Somebody who was asked can't; also whom it was offered to."""
    values = {"handoff": handoff, "person": person, "asked_at": tx.now, "declined_at": tx.now}
    tx.conn.execute(
        upsert(asks)
        .values(**values)
        .on_conflict_do_update(index_elements=["handoff", "person"], set_={"declined_at": tx.now})
    )


def asked(tx: Tx, handoff: int) -> list[PersonId]:
    """Whom the ladder has asked, in that order, those included who can't."""
    query = select(asks.c.person).where(asks.c.handoff == handoff).order_by(asks.c.asked_at, asks.c.person)
    return list(tx.conn.scalars(query))


def declined(tx: Tx, handoff: int) -> list[PersonId]:
    """Who said that they can't."""
    query = select(asks.c.person).where(asks.c.handoff == handoff, asks.c.declined_at.is_not(None))
    return list(tx.conn.scalars(query))


def _taking(row: Row[Any]) -> Taking:
    return Taking(**(row._asdict() | {"state": TakingState(row.state)}))


def ask_taking(
    tx: Tx, incident: int, role: str, person: PersonId, holder: PersonId, reason: str, confirm_at: datetime
) -> Taking:
    """Store that somebody asks the holder for a role. None may be open: settle that one first."""
    taking = add_row(
        tx,
        insert(takings).values(
            incident=incident,
            role=role,
            person=person,
            holder=holder,
            reason=reason,
            asked_at=tx.now,
            confirm_at=confirm_at,
            state=TakingState.OPEN,
        ),
    )
    return _taking(tx.conn.execute(select(*_TAKING).where(takings.c.id == taking)).one())


def taking(tx: Tx, taking_id: int) -> Taking | None:
    row = tx.conn.execute(select(*_TAKING).where(takings.c.id == taking_id)).one_or_none()
    return _taking(row) if row else None


def open_taking(tx: Tx, incident: int, role: str = COMMANDER) -> Taking | None:
    query = select(*_TAKING).where(
        takings.c.incident == incident, takings.c.role == role, takings.c.state == TakingState.OPEN
    )
    row = tx.conn.execute(query).one_or_none()
    return _taking(row) if row else None


def open_takings_of(tx: Tx, person: PersonId) -> list[Taking]:
    """The open questions for a role that this person asks, or is asked as its holder."""
    concerned = (takings.c.person == person) | (takings.c.holder == person)
    query = select(*_TAKING).where(takings.c.state == TakingState.OPEN, concerned)
    return [_taking(row) for row in tx.conn.execute(query.order_by(takings.c.id))]


def settle_taking(tx: Tx, taking_id: int, state: TakingState) -> None:
    tx.conn.execute(update(takings).where(takings.c.id == taking_id).values(state=state, settled_at=tx.now))
