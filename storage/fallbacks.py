"""Fallbacks: messages left with Slack, stored and found."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Update, delete, func, select, update

from bot.domain.fallback import Fallback, FallbackState
from storage.statements import add_row, find_row, get_row, kept, set_row
from storage.store import Tx
from storage.waking_tables import fallbacks

_UNSETTLED = fallbacks.c.settled_at.is_(None)


def _fallback(row: Row[Any]) -> Fallback:
    return Fallback(**(row._asdict() | {"state": FallbackState(row.state)}))


def add(
    tx: Tx, key: str, target: str, post_at: datetime, *, incident: int | None, subject: int | None, version: int = 1
) -> Fallback:
    """Plan a fallback; its key must be new."""
    values = {"key": key, "target": target, "post_at": post_at, "incident": incident, "subject": subject}
    values |= {"version": version, "state": FallbackState.PLANNED, "message": "", "made_at": tx.now}
    return get(tx, add_row(tx, fallbacks, **values))


def get(tx: Tx, fallback: int) -> Fallback:
    """The fallback of that id; raises when there is none."""
    return _fallback(get_row(tx, fallbacks, fallback))


def find(tx: Tx, fallback: int) -> Fallback | None:
    """The fallback of that id, None when it is not kept any more."""
    row = find_row(tx, fallbacks, fallback)
    return _fallback(row) if row else None


def unsettled(tx: Tx, incident: int | None) -> list[Fallback]:
    """Those of an incident (None: the bot's own) that are to be left, or with Slack; the oldest first."""
    return [_fallback(row) for row in _unsettled(tx, incident)]


@kept
def _unsettled(incident: int | None) -> Select[Any]:
    of = fallbacks.c.incident.is_not_distinct_from(incident)
    return select(fallbacks).where(_UNSETTLED, of).order_by(fallbacks.c.id)


def all_unsettled(tx: Tx) -> list[Fallback]:
    """The same of all incidents and of the bot."""
    return [_fallback(row) for row in tx.conn.execute(select(fallbacks).where(_UNSETTLED).order_by(fallbacks.c.id))]


def of_shift(tx: Tx, incident: int, shift: int) -> list[Fallback]:
    """Those of one shift that are to be left, or with Slack."""
    return [_fallback(row) for row in _of_shift(tx, incident, shift)]


@kept
def _of_shift(incident: int, shift: int) -> Select[Any]:
    of = (fallbacks.c.incident == incident, fallbacks.c.subject == shift)
    return select(fallbacks).where(_UNSETTLED, *of).order_by(fallbacks.c.id)


def count_under(tx: Tx, prefix: str) -> int:
    """How many there ever were whose key begins so."""
    under = (fallbacks.c.key >= prefix, fallbacks.c.key < prefix + "\U0010ffff")
    return tx.conn.scalar(select(func.count()).select_from(fallbacks).where(*under)) or 0


def change(tx: Tx, fallback: int, **values: Any) -> None:
    """Set `state`, `target`, `message`, `scheduled_id` or `reason`."""
    set_row(tx, fallbacks, fallback, **values)


def settle(tx: Tx, fallback: int, state: FallbackState, reason: str = "", ts: str | None = None) -> None:
    """End one: withdrawn, posted as `ts`, or given up, with why."""
    _settle(tx, fallback, state, reason[:200], ts, tx.now)


@kept
def _settle(fallback: int, state: FallbackState, reason: str, ts: str | None, now: datetime) -> Update:
    values = {"state": state, "reason": reason, "ts": ts, "settled_at": now}
    return update(fallbacks).where(fallbacks.c.id == fallback, _UNSETTLED).values(**values)


def forget_own(tx: Tx, before: datetime) -> None:
    """Delete the bot's own that ended before a time: there is one every few minutes."""
    ended = (fallbacks.c.incident.is_(None), fallbacks.c.settled_at < before)
    tx.conn.execute(delete(fallbacks).where(*ended))
