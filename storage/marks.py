"""Marks: what is true of the whole bot, by name."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, delete, select

from storage.statements import kept, put_row
from storage.store import Tx
from storage.waking_tables import marks


def get(tx: Tx, name: str) -> Mapping[str, Any] | None:
    """The value of a mark; None when it is not set."""
    return _get(tx, name).scalar()


@kept
def _get(name: str) -> Select[Mapping[str, Any]]:
    return select(marks.c.value).where(marks.c.name == name)


def put(tx: Tx, name: str, value: Mapping[str, Any]) -> None:
    """Set a mark to something that JSON can hold; what it was before is forgotten."""
    put_row(tx, marks, "name", name=name, value=dict(value), set_at=tx.now)


def clear(tx: Tx, name: str) -> None:
    """Take a mark away."""
    tx.conn.execute(delete(marks).where(marks.c.name == name))
