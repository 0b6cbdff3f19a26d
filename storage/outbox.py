"""The outbox: effects on their way to Slack. `docs/adr/0002` and the relay say how a row moves."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.effect import LEASE, Effect, EffectKind, EffectState
from storage.store import Tx
from storage.tables import incidents, outbox

_EFFECT = [outbox.c[name] for name in Effect.__dataclass_fields__]
_WAITING = outbox.c.state.in_([EffectState.PENDING, EffectState.SENDING])


def _effect(row: Row[Any]) -> Effect:
    return Effect(**(row._asdict() | {"kind": EffectKind(row.kind)}))


def enqueue(
    tx: Tx,
    key: str,
    kind: EffectKind,
    lane: str,
    *,
    incident: int | None = None,
    needs_channel: bool = True,
    coalesce: str | None = None,
    delay: timedelta = timedelta(),
    **intent: Any,
) -> None:
    """Promise an effect in this transaction. The same key twice is one effect.

    Rows with one `coalesce` key collapse to the newest: what waits and was surely never sent is dropped.
    """
    added = tx.conn.execute(
        insert(outbox)
        .on_conflict_do_nothing(index_elements=["key"])
        .values(
            key=key,
            kind=kind,
            lane=lane,
            coalesce=coalesce,
            incident=incident,
            needs_channel=needs_channel,
            intent=intent,
            state=EffectState.PENDING,
            not_before=tx.now + delay,
            created_at=tx.now,
        )
    )
    if added.rowcount == 0:
        return
    if coalesce:
        _drop_older(tx, coalesce, key)
    tx.wrote_outbox = True


def _drop_older(tx: Tx, coalesce: str, key: str) -> None:
    values = {"state": EffectState.DROPPED, "error": "newer one queued", "settled_at": tx.now}
    unsent = (outbox.c.state == EffectState.PENDING, outbox.c.sends == 0)
    tx.conn.execute(update(outbox).where(outbox.c.coalesce == coalesce, outbox.c.key != key, *unsent).values(**values))


def sendable(tx: Tx, now: datetime, in_flight: Collection[int], limit: int) -> list[Effect]:
    """Rows whose turn it is: first of their lane, due, their channel there, not under a living lease.

    `in_flight` are rows this process is sending: they are not taken again even when a moved clock ends their lease.
    """
    earlier = outbox.alias()
    is_first = ~exists().where(
        earlier.c.lane == outbox.c.lane,
        earlier.c.id < outbox.c.id,
        earlier.c.state.in_([EffectState.PENDING, EffectState.SENDING]),
    )
    free = or_(
        outbox.c.state == EffectState.PENDING,
        and_(outbox.c.state == EffectState.SENDING, outbox.c.lease_until <= now),
    )
    query = (
        select(*_EFFECT)
        .outerjoin(incidents, incidents.c.number == outbox.c.incident)
        .where(_WAITING, free, outbox.c.not_before <= now, is_first)
        .where(or_(outbox.c.needs_channel.is_(False), incidents.c.channel_id.is_not(None)))
        .where(outbox.c.id.not_in(list(in_flight)))
        .order_by(outbox.c.id)
        .limit(limit)
    )
    return [_effect(row) for row in tx.conn.execute(query)]


def claim(tx: Tx, effect: Effect, *, may_send: bool) -> None:
    """Take a row under a lease; `may_send` counts a request that Slack may come to have accepted."""
    tx.conn.execute(
        update(outbox)
        .where(outbox.c.id == effect.id)
        .values(
            state=EffectState.SENDING,
            lease_until=tx.now + LEASE,
            sends=outbox.c.sends + (1 if may_send else 0),
            absences=0 if may_send else outbox.c.absences,
            first_try_at=func.coalesce(outbox.c.first_try_at, tx.now) if may_send else outbox.c.first_try_at,
        )
    )


def settle(tx: Tx, effect: int, state: EffectState, *, channel: str = "", ts: str = "", error: str = "") -> None:
    """End a row: sent (with what the call produced), dropped or failed (with why)."""
    tx.conn.execute(
        update(outbox)
        .where(outbox.c.id == effect)
        .values(
            state=state, channel=channel or None, ts=ts or None, error=error[:300], settled_at=tx.now, lease_until=None
        )
    )


def put_back(
    tx: Tx,
    effect: int,
    delay: timedelta,
    error: str = "",
    *,
    unsent: bool = False,
    failed: bool = False,
    absences: int = 0,
    intent: Mapping[str, Any] | None = None,
) -> None:
    """Give a row back, to be tried again after `delay`.

    `unsent`: Slack proved that it refused the request. `failed`: count it for the back-off. `absences`: so often Slack
    was asked and did not have it. `intent`: try with this instead.
    """
    values: dict[str, Any] = {"state": EffectState.PENDING, "lease_until": None, "not_before": tx.now + delay}
    values["error"] = error[:300]
    if unsent:
        values["sends"] = outbox.c.sends - 1
    if absences:
        values["absences"] = outbox.c.absences + absences
    if intent is not None:
        values["intent"] = dict(intent)
    values["failures"] = outbox.c.failures + 1 if failed else 0
    tx.conn.execute(update(outbox).where(outbox.c.id == effect).values(**values))


def void_leases(tx: Tx) -> None:
    """Take back what a dead process was sending. Only whoever holds the file lock may know that it is dead."""
    values = {"state": EffectState.PENDING, "lease_until": None}
    tx.conn.execute(update(outbox).where(outbox.c.state == EffectState.SENDING).values(**values))
    tx.wrote_outbox = True


def next_try(tx: Tx, now: datetime) -> datetime | None:
    """When, after `now`, the next waiting row may be tried, as far as its time alone decides."""
    later = (outbox.c.state == EffectState.PENDING, outbox.c.not_before > now)
    return tx.conn.scalar(select(outbox.c.not_before).where(*later).order_by(outbox.c.not_before).limit(1))


def unfinished(tx: Tx) -> list[Row[Any]]:
    """Rows that wait, are being sent or have failed, for the operator, the oldest first."""
    states = [EffectState.PENDING, EffectState.SENDING, EffectState.FAILED]
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
    return list(tx.conn.execute(select(*columns).where(outbox.c.state.in_(states)).order_by(outbox.c.id)))


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


def forget_before(tx: Tx, before: datetime) -> int:
    """Delete rows that ended before a time; how many that were."""
    ended = outbox.c.state.in_([EffectState.SENT, EffectState.DROPPED])
    return tx.conn.execute(delete(outbox).where(ended, outbox.c.settled_at < before)).rowcount


def counts(tx: Tx) -> dict[str, int]:
    """How many rows wait, are being sent, and have failed."""
    query = select(outbox.c.state, func.count()).where(or_(_WAITING, outbox.c.state == EffectState.FAILED))
    return {row[0]: row[1] for row in tx.conn.execute(query.group_by(outbox.c.state))}


def forget_failed(tx: Tx, key: str) -> None:
    """A failed row is not to be retried any more: what it was for was done another way."""
    values = {"state": EffectState.DROPPED, "settled_at": tx.now, "error": "done another way"}
    tx.conn.execute(update(outbox).where(outbox.c.key == key, outbox.c.state == EffectState.FAILED).values(**values))
