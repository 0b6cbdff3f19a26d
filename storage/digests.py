"""Digests that were decided on: how far each told the timeline of its incidents, and whether it arrived."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from bot.domain.digest import Issue
from bot.domain.incident import PersonId
from storage.communication_tables import digests
from storage.store import Tx, add_row


def add(tx: Tx, key: str, person: PersonId | None, at: datetime) -> int:
    """Keep that this one is to be sent to the channel or to `person`; its id. One key can't be added twice."""
    return add_row(tx, insert(digests).values(key=key, person=person, at=at, through={}))


def get(tx: Tx, number: int) -> Issue:
    """The one of that id; LookupError when there is none."""
    found = _first(tx, select(digests).where(digests.c.id == number))
    if found is None:
        raise LookupError(f"no digest {number}")
    return found


def newest(tx: Tx, person: PersonId | None) -> Issue | None:
    """The last that was decided on for the channel, or for somebody."""
    return _first(tx, _of(person).limit(1))


def newest_sent(tx: Tx, person: PersonId | None, before: int | None = None) -> Issue | None:
    """The last that arrived; `before` that id."""
    query = _of(person).where(digests.c.sent_at.is_not(None))
    return _first(tx, (query.where(digests.c.id < before) if before else query).limit(1))


def told(tx: Tx, number: int, through: Mapping[int, int]) -> None:
    """Keep how far the text that is about to be sent tells each incident's timeline."""
    values = {str(incident): entry for incident, entry in through.items()}
    tx.conn.execute(update(digests).where(digests.c.id == number).values(through=values))


def sent(tx: Tx, number: int) -> None:
    """Slack has it."""
    tx.conn.execute(update(digests).where(digests.c.id == number).values(sent_at=tx.now))


def _of(person: PersonId | None) -> Select[Any]:
    return select(digests).where(digests.c.person == person).order_by(digests.c.at.desc(), digests.c.id.desc())


def _first(tx: Tx, query: Select[Any]) -> Issue | None:
    row: Row[Any] | None = tx.conn.execute(query).first()
    if row is None:
        return None
    return Issue(**(row._asdict() | {"through": {int(incident): entry for incident, entry in row.through.items()}}))
