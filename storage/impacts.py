"""What was said of impact: stored, found and taken back."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from bot.domain.impact import Level, Part, Statement
from storage.communication_tables import impacts
from storage.statements import kept
from storage.store import Tx

_COLUMNS = [column for column in impacts.c if column.name not in {"incident", "removed_at"}]


def say(tx: Tx, incident: int, statements: Iterable[Statement]) -> None:
    """Store statements; their ids are given here."""
    rows = [
        {
            "incident": incident,
            "component": one.part.component,
            "tier": one.part.tier,
            "place": one.part.place,
            "is_down": one.is_down,
            "level": one.level,
            "since": one.since,
            "affected": one.affected,
            "said_by": one.said_by,
            "said_at": one.said_at,
        }
        for one in statements
    ]
    if rows:
        tx.conn.execute(insert(impacts), rows)


def said_of(tx: Tx, incident: int) -> list[Statement]:
    """All that was said of this incident and not taken back, as it was said."""
    return [_statement(row) for row in _said_of(tx, incident)]


@kept
def _said_of(incident: int) -> Select[Any]:
    counting = (impacts.c.incident == incident, impacts.c.removed_at.is_(None))
    return select(*_COLUMNS).where(*counting).order_by(impacts.c.id)


def take_back(tx: Tx, statements: Iterable[Statement]) -> None:
    """These were wrong: they stay in the table, and count no more."""
    ids = [one.id for one in statements]
    tx.conn.execute(update(impacts).where(impacts.c.id.in_(ids)).values(removed_at=tx.now))


def _statement(row: Row[Any]) -> Statement:
    return Statement(
        id=row.id,
        part=Part(component=row.component, tier=row.tier, place=row.place),
        level=Level(row.level),
        since=row.since,
        affected=row.affected,
        is_down=row.is_down,
        said_by=row.said_by,
        said_at=row.said_at,
    )
