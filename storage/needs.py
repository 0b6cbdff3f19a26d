"""Asks to managers: stored, found, done."""

from typing import Any

from sqlalchemy import Row, func, insert, select, update

from bot.domain.incident import PersonId
from bot.domain.need import Need
from storage.communication_tables import needs
from storage.store import Tx, add_row


def _need(row: Row[Any]) -> Need:
    return Need(**row._asdict())


def add(tx: Tx, incident: int, text: str, by: PersonId) -> Need:
    """Store an ask under the next number of its incident."""
    number = (tx.conn.scalar(select(func.max(needs.c.number)).where(needs.c.incident == incident)) or 0) + 1
    values = {"incident": incident, "number": number, "text": text, "asked_by": by, "asked_at": tx.now}
    made = add_row(tx, insert(needs).values(**values))
    return _need(tx.conn.execute(select(needs).where(needs.c.id == made)).one())


def find(tx: Tx, need: int) -> Need | None:
    """The ask of that id."""
    row = tx.conn.execute(select(needs).where(needs.c.id == need)).one_or_none()
    return _need(row) if row else None


def numbered(tx: Tx, incident: int, number: int) -> Need | None:
    """The ask of that number within the incident."""
    of = (needs.c.incident == incident, needs.c.number == number)
    row = tx.conn.execute(select(needs).where(*of)).one_or_none()
    return _need(row) if row else None


def of(tx: Tx, incident: int, *, open_only: bool = False) -> list[Need]:
    """The asks of an incident in order of their numbers."""
    query = select(needs).where(needs.c.incident == incident)
    if open_only:
        query = query.where(needs.c.done_at.is_(None))
    return [_need(row) for row in tx.conn.execute(query.order_by(needs.c.number))]


def settle(tx: Tx, need: int, by: PersonId) -> None:
    """It is done, now."""
    tx.conn.execute(update(needs).where(needs.c.id == need).values(done_by=by, done_at=tx.now))


def reword(tx: Tx, need: int, text: str) -> None:
    """Let it say something else."""
    tx.conn.execute(update(needs).where(needs.c.id == need).values(text=text))
