"""The inbox: what was received and what was answered, so that a second delivery changes nothing."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from storage.store import Tx
from storage.tables import inbox


def answer_to(tx: Tx, key: str) -> dict[str, Any] | None:
    """What was answered to this delivery the first time; None when it is new."""
    found: dict[str, Any] | None = tx.conn.scalar(select(inbox.c.answer).where(inbox.c.key == key))
    return found


def remember(tx: Tx, key: str, answer: dict[str, Any]) -> None:
    """Keep the answer to a delivery, in the transaction that did what it asked."""
    tx.conn.execute(insert(inbox).values(key=key, received_at=tx.now, answer=answer))


def forget_before(tx: Tx, before: datetime) -> int:
    """Delete what was received before a time; how many rows that were."""
    return tx.conn.execute(inbox.delete().where(inbox.c.received_at < before)).rowcount
