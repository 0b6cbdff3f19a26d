"""Progress: what is counted, and its readings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update

from bot.domain.incident import PersonId
from bot.domain.progress import RECENT, Measure, Reading, same_name
from storage.communication_tables import measures, readings
from storage.statements import add_row, kept, set_row
from storage.store import Tx

_COLUMNS = (
    measures.c.id,
    measures.c.incident,
    measures.c.name,
    readings.c.at,
    readings.c.value,
    readings.c.total,
    readings.c.said_by,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Where the message stands that shows a measure; None when it is nowhere."""

    channel: str | None
    ts: str | None


def of(tx: Tx, incident: int) -> tuple[Measure, ...]:
    """What is counted in an incident, in the order in which it began, each with its newest readings."""
    return tuple(_gathered(_newest(tx, incident, RECENT)))


@kept
def _newest(incident: int, most: int) -> Select[Any]:
    place = func.row_number().over(partition_by=readings.c.measure, order_by=(readings.c.at.desc(),)).label("place")
    found = (
        select(*_COLUMNS, place)
        .join(measures, measures.c.id == readings.c.measure)
        .where(measures.c.incident == incident, readings.c.removed_at.is_(None))
        .subquery()
    )
    columns = [found.c[column.name] for column in _COLUMNS]
    return select(*columns).where(found.c.place <= most).order_by(found.c.id, found.c.at)


def in_full(tx: Tx, incident: int, measure: int | None = None) -> tuple[Measure, ...]:
    """The same with all readings; of one measure when given."""
    query = (
        select(*_COLUMNS)
        .join(measures, measures.c.id == readings.c.measure)
        .where(measures.c.incident == incident, readings.c.removed_at.is_(None))
        .order_by(measures.c.id, readings.c.at)
    )
    query = query if measure is None else query.where(measures.c.id == measure)
    return tuple(_gathered(tx.conn.execute(query)))


def _gathered(rows: Iterable[Row[Any]]) -> Iterable[Measure]:
    for (number, incident, name), of_one in groupby(rows, key=lambda row: (row.id, row.incident, row.name)):
        found = tuple(Reading(at=row.at, value=row.value, total=row.total, said_by=row.said_by) for row in of_one)
        yield Measure(id=number, incident=incident, name=name, readings=found)


def find(tx: Tx, incident: int, name: str) -> int | None:
    """The measure of that name, however it is written, even if it has no reading any more."""
    this = (measures.c.incident == incident, measures.c.same == same_name(name))
    found: int | None = tx.conn.scalar(select(measures.c.id).where(*this))
    return found


def add(tx: Tx, incident: int, name: str) -> int:
    """Begin to count something; its id."""
    return add_row(tx, measures, incident=incident, name=name, same=same_name(name), made_at=tx.now)


def rename(tx: Tx, measure: int, name: str) -> None:
    """Write its name another way, with the same letters."""
    set_row(tx, measures, measure, name=name)


def read(tx: Tx, measure: int, at: datetime, value: int, total: int, by: PersonId) -> Reading | None:
    """Keep a reading as of `at`; the one of the same time that it replaces, if there is one."""
    replaced = _at(tx, measure, at)
    if replaced:
        _remove(tx, measure, at)
    values = {"measure": measure, "at": at, "value": value, "total": total, "said_by": by, "said_at": tx.now}
    tx.conn.execute(insert(readings).values(**values))
    return replaced


def take_back(tx: Tx, measure: int) -> Reading | None:
    """Remove the reading that was said last, and say which; None when there is none."""
    standing = (readings.c.measure == measure, readings.c.removed_at.is_(None))
    at = tx.conn.scalar(select(readings.c.at).where(*standing).order_by(readings.c.id.desc()).limit(1))
    last = _at(tx, measure, at) if at else None
    if last:
        _remove(tx, measure, last.at)
    return last


def _at(tx: Tx, measure: int, at: datetime) -> Reading | None:
    columns = (readings.c.at, readings.c.value, readings.c.total, readings.c.said_by)
    this = (readings.c.measure == measure, readings.c.at == at, readings.c.removed_at.is_(None))
    row = tx.conn.execute(select(*columns).where(*this)).first()
    return Reading(**row._asdict()) if row else None


def _remove(tx: Tx, measure: int, at: datetime) -> None:
    this = (readings.c.measure == measure, readings.c.at == at, readings.c.removed_at.is_(None))
    tx.conn.execute(update(readings).where(*this).values(removed_at=tx.now))


def shown(tx: Tx, measure: int) -> Shown:
    """Where the message stands that shows it."""
    query = select(measures.c.message_channel, measures.c.message_ts).where(measures.c.id == measure)
    row = tx.conn.execute(query).one()
    return Shown(channel=row.message_channel, ts=row.message_ts)


def set_shown(tx: Tx, measure: int, channel: str | None, ts: str | None) -> None:
    """Remember where it stands."""
    set_row(tx, measures, measure, message_channel=channel, message_ts=ts)
