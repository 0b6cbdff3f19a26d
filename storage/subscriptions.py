"""Subscriptions to the digest by DM."""

from datetime import time
from typing import Any

from sqlalchemy import Row, select, update

from bot.domain.incident import PersonId, Severity
from bot.domain.subscription import Subscription
from storage.communication_tables import subscriptions
from storage.statements import put_row
from storage.store import Tx

_RUNNING = subscriptions.c.ended_at.is_(None)


def save(tx: Tx, wanted: Subscription) -> None:
    """Keep it instead of what this person had before."""
    put_row(
        tx,
        subscriptions,
        "person",
        person=wanted.person,
        severities=[str(severity) for severity in wanted.severities],
        times=[f"{wall:%H:%M}" for wall in wanted.times],
        since=wanted.since,
        ended_at=None,
    )


def find(tx: Tx, person: PersonId) -> Subscription | None:
    """Somebody's; None when they have none."""
    row = tx.conn.execute(select(subscriptions).where(_RUNNING, subscriptions.c.person == person)).first()
    return _subscription(row) if row else None


def running(tx: Tx) -> list[Subscription]:
    """Everybody's."""
    return [_subscription(row) for row in tx.conn.execute(select(subscriptions).where(_RUNNING))]


def end(tx: Tx, person: PersonId) -> None:
    """They want none any more, or have left."""
    tx.conn.execute(update(subscriptions).where(_RUNNING, subscriptions.c.person == person).values(ended_at=tx.now))


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        person=row.person,
        severities=tuple(Severity(word) for word in row.severities),
        times=tuple(time.fromisoformat(wall) for wall in row.times),
        since=row.since,
    )
