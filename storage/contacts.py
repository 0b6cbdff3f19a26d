"""Contacts: people's own ways to be reached."""

from typing import Any

from sqlalchemy import Row, func, insert, select, update

from bot.domain.contact import Contact
from bot.domain.incident import PersonId
from storage.store import Tx, add_row
from storage.waking_tables import contacts


def _contact(row: Row[Any]) -> Contact:
    return Contact(**row._asdict())


def add(tx: Tx, person: PersonId, secret: bytes, shown: str) -> Contact:
    """Store a contact; `secret` is sealed already."""
    number = add_row(tx, insert(contacts).values(person=person, secret=secret, shown=shown, added_at=tx.now))
    return get(tx, number)


def find(tx: Tx, contact: int) -> Contact | None:
    row = tx.conn.execute(select(contacts).where(contacts.c.id == contact)).one_or_none()
    return _contact(row) if row else None


def get(tx: Tx, contact: int) -> Contact:
    """The contact of that number, removed or not."""
    return _contact(tx.conn.execute(select(contacts).where(contacts.c.id == contact)).one())


def of(tx: Tx, person: PersonId) -> list[Contact]:
    """Those of one person that were not removed, in the order in which they were added."""
    query = select(contacts).where(contacts.c.person == person, contacts.c.removed_at.is_(None))
    return [_contact(row) for row in tx.conn.execute(query.order_by(contacts.c.id))]


def count(tx: Tx) -> int:
    """How many there are that were not removed."""
    return tx.conn.scalar(select(func.count()).select_from(contacts).where(contacts.c.removed_at.is_(None))) or 0


def change(tx: Tx, contact: int, **values: Any) -> None:
    """Set what became of it: `delivered_at`, `failed_at` and `failure`, `removed_at`."""
    tx.conn.execute(update(contacts).where(contacts.c.id == contact).values(**values))
