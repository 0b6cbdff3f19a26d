"""The timeline: entries added and read."""

from sqlalchemy import func, insert, select

from bot.domain.incident import PersonId
from bot.domain.timeline import Entry, EntryKind
from storage.store import Tx
from storage.tables import timeline


def add(tx: Tx, incident: int, kind: EntryKind, text: str, who: PersonId | None) -> Entry:
    """Add an entry as of now, with the next number of its incident."""
    last = tx.conn.scalar(select(func.max(timeline.c.number)).where(timeline.c.incident == incident)) or 0
    entry = Entry(incident=incident, number=last + 1, at=tx.now, who=who, kind=kind, text=text)
    tx.conn.execute(
        insert(timeline).values(
            incident=incident, number=entry.number, at=entry.at, who=who, kind=entry.kind, text=text
        )
    )
    return entry


def latest(tx: Tx, incident: int, limit: int) -> list[Entry]:
    """The newest entries, in order of time."""
    query = select(*[column for column in timeline.c if column.name != "id"]).where(timeline.c.incident == incident)
    rows = tx.conn.execute(query.order_by(timeline.c.number.desc()).limit(limit)).all()
    return [Entry(**(row._asdict() | {"kind": EntryKind(row.kind)})) for row in reversed(rows)]


def count(tx: Tx, incident: int) -> int:
    """How many entries there are."""
    return tx.conn.scalar(select(func.count()).where(timeline.c.incident == incident)) or 0
