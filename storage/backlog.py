"""The backlog: the outbox as the operator sees it. What has not gone, why, and that it is tried again or given up."""

from typing import Any

from sqlalchemy import Row, func, select, update

from bot.domain.effect import EffectKind, EffectState
from storage.outbox import FAILED, WAITING
from storage.store import Tx
from storage.tables import outbox


def unfinished(tx: Tx) -> list[Row[Any]]:
    """Rows that wait, are being sent or have failed, for the operator, the oldest first."""
    columns = (
        outbox.c.id,
        outbox.c.state,
        outbox.c.kind,
        outbox.c.key,
        outbox.c.sends,
        outbox.c.not_before,
        outbox.c.created_at,
        outbox.c.error,
    )
    # Asked for together they would be looked for in the whole history.
    found: list[Row[Any]] = []
    for rows in (WAITING, FAILED):
        found += tx.conn.execute(select(*columns).where(rows))
    return sorted(found, key=lambda row: int(row.id))


def retry(tx: Tx, effect: int) -> bool:
    """Try a waiting or failed row now; whether there is such a row."""
    found = tx.conn.execute(
        update(outbox)
        .where(outbox.c.id == effect, outbox.c.state.in_([EffectState.PENDING, EffectState.FAILED]))
        .values(state=EffectState.PENDING, not_before=tx.now, failures=0, settled_at=None)
    )
    tx.wrote_outbox = True
    return found.rowcount == 1


def drop(tx: Tx, effect: int) -> bool:
    """Give a waiting or failed row up; whether there is such a row."""
    found = tx.conn.execute(
        update(outbox)
        .where(outbox.c.id == effect, outbox.c.state.in_([EffectState.PENDING, EffectState.FAILED]))
        .values(state=EffectState.DROPPED, settled_at=tx.now, error="dropped by the operator")
    )
    return found.rowcount == 1


def counts(tx: Tx) -> dict[str, int]:
    """How many rows wait, are being sent, and have failed."""
    count = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    return {row[0]: row[1] for rows in (WAITING, FAILED) for row in tx.conn.execute(count.where(rows))}


def last_refusal(tx: Tx, kind: EffectKind) -> str:
    """Why the newest row of this kind that Slack was asked for was given up; empty when it was sent."""
    ended = outbox.c.state.in_([EffectState.SENT, EffectState.DROPPED])
    asked = (outbox.c.kind == kind, ended, outbox.c.first_try_at.is_not(None))
    query = select(outbox.c.error).where(*asked).order_by(outbox.c.id.desc()).limit(1)
    return tx.conn.scalar(query) or ""
