"""Reminders: planned under a key, found when due, settled with a reason."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from storage.store import Tx
from storage.tables import reminders

_COLUMNS = [column for column in reminders.c if column.name != "settled_at"]


def _reminder(row: Row[Any]) -> Reminder:
    return Reminder(**(row._asdict() | {"kind": ReminderKind(row.kind), "state": ReminderState(row.state)}))


def plan(tx: Tx, key: str, kind: ReminderKind, due_at: datetime, incident: int, shift: int | None = None) -> None:
    """Plan a reminder; planning the same key twice does nothing."""
    if tx.conn.execute(select(reminders.c.id).where(reminders.c.key == key)).first():
        return
    tx.conn.execute(
        insert(reminders).values(
            key=key, kind=kind, due_at=due_at, incident=incident, shift=shift, state=ReminderState.PENDING
        )
    )
    tx.wrote_reminders = True


def due(tx: Tx, now: datetime, limit: int = 100) -> list[Reminder]:
    """Pending reminders that are due at `now`, the oldest first."""
    query = select(*_COLUMNS).where(reminders.c.state == ReminderState.PENDING, reminders.c.due_at <= now)
    return [_reminder(row) for row in tx.conn.execute(query.order_by(reminders.c.due_at, reminders.c.id).limit(limit))]


def next_due(tx: Tx) -> datetime | None:
    """When the next pending reminder is due; None when there is none."""
    query = select(reminders.c.due_at).where(reminders.c.state == ReminderState.PENDING)
    return tx.conn.scalar(query.order_by(reminders.c.due_at).limit(1))


def settle(tx: Tx, reminder: int, state: ReminderState, reason: str = "") -> None:
    """End a reminder: delivered, covered by another, or superseded, with the reason."""
    values = {"state": state, "reason": reason, "settled_at": tx.now}
    tx.conn.execute(update(reminders).where(reminders.c.id == reminder).values(**values))


def supersede(tx: Tx, incident: int, reason: str) -> None:
    """End all pending reminders of an incident that no longer need to be kept."""
    tx.conn.execute(
        update(reminders)
        .where(reminders.c.incident == incident, reminders.c.state == ReminderState.PENDING)
        .values(state=ReminderState.SUPERSEDED, reason=reason, settled_at=tx.now)
    )
    tx.wrote_reminders = True


def count_pending(tx: Tx) -> int:
    return tx.conn.scalar(select(func.count()).where(reminders.c.state == ReminderState.PENDING)) or 0
