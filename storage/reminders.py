"""Reminders: planned under a key, found when due, settled with a reason."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Update, delete, literal_column, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.reminder import Planned, Reminder, ReminderKind, ReminderState
from storage.statements import add_all_new, kept
from storage.store import Tx
from storage.tables import reminders

_COLUMNS = [column for column in reminders.c if column.name != "settled_at"]
# Written out, not bound: SQLite plans anew at each run whether an index of rows in a bound state has them.
_PENDING = reminders.c.state == literal_column(f"'{ReminderState.PENDING}'")


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
    plan_all(tx, [Planned(key, kind, due_at, incident, subject, version)])


def plan_all(tx: Tx, planned: Iterable[Planned]) -> None:
    """The same of many, in this order; in one go, which takes much less time."""
    rows = [asdict(one) | {"state": ReminderState.PENDING} for one in planned]
    if add_all_new(tx, reminders, "key", rows):
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
    return [_reminder(row) for row in _due(tx, now, limit)]


@kept
def _due(now: datetime, most: int) -> Select[Any]:
    query = select(*_COLUMNS).where(_PENDING, reminders.c.due_at <= now)
    return query.order_by(reminders.c.due_at, reminders.c.id).limit(most)


def next_due(tx: Tx) -> datetime | None:
    """When the next pending reminder is due; None when there is none."""
    return _next_due(tx).scalar()


@kept
def _next_due() -> Select[datetime]:
    return select(reminders.c.due_at).where(_PENDING).order_by(reminders.c.due_at).limit(1)


def pending(
    tx: Tx, incident: int | None, kinds: Collection[ReminderKind], subject: int | None = None
) -> list[Reminder]:
    """The pending reminders of an incident of these kinds, about one subject when given; the earliest first."""
    wanted = list(kinds)
    rows = _pending_of(tx, incident, wanted) if subject is None else _pending_about(tx, incident, wanted, subject)
    return [_reminder(row) for row in rows]


@kept
def _pending_of(incident: int | None, kinds: list[ReminderKind]) -> Select[Any]:
    return select(*_COLUMNS).where(*_of(incident, kinds)).order_by(reminders.c.due_at, reminders.c.id)


@kept
def _pending_about(incident: int | None, kinds: list[ReminderKind], subject: int) -> Select[Any]:
    wanted = (*_of(incident, kinds), reminders.c.subject == subject)
    return select(*_COLUMNS).where(*wanted).order_by(reminders.c.due_at, reminders.c.id)


def _of(incident: int | None, kinds: Collection[ReminderKind]) -> tuple[ColumnElement[bool], ...]:
    return _PENDING, reminders.c.incident.is_not_distinct_from(incident), reminders.c.kind.in_(kinds)


def under(tx: Tx, prefix: str) -> list[Reminder]:
    """Every reminder whose key begins so, however it ended, in the order in which they were planned."""
    query = select(*_COLUMNS).where(reminders.c.key >= prefix, reminders.c.key < prefix + "\U0010ffff")
    return [_reminder(row) for row in tx.conn.execute(query.order_by(reminders.c.id))]


def is_pending(tx: Tx, reminder: int) -> bool:
    """Whether it has not ended yet."""
    return _is_pending(tx, reminder).first() is not None


@kept
def _is_pending(reminder: int) -> Select[Any]:
    return select(reminders.c.id).where(_PENDING, reminders.c.id == reminder)


def settle(tx: Tx, reminder: int, state: ReminderState, reason: str = "") -> None:
    """End a reminder: delivered, covered by another, or superseded, with the reason."""
    _settle(tx, reminder, state, reason, tx.now)


@kept
def _settle(reminder: int, state: ReminderState, reason: str, now: datetime) -> Update:
    values = {"state": state, "reason": reason, "settled_at": now}
    return update(reminders).where(reminders.c.id == reminder, _PENDING).values(**values)


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
    if kinds and subject is not None:
        _supersede_about(tx, incident, list(kinds), subject, reason[:200], tx.now)
    else:
        ending = update(reminders).where(_PENDING, reminders.c.incident == incident)
        if kinds:
            ending = ending.where(reminders.c.kind.in_(list(kinds)))
        if subject is not None:
            ending = ending.where(reminders.c.subject == subject)
        tx.conn.execute(ending.values(state=ReminderState.SUPERSEDED, reason=reason[:200], settled_at=tx.now))
    tx.wrote_reminders = True


@kept
def _supersede_about(
    incident: int | None, kinds: list[ReminderKind], subject: int, reason: str, now: datetime
) -> Update:
    """The usual case."""
    ended = {"state": ReminderState.SUPERSEDED, "reason": reason, "settled_at": now}
    return update(reminders).where(*_of(incident, kinds), reminders.c.subject == subject).values(**ended)
