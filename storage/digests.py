"""Digests that were decided on: how far each told the timeline of its incidents, and whether it arrived."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, or_, select

from bot.domain.digest import Issue
from bot.domain.effect import EffectState
from bot.domain.incident import PersonId
from storage.communication_tables import digests
from storage.statements import add_row, set_row
from storage.store import Tx
from storage.tables import outbox


def add(tx: Tx, key: str, person: PersonId | None, at: datetime) -> int:
    """Keep that this one is to be sent to the channel or to `person`; its id. One key can't be added twice."""
    return add_row(tx, digests, key=key, person=person, at=at, through={})


def get(tx: Tx, number: int) -> Issue:
    """The one of that id; LookupError when there is none."""
    found = _first(tx, select(digests).where(digests.c.id == number))
    if found is None:
        raise LookupError(f"no digest {number}")
    return found


def newest(tx: Tx, person: PersonId | None) -> Issue | None:
    """The last that was decided on for the channel, or for somebody."""
    return _first(tx, _of(person).limit(1))


def newest_sent(tx: Tx, person: PersonId | None) -> Issue | None:
    """The last that arrived."""
    return _first(tx, _of(person).where(digests.c.sent_at.is_not(None)).limit(1))


def refusal(tx: Tx) -> str:
    """Why Slack has refused the newest one that it was given for the channel; empty when it took it."""
    ended = outbox.c.state.in_([EffectState.SENT, EffectState.FAILED])
    query = select(outbox.c.error).join(digests, digests.c.key == outbox.c.key).where(digests.c.person.is_(None), ended)
    return tx.conn.scalar(query.order_by(outbox.c.id.desc()).limit(1)) or ""


def told(tx: Tx, number: int, through: Mapping[int, int]) -> None:
    """Keep how far the text that is about to be sent tells each incident's timeline."""
    set_row(tx, digests, number, through={str(incident): entry for incident, entry in through.items()})


def sent(tx: Tx, number: int) -> None:
    """Slack has it."""
    set_row(tx, digests, number, sent_at=tx.now)


def forget_before(tx: Tx, before: datetime) -> int:
    """Delete those of before a time that nothing is told from any more; how many.

    The newest of each reader stays, the newest that arrived, and those that may still be sent.
    """
    newer = digests.alias()
    same = newer.c.person.is_not_distinct_from(digests.c.person)
    replaces = or_(newer.c.sent_at.is_not(None), digests.c.sent_at.is_(None))
    followed = select(newer.c.id).where(same, newer.c.at > digests.c.at, replaces).exists()
    ended = outbox.c.state.in_([EffectState.SENT, EffectState.DROPPED])
    may_be_sent = select(outbox.c.id).where(outbox.c.key == digests.c.key, ~ended).exists()
    return tx.conn.execute(delete(digests).where(digests.c.at < before, followed, ~may_be_sent)).rowcount


def _of(person: PersonId | None) -> Select[Any]:
    return select(digests).where(digests.c.person == person).order_by(digests.c.at.desc(), digests.c.id.desc())


def _first(tx: Tx, query: Select[Any]) -> Issue | None:
    row: Row[Any] | None = tx.conn.execute(query).first()
    if row is None:
        return None
    return Issue(**(row._asdict() | {"through": {int(incident): entry for incident, entry in row.through.items()}}))
