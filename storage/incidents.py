"""Incidents: stored, found and changed. Functions take a transaction and answer domain values."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from bot.domain.command import COMMANDER, How
from bot.domain.incident import OPEN_STATES, Incident, Kind, PersonId, Severity, State
from storage.statements import add_new, add_row, kept, set_row
from storage.store import Tx
from storage.tables import incident_numbers, incidents, members, tenures

_COLUMNS = [column for column in incidents.c if column.name not in {"ic_tenure", "open_role"}]


def _incident(row: Row[Any]) -> Incident:
    values = row._asdict()
    values |= {"severity": Severity(row.severity), "state": State(row.state), "kind": Kind(row.kind)}
    return Incident(**values)


def add(
    tx: Tx,
    *,
    title: str,
    summary: str,
    severity: Severity,
    kind: Kind,
    private: bool,
    declared_by: PersonId,
    source: str = "",
) -> Incident:
    """Store a new incident, with its declarer in command and among its members.

    `source` names the machine that opened it; then `declared_by` is whom it put in command, who has not confirmed yet.
    """
    # The key between the two rows is checked at commit; one writer makes the next id ours.
    tenure = (tx.conn.scalar(select(func.max(tenures.c.id))) or 0) + 1
    number = add_row(tx, incident_numbers)
    add_row(
        tx,
        incidents,
        number=number,
        title=title,
        summary=summary,
        severity=severity,
        state=State.INVESTIGATING,
        kind=kind,
        private=private,
        declared_by=declared_by,
        declared_at=tx.now,
        detected_at=tx.now,
        source=source,
        ic_tenure=tenure,
        open_role=COMMANDER,
    )
    add_row(
        tx,
        tenures,
        id=tenure,
        incident=number,
        role=COMMANDER,
        open_role=COMMANDER,
        person=declared_by,
        how=How.OPENED if source else How.DECLARED,
        confirmed=not source,
        started_at=tx.now,
    )
    join(tx, number, declared_by)
    return get(tx, number)


def get(tx: Tx, number: int) -> Incident:
    """The incident of that number; LookupError when there is none."""
    found = find(tx, number)
    if found is None:
        raise LookupError(f"no incident {number}")
    return found


def find(tx: Tx, number: int) -> Incident | None:
    row = _find(tx, number).one_or_none()
    return _incident(row) if row else None


@kept
def _find(number: int) -> Select[Any]:
    return select(*_COLUMNS).where(incidents.c.number == number)


def in_channel(tx: Tx, channel_id: str) -> Incident | None:
    """The incident whose channel this is."""
    row = _in_channel(tx, channel_id).one_or_none()
    return _incident(row) if row else None


@kept
def _in_channel(channel_id: str) -> Select[Any]:
    return select(*_COLUMNS).where(incidents.c.channel_id == channel_id)


def visible(tx: Tx, person: PersonId, *, open_only: bool, mine: bool = False, limit: int = 50) -> list[Incident]:
    """Incidents this person may see (public ones, and private ones they are or have a role in), the newest first."""
    holds = select(tenures.c.incident).where(tenures.c.person == person, tenures.c.ended_at.is_(None))
    am_in = select(members.c.incident).where(members.c.person == person).union(holds)
    query = select(*_COLUMNS).where(incidents.c.private.is_(False) | incidents.c.number.in_(am_in))
    if open_only:
        query = query.where(incidents.c.state.in_(OPEN_STATES))
    if mine:
        query = query.where(incidents.c.number.in_(am_in))
    return [_incident(row) for row in tx.conn.execute(query.order_by(incidents.c.number.desc()).limit(limit))]


def public_open(tx: Tx, severities: Collection[Severity] = tuple(Severity)) -> list[Incident]:
    """Every open incident of these severities that is not private, the worst and then the oldest first."""
    query = select(*_COLUMNS).where(incidents.c.private.is_(False), incidents.c.state.in_(OPEN_STATES))
    query = query.where(incidents.c.severity.in_(list(severities)))
    return [_incident(row) for row in tx.conn.execute(query.order_by(incidents.c.severity, incidents.c.number))]


def every_open(tx: Tx) -> list[Incident]:
    """Every open incident, private ones too: not for the eyes of anybody."""
    query = select(*_COLUMNS).where(incidents.c.state.in_(OPEN_STATES))
    return [_incident(row) for row in tx.conn.execute(query.order_by(incidents.c.number))]


def public_resolved_since(tx: Tx, since: datetime) -> list[Incident]:
    """Public incidents resolved at or after `since`, the newest first."""
    query = select(*_COLUMNS).where(incidents.c.private.is_(False), incidents.c.resolved_at >= since)
    return [_incident(row) for row in tx.conn.execute(query.order_by(incidents.c.resolved_at.desc()).limit(20))]


def cancelled_among(tx: Tx, numbers: Collection[int]) -> list[Incident]:
    """Those of these public incidents that were cancelled."""
    wanted = (incidents.c.number.in_(list(numbers)), incidents.c.private.is_(False))
    query = select(*_COLUMNS).where(*wanted, incidents.c.state == State.CANCELLED)
    return [_incident(row) for row in tx.conn.execute(query.order_by(incidents.c.number).limit(20))]


def change(tx: Tx, number: int, **values: Any) -> Incident:
    """Set columns of an incident; the incident as it is then."""
    set_row(tx, incidents, number, **values)
    return get(tx, number)


def join(tx: Tx, number: int, person: PersonId) -> bool:
    """Make this person a member; whether that is news."""
    return add_new(tx, members, incident=number, person=person, joined_at=tx.now)


def members_of(tx: Tx, number: int) -> list[PersonId]:
    """Everybody who is in it, in the order in which they came."""
    query = select(members.c.person).where(members.c.incident == number).order_by(members.c.joined_at, members.c.person)
    return list(tx.conn.scalars(query))


def leave(tx: Tx, number: int, person: PersonId) -> None:
    tx.conn.execute(members.delete().where(members.c.incident == number, members.c.person == person))


def is_member(tx: Tx, number: int, person: PersonId) -> bool:
    return _member(tx, number, person).first() is not None


@kept
def _member(number: int, person: PersonId) -> Select[Any]:
    return select(members.c.incident).where(members.c.incident == number, members.c.person == person)


def channels_taken(tx: Tx) -> list[str]:
    """The ids of all channels that incidents have."""
    return list(tx.conn.scalars(select(incidents.c.channel_id).where(incidents.c.channel_id.is_not(None))))
