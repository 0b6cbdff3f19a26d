"""The timeline: entries added and read."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, select, update

from bot.domain.incident import PersonId
from bot.domain.timeline import Entry, EntryKind
from storage.statements import add_row, kept
from storage.store import Tx
from storage.tables import timeline

_ENTRY = [column for column in timeline.c if column.name != "id"]


def add(
    tx: Tx,
    incident: int,
    kind: EntryKind,
    text: str,
    who: PersonId | None,
    at: datetime | None = None,
    *,
    public: bool = False,
) -> Entry:
    """Add an entry as of `at` (None: now), with the next number of its incident. `public`: customers may be told."""
    number = last_number(tx, incident) + 1
    entry = Entry(incident=incident, number=number, at=at or tx.now, who=who, kind=kind, text=text, public=public)
    said = {"at": entry.at, "who": who, "kind": kind, "text": text, "public": public}
    add_row(tx, timeline, incident=incident, number=entry.number, **said)
    return entry


def latest(tx: Tx, incident: int, limit: int) -> list[Entry]:
    """The newest entries, in order of time."""
    return _in_order(_latest(tx, incident, limit))


@kept
def _latest(incident: int, limit: int) -> Select[Any]:
    return select(*_ENTRY).where(timeline.c.incident == incident).order_by(timeline.c.number.desc()).limit(limit)


def pinned(tx: Tx, incident: int, at: datetime) -> Entry | None:
    """The entry of the message that was said at that moment; None when it was not added."""
    at_that = (timeline.c.incident == incident, timeline.c.kind == EntryKind.PINNED, timeline.c.at == at)
    row = tx.conn.execute(select(*_ENTRY).where(*at_that)).first()
    return _entry(row) if row else None


def count(tx: Tx, incident: int) -> int:
    """How many entries there are."""
    return tx.conn.scalar(select(func.count()).where(timeline.c.incident == incident)) or 0


def newest(tx: Tx, incident: int, kinds: Collection[EntryKind], limit: int, after: int = 0) -> list[Entry]:
    """The newest entries of these kinds whose number is above `after`, in order of time."""
    return _in_order(_newest(tx, incident, list(kinds), after, limit))


@kept
def _newest(incident: int, kinds: list[EntryKind], after: int, limit: int) -> Select[Any]:
    return select(*_ENTRY).where(*_of(incident, kinds, after)).order_by(timeline.c.number.desc()).limit(limit)


def count_of(tx: Tx, incident: int, kinds: Collection[EntryKind], after: int = 0, *, but: str = "") -> int:
    """How many entries of these kinds there are whose number is above `after`, without those that begin with `but`."""
    if not but:
        return _count_of(tx, incident, list(kinds), after).scalar() or 0
    query = select(func.count()).where(*_of(incident, kinds, after))
    return tx.conn.scalar(query.where(~timeline.c.text.startswith(but, autoescape=True))) or 0


@kept
def _count_of(incident: int, kinds: list[EntryKind], after: int) -> Select[int]:
    return select(func.count()).where(*_of(incident, kinds, after))


def numbered(tx: Tx, incident: int, number: int) -> Entry | None:
    """The entry of that number; None when there is none, or it was removed."""
    of = (timeline.c.incident == incident, timeline.c.number == number)
    row = tx.conn.execute(select(*_ENTRY).where(*of)).one_or_none()
    return _entry(row) if row else None


def saying(tx: Tx, incident: int, kind: EntryKind, text: str) -> list[Entry]:
    """The entries of a kind that say just this."""
    those = (timeline.c.incident == incident, timeline.c.kind == kind, timeline.c.text == text)
    return [_entry(row) for row in tx.conn.execute(select(*_ENTRY).where(*those).order_by(timeline.c.number))]


def reword(tx: Tx, entry: Entry, text: str) -> None:
    """Let an entry say something else; what it said is gone."""
    tx.conn.execute(update(timeline).where(*_this(entry)).values(text=text))


def remove(tx: Tx, entry: Entry) -> None:
    """Take an entry away. Its number is not given again, as long as a newer entry says that it was removed."""
    tx.conn.execute(delete(timeline).where(*_this(entry)))


def _this(entry: Entry) -> tuple[ColumnElement[bool], ...]:
    return timeline.c.incident == entry.incident, timeline.c.number == entry.number


def last_number(tx: Tx, incident: int) -> int:
    """The number of the newest entry; 0 when there is none."""
    return _last_number(tx, incident).scalar() or 0


@kept
def _last_number(incident: int) -> Select[int]:
    return select(func.max(timeline.c.number)).where(timeline.c.incident == incident)


def last_numbers(tx: Tx, wanted: Collection[int]) -> dict[int, int]:
    """The number of the newest entry of each of these incidents; without those that have none."""
    query = select(timeline.c.incident, func.max(timeline.c.number)).where(timeline.c.incident.in_(list(wanted)))
    return {row[0]: row[1] for row in tx.conn.execute(query.group_by(timeline.c.incident))}


def _of(incident: int, kinds: Collection[EntryKind], after: int) -> tuple[ColumnElement[bool], ...]:
    return timeline.c.incident == incident, timeline.c.number > after, timeline.c.kind.in_(kinds)


def _in_order(rows: Iterable[Row[Any]]) -> list[Entry]:
    """What was added last, in order of time: what was said earlier may be added later."""
    return sorted((_entry(row) for row in rows), key=lambda entry: (entry.at, entry.number))


def _entry(row: Row[Any]) -> Entry:
    return Entry(**(row._asdict() | {"kind": EntryKind(row.kind)}))
