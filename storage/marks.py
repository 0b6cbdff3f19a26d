"""Marks: what is true of the whole bot, by name."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from storage.store import Tx
from storage.waking_tables import marks


def get(tx: Tx, name: str) -> Mapping[str, Any] | None:
    """The value of a mark; None when it is not set."""
    found: Mapping[str, Any] | None = tx.conn.scalar(select(marks.c.value).where(marks.c.name == name))
    return found


def put(tx: Tx, name: str, value: Mapping[str, Any]) -> None:
    """Set a mark to something that JSON can hold; what it was before is forgotten."""
    values = {"value": dict(value), "set_at": tx.now}
    tx.conn.execute(
        insert(marks).values(name=name, **values).on_conflict_do_update(index_elements=["name"], set_=values)
    )


def clear(tx: Tx, name: str) -> None:
    """Take a mark away."""
    tx.conn.execute(delete(marks).where(marks.c.name == name))
