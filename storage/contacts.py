"""Contacts: people's own ways to be reached."""

from typing import Any

from sqlalchemy import Row, Select, func, select

from bot.domain.contact import Contact
from bot.domain.incident import PersonId
from storage.statements import add_row, find_row, get_row, kept, set_row
from storage.store import Tx
from storage.waking_tables import contacts


def _contact(row: Row[Any]) -> Contact:
    return Contact(**row._asdict())


def add(tx: Tx, person: PersonId, secret: bytes, shown: str) -> Contact:
    """Store a contact; `secret` is sealed already."""
    number = add_row(tx, contacts, person=person, secret=secret, shown=shown, added_at=tx.now)
    return get(tx, number)


def find(tx: Tx, contact: int) -> Contact | None:
    row = find_row(tx, contacts, contact)
    return _contact(row) if row else None


def get(tx: Tx, contact: int) -> Contact:
    """The contact of that number, removed or not."""
    return _contact(get_row(tx, contacts, contact))


def of(tx: Tx, person: PersonId) -> list[Contact]:
    """Those of one person that were not removed, in the order in which they were added."""
    return [_contact(row) for row in _of(tx, person)]


@kept
def _of(person: PersonId) -> Select[Any]:
    return select(contacts).where(contacts.c.person == person, contacts.c.removed_at.is_(None)).order_by(contacts.c.id)


def count(tx: Tx) -> int:
    """How many there are that were not removed."""
    return tx.conn.scalar(select(func.count()).select_from(contacts).where(contacts.c.removed_at.is_(None))) or 0


def change(tx: Tx, contact: int, **values: Any) -> None:
    """Set what became of it: `delivered_at`, `failed_at` and `failure`, `removed_at`."""
    set_row(tx, contacts, contact, **values)
