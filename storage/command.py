"""Tenures: who held which role of which incident, stored and found."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Insert, Row, Select, Update, func, or_, select, type_coerce, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.command import COMMANDER, How, Tenure
from bot.domain.incident import Kind, PersonId
from storage.columns import UtcTime
from storage.statements import add_row, kept, set_row
from storage.store import Tx
from storage.tables import activity, incidents, tenures

_TENURE = [column for column in tenures.c if column.name != "open_role"]


def _tenure(row: Row[Any]) -> Tenure:
    return Tenure(**(row._asdict() | {"how": How(row.how)}))


def open_tenures(tx: Tx, incident: int) -> list[Tenure]:
    """Who holds which role now, command first."""
    found = [_tenure(row) for row in _open_tenures(tx, incident)]
    return sorted(found, key=lambda t: (t.role != COMMANDER, t.role))


@kept
def _open_tenures(incident: int) -> Select[Any]:
    return select(*_TENURE).where(tenures.c.incident == incident, tenures.c.ended_at.is_(None))


def open_tenures_in(tx: Tx, wanted: Collection[int]) -> dict[int, list[Tenure]]:
    """The same of many incidents at once; those in which nobody holds anything are left out."""
    query = select(*_TENURE).where(tenures.c.incident.in_(list(wanted)), tenures.c.ended_at.is_(None))
    found: dict[int, list[Tenure]] = {}
    for one in sorted((_tenure(row) for row in tx.conn.execute(query)), key=lambda t: (t.role != COMMANDER, t.role)):
        found.setdefault(one.incident, []).append(one)
    return found


def open_tenure(tx: Tx, incident: int, role: str = COMMANDER) -> Tenure | None:
    return next((tenure for tenure in open_tenures(tx, incident) if tenure.role == role), None)


def tenure(tx: Tx, tenure_id: int) -> Tenure | None:
    row = _by_id(tx, tenure_id).one_or_none()
    return _tenure(row) if row else None


@kept
def _by_id(tenure: int) -> Select[Any]:
    return select(*_TENURE).where(tenures.c.id == tenure)


def last_tenure(tx: Tx, incident: int, role: str) -> Tenure | None:
    """The newest tenure of that role, open or ended."""
    row = _last_tenure(tx, incident, role).one_or_none()
    return _tenure(row) if row else None


@kept
def _last_tenure(incident: int, role: str) -> Select[Any]:
    query = select(*_TENURE).where(tenures.c.incident == incident, tenures.c.role == role)
    return query.order_by(tenures.c.id.desc()).limit(1)


def tenures_of(tx: Tx, incident: int, role: str = COMMANDER) -> list[Tenure]:
    """The command log: every tenure of that role, the oldest first."""
    return [_tenure(row) for row in _tenures_of(tx, incident, role)]


@kept
def _tenures_of(incident: int, role: str) -> Select[Any]:
    return select(*_TENURE).where(tenures.c.incident == incident, tenures.c.role == role).order_by(tenures.c.id)


def handed_over_since(tx: Tx, wanted: Collection[int], since: datetime) -> dict[int, int]:
    """How often command of each of these incidents was taken on since, but for the declaration; where it was."""
    begun = (
        tenures.c.role == COMMANDER,
        tenures.c.started_at >= since,
        tenures.c.how.not_in([How.DECLARED, How.OPENED]),
    )
    query = select(tenures.c.incident, func.count()).where(tenures.c.incident.in_(list(wanted)), *begun)
    return {row[0]: row[1] for row in tx.conn.execute(query.group_by(tenures.c.incident))}


def command_of_people(tx: Tx, people: Collection[PersonId], since: datetime) -> list[Tenure]:
    """The tenures of command of these people, in all incidents, that had not ended at `since`."""
    return [_tenure(row) for row in _command_of_people(tx, list(people), since)]


@kept
def _command_of_people(people: list[PersonId], since: datetime) -> Select[Any]:
    query = select(*_TENURE).where(
        tenures.c.role == COMMANDER,
        tenures.c.person.in_(people),
        or_(tenures.c.ended_at.is_(None), tenures.c.ended_at > since),
    )
    return query.order_by(tenures.c.id)


def held_by(tx: Tx, person: PersonId) -> list[Tenure]:
    """The roles somebody holds now, in all incidents."""
    return [_tenure(row) for row in _held_by(tx, person)]


@kept
def _held_by(person: PersonId) -> Select[Any]:
    query = select(*_TENURE).where(tenures.c.person == person, tenures.c.ended_at.is_(None))
    return query.order_by(tenures.c.id)


def public_commanders(tx: Tx) -> list[PersonId]:
    """The ICs of all open incidents that are neither private nor drills, each once, in the order of their IDs."""
    query = select(tenures.c.person).join(incidents, incidents.c.ic_tenure == tenures.c.id)
    real = query.where(incidents.c.private.is_(False), incidents.c.kind == Kind.REAL)
    return list(tx.conn.scalars(real.distinct().order_by(tenures.c.person)))


def _not_before_its_start(now: datetime) -> ColumnElement[datetime]:
    """Now; the tenure's own start when the machine's clock was set back behind it."""
    return func.max(tenures.c.started_at, type_coerce(now, UtcTime))


def end(tx: Tx, incident: int, role: str) -> None:
    """End the open tenure of that role, if there is one."""
    _end(tx, incident, role, tx.now)


@kept
def _end(incident: int, role: str, now: datetime) -> Update:
    this = (tenures.c.incident == incident, tenures.c.role == role, tenures.c.ended_at.is_(None))
    return update(tenures).where(*this).values(ended_at=_not_before_its_start(now), open_role=None)


def begin(tx: Tx, incident: int, role: str, person: PersonId, how: How, **about: Any) -> int:
    """Give a role to somebody from now on, ending whoever held it; the new tenure's id.

    `about`: `late_seconds`, `reason`, `handoff`.
    """
    end(tx, incident, role)
    given = {"incident": incident, "role": role, "open_role": role, "person": person, "how": how}
    tenure = add_row(tx, tenures, **given, started_at=tx.now, **about)
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
        .values(ended_at=_not_before_its_start(tx.now), open_role=None)
    )


def change(tx: Tx, tenure_id: int, **values: Any) -> None:
    """Set `confirmed` or `quiet_until` of a tenure."""
    set_row(tx, tenures, tenure_id, **values)


def holders(tx: Tx) -> list[PersonId]:
    """Everybody who holds a role of an open incident, each once."""
    return list(tx.conn.scalars(select(tenures.c.person).where(tenures.c.ended_at.is_(None)).distinct()))


def was_active(tx: Tx, incident: int, person: PersonId, at: datetime) -> None:
    """Remember that somebody did something in an incident at this time; an older time changes nothing."""
    _was_active(tx, incident, person, at)


@kept
def _was_active(incident: int, person: PersonId, at: datetime) -> Insert:
    newer = insert(activity).values(incident=incident, person=person, last_at=at)
    return newer.on_conflict_do_update(
        index_elements=["incident", "person"],
        set_={"last_at": newer.excluded.last_at},
        where=activity.c.last_at < newer.excluded.last_at,
    )


def last_active(tx: Tx, incident: int, person: PersonId) -> datetime | None:
    """When somebody last did something in an incident, as far as it was heard."""
    return _last_active(tx, incident, person).scalar()


@kept
def _last_active(incident: int, person: PersonId) -> Select[datetime]:
    return select(activity.c.last_at).where(activity.c.incident == incident, activity.c.person == person)
