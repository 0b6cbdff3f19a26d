"""Reminders: planned under a key, found when due, settled with a reason."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from storage.store import Tx
from storage.tables import reminders

_COLUMNS = [column for column in reminders.c if column.name != "settled_at"]
_PENDING = reminders.c.state == ReminderState.PENDING


def _reminder(row: Row[Any]) -> Reminder:
    return Reminder(**(row._asdict() | {"kind": ReminderKind(row.kind), "state": ReminderState(row.state)}))


def plan(
    tx: Tx,
    key: str,
    kind: ReminderKind,
    due_at: datetime,
    incident: int | None,
    subject: int | None = None,
    version: int = 1,
) -> None:
    """Plan a reminder; planning the same key twice does nothing."""
    added = tx.conn.execute(
        insert(reminders)
        .on_conflict_do_nothing(index_elements=["key"])
        .values(
            key=key,
            kind=kind,
            due_at=due_at,
            incident=incident,
            subject=subject,
            version=version,
            state=ReminderState.PENDING,
        )
    )
    if added.rowcount:
        tx.wrote_reminders = True


def renew(tx: Tx, key: str, kind: ReminderKind, due_at: datetime) -> bool:
    """Plan it, also if it waits for another time or was superseded; whether it waits now. What was said stays said."""
    fresh = {"due_at": due_at, "state": ReminderState.PENDING, "reason": "", "settled_at": None}
    not_said = reminders.c.state.in_([ReminderState.PENDING, ReminderState.SUPERSEDED])
    added = tx.conn.execute(
        insert(reminders)
        .values(key=key, kind=kind, incident=None, version=1, **fresh)
        .on_conflict_do_update(index_elements=["key"], set_=fresh, where=not_said)
    )
    if added.rowcount:
        tx.wrote_reminders = True
    return bool(added.rowcount)


def due(tx: Tx, now: datetime, limit: int = 100) -> list[Reminder]:
    """Pending reminders that are due at `now`, the oldest first."""
    query = select(*_COLUMNS).where(_PENDING, reminders.c.due_at <= now)
    return [_reminder(row) for row in tx.conn.execute(query.order_by(reminders.c.due_at, reminders.c.id).limit(limit))]


def next_due(tx: Tx) -> datetime | None:
    """When the next pending reminder is due; None when there is none."""
    return tx.conn.scalar(select(reminders.c.due_at).where(_PENDING).order_by(reminders.c.due_at).limit(1))


def pending(
    tx: Tx, incident: int | None, kinds: Collection[ReminderKind], subject: int | None = None
) -> list[Reminder]:
    """The pending reminders of an incident of these kinds, about one subject when given; the earliest first."""
    query = select(*_COLUMNS).where(_PENDING, reminders.c.incident == incident, reminders.c.kind.in_(list(kinds)))
    if subject is not None:
        query = query.where(reminders.c.subject == subject)
    return [_reminder(row) for row in tx.conn.execute(query.order_by(reminders.c.due_at, reminders.c.id))]


def under(tx: Tx, prefix: str) -> list[Reminder]:
    """Every reminder whose key begins so, however it ended, in the order in which they were planned."""
    query = select(*_COLUMNS).where(reminders.c.key >= prefix, reminders.c.key < prefix + "\U0010ffff")
    return [_reminder(row) for row in tx.conn.execute(query.order_by(reminders.c.id))]


def is_pending(tx: Tx, reminder: int) -> bool:
    """Whether it has not ended yet."""
    return tx.conn.execute(select(reminders.c.id).where(_PENDING, reminders.c.id == reminder)).first() is not None


def settle(tx: Tx, reminder: int, state: ReminderState, reason: str = "") -> None:
    """End a reminder: delivered, covered by another, or superseded, with the reason."""
    values = {"state": state, "reason": reason, "settled_at": tx.now}
    tx.conn.execute(update(reminders).where(reminders.c.id == reminder, _PENDING).values(**values))


def forget(tx: Tx, kind: ReminderKind, before: datetime) -> None:
    """Delete those of a kind that ended before a time: there is one every few minutes."""
    tx.conn.execute(delete(reminders).where(reminders.c.kind == kind, reminders.c.settled_at < before))


def cover(tx: Tx, key: str, by: str) -> None:
    """What a reminder promised was not said in time, and is covered by another one: that of the key `by`."""
    delivered = (reminders.c.key == key, reminders.c.state == ReminderState.DELIVERED)
    tx.conn.execute(update(reminders).where(*delivered).values(state=ReminderState.COVERED, reason=by))


def supersede(
    tx: Tx, incident: int | None, reason: str, kinds: Collection[ReminderKind] = (), subject: int | None = None
) -> None:
    """End the pending reminders of an incident that no longer need to be kept: all, or of these kinds, or subject."""
    ending = update(reminders).where(_PENDING, reminders.c.incident == incident)
    if kinds:
        ending = ending.where(reminders.c.kind.in_(list(kinds)))
    if subject is not None:
        ending = ending.where(reminders.c.subject == subject)
    tx.conn.execute(ending.values(state=ReminderState.SUPERSEDED, reason=reason[:200], settled_at=tx.now))
    tx.wrote_reminders = True
