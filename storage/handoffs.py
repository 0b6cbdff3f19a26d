"""Handoffs, whom the ladder asked, and takings: stored and found."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, literal_column, select
from sqlalchemy.dialects.sqlite import insert

from bot.domain.command import COMMANDER
from bot.domain.handoff import Handoff, HandoffKind, HandoffState, Taking, TakingState
from bot.domain.incident import PersonId
from storage.command_tables import asks, handoffs, takings
from storage.statements import add_new, add_row, kept, set_row
from storage.store import Tx

_HANDOFF = [column for column in handoffs.c if column.name != "settled_at"]
_TAKING = [column for column in takings.c if column.name != "settled_at"]
# Written out, not bound, for the indexes of open ones: see storage/reminders.py.
_OPEN = handoffs.c.state == literal_column(f"'{HandoffState.OPEN}'")
_ASKED = takings.c.state == literal_column(f"'{TakingState.OPEN}'")


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
        handoffs,
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
    )
    return get(tx, handoff)


def get(tx: Tx, handoff: int) -> Handoff:
    """The handoff of that id; raises when there is none."""
    return _handoff(_by_id(tx, handoff).one())


def find(tx: Tx, handoff: int) -> Handoff | None:
    row = _by_id(tx, handoff).one_or_none()
    return _handoff(row) if row else None


@kept
def _by_id(handoff: int) -> Select[Any]:
    return select(*_HANDOFF).where(handoffs.c.id == handoff)


def open_offer(tx: Tx, incident: int, role: str = COMMANDER) -> Handoff | None:
    row = _open_offer(tx, incident, role).one_or_none()
    return _handoff(row) if row else None


@kept
def _open_offer(incident: int, role: str) -> Select[Any]:
    return select(*_HANDOFF).where(handoffs.c.incident == incident, handoffs.c.role == role, _OPEN)


def open_offers(tx: Tx, incident: int) -> list[Handoff]:
    """The open offers of all roles."""
    return [_handoff(row) for row in _open_offers(tx, incident)]


@kept
def _open_offers(incident: int) -> Select[Any]:
    return select(*_HANDOFF).where(handoffs.c.incident == incident, _OPEN).order_by(handoffs.c.id)


def newest_of_shift(tx: Tx, shift: int) -> Handoff | None:
    """The last offer that was made of a shift."""
    row = _newest_of_shift(tx, shift).one_or_none()
    return _handoff(row) if row else None


@kept
def _newest_of_shift(shift: int) -> Select[Any]:
    return select(*_HANDOFF).where(handoffs.c.shift == shift).order_by(handoffs.c.id.desc()).limit(1)


def waited_for(tx: Tx) -> list[PersonId]:
    """Everybody to whom a role is offered, or whom the ladder has asked; those too who said that they can't."""
    offered = select(handoffs.c.offered_to).where(_OPEN)
    return list(tx.conn.scalars(offered.union(select(asks.c.person).join(handoffs).where(_OPEN))))


def open_for(tx: Tx, person: PersonId) -> list[Handoff]:
    """The open offers that this person may accept: made to them, or asked of them by the ladder."""
    return [_handoff(row) for row in _open_for(tx, person)]


@kept
def _open_for(person: PersonId) -> Select[Any]:
    was_asked = select(asks.c.handoff).where(asks.c.person == person, asks.c.declined_at.is_(None))
    theirs = (handoffs.c.offered_to == person) | handoffs.c.id.in_(was_asked)
    return select(*_HANDOFF).where(_OPEN, theirs).order_by(handoffs.c.id)


def settle(tx: Tx, handoff: int, state: HandoffState, reason: str = "", *, accepted_by: PersonId | None = None) -> None:
    """End an offer."""
    set_row(tx, handoffs, handoff, state=state, reason=reason, accepted_by=accepted_by, settled_at=tx.now)


def change(tx: Tx, handoff: int, **values: Any) -> None:
    """Set `exhausted_at`, `briefing`, or where the offer's message stands."""
    set_row(tx, handoffs, handoff, **values)


def ask(tx: Tx, handoff: int, person: PersonId) -> None:
    """The ladder asks somebody; asking twice is asking once."""
    add_new(tx, asks, handoff=handoff, person=person, asked_at=tx.now)


def decline(tx: Tx, handoff: int, person: PersonId) -> None:
    """Somebody who was asked can't; also whom it was offered to."""
    values = {"handoff": handoff, "person": person, "asked_at": tx.now, "declined_at": tx.now}
    tx.conn.execute(
        insert(asks)
        .values(**values)
        .on_conflict_do_update(index_elements=["handoff", "person"], set_={"declined_at": tx.now})
    )


def asked(tx: Tx, handoff: int) -> list[PersonId]:
    """Whom the ladder has asked, in that order, those included who can't."""
    return list(_asked(tx, handoff).scalars())


@kept
def _asked(handoff: int) -> Select[PersonId]:
    return select(asks.c.person).where(asks.c.handoff == handoff).order_by(asks.c.asked_at, asks.c.person)


def declined(tx: Tx, handoff: int) -> list[PersonId]:
    """Who said that they can't."""
    return list(_declined(tx, handoff).scalars())


@kept
def _declined(handoff: int) -> Select[PersonId]:
    return select(asks.c.person).where(asks.c.handoff == handoff, asks.c.declined_at.is_not(None))


def _taking(row: Row[Any]) -> Taking:
    return Taking(**(row._asdict() | {"state": TakingState(row.state)}))


def ask_taking(
    tx: Tx, incident: int, role: str, person: PersonId, holder: PersonId, reason: str, confirm_at: datetime
) -> Taking:
    """Store that somebody asks the holder for a role. None may be open: settle that one first."""
    taking = add_row(
        tx,
        takings,
        incident=incident,
        role=role,
        person=person,
        holder=holder,
        reason=reason,
        asked_at=tx.now,
        confirm_at=confirm_at,
        state=TakingState.OPEN,
    )
    return _taking(_taking_by_id(tx, taking).one())


def taking(tx: Tx, taking_id: int) -> Taking | None:
    row = _taking_by_id(tx, taking_id).one_or_none()
    return _taking(row) if row else None


@kept
def _taking_by_id(taking: int) -> Select[Any]:
    return select(*_TAKING).where(takings.c.id == taking)


def open_taking(tx: Tx, incident: int, role: str = COMMANDER) -> Taking | None:
    row = _open_taking(tx, incident, role).one_or_none()
    return _taking(row) if row else None


@kept
def _open_taking(incident: int, role: str) -> Select[Any]:
    return select(*_TAKING).where(takings.c.incident == incident, takings.c.role == role, _ASKED)


def open_takings_of(tx: Tx, person: PersonId) -> list[Taking]:
    """The open questions for a role that this person asks, or is asked as its holder."""
    return [_taking(row) for row in _open_takings_of(tx, person)]


@kept
def _open_takings_of(person: PersonId) -> Select[Any]:
    concerned = (takings.c.person == person) | (takings.c.holder == person)
    return select(*_TAKING).where(_ASKED, concerned).order_by(takings.c.id)


def settle_taking(tx: Tx, taking_id: int, state: TakingState) -> None:
    set_row(tx, takings, taking_id, state=state, settled_at=tx.now)
