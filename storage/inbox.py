"""The inbox: what was received and what was answered, so that a second delivery changes nothing."""

from datetime import datetime
from typing import Any

from sqlalchemy import Insert, Select, insert, select

from storage.statements import kept
from storage.store import Tx
from storage.tables import inbox


def answer_to(tx: Tx, key: str) -> dict[str, Any] | None:
    """What was answered to this delivery the first time; None when it is new."""
    return _answer_to(tx, key).scalar()


@kept
def _answer_to(key: str) -> Select[dict[str, Any]]:
    return select(inbox.c.answer).where(inbox.c.key == key)


def remember(tx: Tx, key: str, answer: dict[str, Any]) -> None:
    """Keep the answer to a delivery, in the transaction that did what it asked."""
    _remember(tx, key, tx.now, answer)


@kept
def _remember(key: str, now: datetime, answer: dict[str, Any]) -> Insert:
    return insert(inbox).values(key=key, received_at=now, answer=answer)


def forget_before(tx: Tx, before: datetime) -> int:
    """Delete what was received before a time; how many rows that were."""
    return tx.conn.execute(inbox.delete().where(inbox.c.received_at < before)).rowcount
