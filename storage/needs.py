"""Asks to managers: stored, found, done."""

from typing import Any

from sqlalchemy import Row, Select, func, select

from bot.domain.incident import PersonId
from bot.domain.need import Need
from storage.communication_tables import needs
from storage.statements import add_row, find_row, get_row, kept, set_row
from storage.store import Tx


def _need(row: Row[Any]) -> Need:
    return Need(**row._asdict())


def add(tx: Tx, incident: int, text: str, by: PersonId) -> Need:
    """Store an ask under the next number of its incident."""
    number = (tx.conn.scalar(select(func.max(needs.c.number)).where(needs.c.incident == incident)) or 0) + 1
    values = {"incident": incident, "number": number, "text": text, "asked_by": by, "asked_at": tx.now}
    made = add_row(tx, needs, **values)
    return _need(get_row(tx, needs, made))


def find(tx: Tx, need: int) -> Need | None:
    """The ask of that id."""
    row = find_row(tx, needs, need)
    return _need(row) if row else None


def numbered(tx: Tx, incident: int, number: int) -> Need | None:
    """The ask of that number within the incident."""
    of = (needs.c.incident == incident, needs.c.number == number)
    row = tx.conn.execute(select(needs).where(*of)).one_or_none()
    return _need(row) if row else None


def of(tx: Tx, incident: int, *, open_only: bool = False) -> list[Need]:
    """The asks of an incident in order of their numbers."""
    return [_need(row) for row in (_open(tx, incident) if open_only else _all(tx, incident))]


@kept
def _all(incident: int) -> Select[Any]:
    return select(needs).where(needs.c.incident == incident).order_by(needs.c.number)


@kept
def _open(incident: int) -> Select[Any]:
    return select(needs).where(needs.c.incident == incident, needs.c.done_at.is_(None)).order_by(needs.c.number)


def settle(tx: Tx, need: int, by: PersonId) -> None:
    """It is done, now."""
    set_row(tx, needs, need, done_by=by, done_at=tx.now)


def reword(tx: Tx, need: int, text: str) -> None:
    """Let it say something else."""
    set_row(tx, needs, need, text=text)
