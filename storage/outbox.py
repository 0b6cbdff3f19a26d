"""The outbox: effects on their way to Slack. `docs/adr/0002` and the relay say how a row moves."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Update,
    and_,
    delete,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
    update,
)

from bot.domain.effect import LEASE, LONGEST_DELAY, WITHOUT_CHANNEL, Effect, EffectKind, EffectState
from storage.columns import UtcTime
from storage.statements import add_new, kept, set_row
from storage.store import Tx
from storage.tables import incidents, outbox

_EFFECT = [outbox.c[name] for name in Effect.__dataclass_fields__]


# Written out, not bound: only so does SQLite see that an index of rows in these states holds them all, and history
# costs nothing.
_UNSETTLED: list[ColumnElement[str]] = [
    literal_column(f"'{state}'") for state in (EffectState.PENDING, EffectState.SENDING)
]
WAITING = outbox.c.state.in_(_UNSETTLED)
FAILED = outbox.c.state == literal_column(f"'{EffectState.FAILED}'")


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
    `delay` is at most LONGEST_DELAY: what must happen later than that is a reminder.
    """
    if delay > LONGEST_DELAY:
        raise ValueError(f"{key} waits for {delay}: make it a reminder")
    added = add_new(
        tx,
        outbox,
        "key",
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
        # As after a try whose answer was lost: Slack is asked before it is sent.
        sends=1 if tx.may_be_sent_since else 0,
        first_try_at=tx.may_be_sent_since,
    )
    if not added:
        return
    if coalesce:
        _drop_older(tx, coalesce, key, tx.now)
    tx.wrote_outbox = True


@kept
def _drop_older(coalesce: str, key: str, now: datetime) -> Update:
    values = {"state": EffectState.DROPPED, "error": "newer one queued", "settled_at": now}
    unsent = (WAITING, outbox.c.state == EffectState.PENDING, outbox.c.sends == 0)
    return update(outbox).where(outbox.c.coalesce == coalesce, outbox.c.key != key, *unsent).values(**values)


def sendable(tx: Tx, now: datetime, in_flight: Collection[int], limit: int) -> list[Effect]:
    """Rows whose turn it is: first of their lane, due, their channel there, not under a living lease.

    `in_flight` are rows this process is sending: they are not taken again even when a moved clock ends their lease.
    Due is also what would wait longer than anything ever does: the clock was set back since.
    """
    return [_effect(row) for row in _sendable(tx, now, now + LONGEST_DELAY, list(in_flight), limit)]


@kept
def _sendable(now: datetime, too_late: datetime, in_flight: list[int], most: int) -> Select[Any]:
    earlier, creation = outbox.alias(), outbox.alias()
    is_first = ~exists().where(
        earlier.c.lane == outbox.c.lane,
        earlier.c.id < outbox.c.id,
        earlier.c.state.in_(_UNSETTLED),
    )
    free = or_(
        outbox.c.state == EffectState.PENDING,
        and_(outbox.c.state == EffectState.SENDING, outbox.c.lease_until <= now),
    )
    due = or_(outbox.c.not_before <= now, outbox.c.not_before > too_late)
    # While one is being created everything waits for it; when none will come, some of it can go elsewhere.
    on_its_way = exists().where(
        creation.c.lane == literal("INC-").concat(outbox.c.incident).concat(":channel"),
        creation.c.kind == EffectKind.CREATE_CHANNEL,
        creation.c.state.in_(_UNSETTLED),
    )
    has_a_place = or_(
        outbox.c.needs_channel.is_(False),
        incidents.c.channel_id.is_not(None),
        and_(outbox.c.kind.in_(WITHOUT_CHANNEL), ~on_its_way),
    )
    return (
        select(*_EFFECT)
        .outerjoin(incidents, incidents.c.number == outbox.c.incident)
        .where(WAITING, free, due, is_first, has_a_place)
        .where(outbox.c.id.not_in(in_flight))
        # By the bare id SQLite would rather read the whole table in order than sort the few that wait.
        .order_by(outbox.c.id + 0)
        .limit(most)
    )


def claim(tx: Tx, effect: Effect, *, may_send: bool) -> None:
    """Take a row under a lease; `may_send` counts a request that Slack may come to have accepted."""
    if may_send:
        _claim_to_send(tx, effect.id, tx.now + LEASE, tx.now)
    else:
        set_row(tx, outbox, effect.id, state=EffectState.SENDING, lease_until=tx.now + LEASE)


@kept
def _claim_to_send(effect: int, lease_until: datetime, now: datetime) -> Update:
    counted = {"sends": outbox.c.sends + 1, "absences": 0}
    counted["first_try_at"] = func.coalesce(outbox.c.first_try_at, type_coerce(now, UtcTime))
    taken = update(outbox).where(outbox.c.id == effect)
    return taken.values(state=EffectState.SENDING, lease_until=lease_until, **counted)


def settle(tx: Tx, effect: int, state: EffectState, *, channel: str = "", ts: str = "", error: str = "") -> None:
    """End a row: sent (with what the call produced), dropped or failed (with why)."""
    product = {"channel": channel or None, "ts": ts or None, "error": error[:300]}
    set_row(tx, outbox, effect, state=state, **product, settled_at=tx.now, lease_until=None)


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
    """Give a row back, to be tried again after `delay`, at most LONGEST_DELAY.

    `unsent`: Slack proved that it refused the request. `failed`: count it for the back-off. `absences`: so often Slack
    was asked and did not have it. `intent`: try with this instead.
    """
    values: dict[str, Any] = {"state": EffectState.PENDING, "lease_until": None, "error": error[:300]}
    values["not_before"] = tx.now + min(delay, LONGEST_DELAY)
    if unsent:
        values["sends"] = outbox.c.sends - 1
    if absences:
        values["absences"] = outbox.c.absences + absences
    if intent is not None:
        values["intent"] = dict(intent)
    values["failures"] = outbox.c.failures + 1 if failed else 0
    tx.conn.execute(update(outbox).where(outbox.c.id == effect).values(**values))


def intend(tx: Tx, effect: int, intent: Mapping[str, Any]) -> None:
    """Whatever becomes of a row: should it be tried again, then with this intent."""
    set_row(tx, outbox, effect, intent=dict(intent))


def void_leases(tx: Tx) -> None:
    """Take back what a dead process was sending. Only whoever holds the file lock may know that it is dead."""
    values = {"state": EffectState.PENDING, "lease_until": None}
    tx.conn.execute(update(outbox).where(WAITING, outbox.c.state == EffectState.SENDING).values(**values))
    tx.wrote_outbox = True


def next_try(tx: Tx, now: datetime) -> datetime | None:
    """When, after `now`, the next waiting row may be tried, as far as its time alone decides."""
    return _next_try(tx, now).scalar()


@kept
def _next_try(now: datetime) -> Select[datetime]:
    later = (WAITING, outbox.c.state == EffectState.PENDING, outbox.c.not_before > now)
    return select(outbox.c.not_before).where(*later).order_by(outbox.c.not_before).limit(1)


def is_empty(tx: Tx) -> bool:
    """Whether nothing waits and nothing is being sent."""
    return _unsettled(tx).first() is None


@kept
def _unsettled() -> Select[Any]:
    return select(outbox.c.id).where(WAITING).limit(1)


def newest_at(tx: Tx) -> datetime | None:
    """When the newest row was promised; None when there is none."""
    return tx.conn.scalar(select(outbox.c.created_at).order_by(outbox.c.id.desc()).limit(1))


def remembered(tx: Tx, channel: str, first: int) -> list[str]:
    """The `ts` of the messages in a channel that the row `first` and later ones made, found or edited."""
    known = (outbox.c.id >= first, outbox.c.channel == channel, outbox.c.ts.is_not(None))
    return list(tx.conn.scalars(select(outbox.c.ts).where(*known)))


def may_have_sent(tx: Tx, prefix: str) -> bool:
    """Whether Slack has, or may have, done one of the effects whose key begins so."""
    under = (outbox.c.key >= prefix, outbox.c.key < prefix + "\U0010ffff")
    done = or_(outbox.c.state == EffectState.SENT, outbox.c.sends > 0)
    return tx.conn.execute(select(outbox.c.id).where(*under, done).limit(1)).first() is not None


def sending(tx: Tx, effects: Collection[int]) -> set[int]:
    """Which of these rows are being sent."""
    if not effects:
        return set()
    return set(_sending(tx, list(effects)).scalars())


@kept
def _sending(effects: list[int]) -> Select[int]:
    return select(outbox.c.id).where(outbox.c.id.in_(effects), outbox.c.state == EffectState.SENDING)


def waiting_of(tx: Tx, kinds: Collection[EffectKind]) -> list[Effect]:
    """What waits of these kinds, the oldest first."""
    query = select(*_EFFECT).where(WAITING, outbox.c.kind.in_(list(kinds)))
    return [_effect(row) for row in tx.conn.execute(query.order_by(outbox.c.id + 0))]


def cover(tx: Tx, effect: int, by: str) -> None:
    """What waits and was surely never sent need not be said: something else says it."""
    values = {"state": EffectState.DROPPED, "error": by[:300], "settled_at": tx.now}
    tx.conn.execute(update(outbox).where(outbox.c.id == effect, WAITING, outbox.c.sends == 0).values(**values))


def forget_before(tx: Tx, before: datetime) -> int:
    """Delete rows that ended before a time; how many that were."""
    ended = outbox.c.state.in_([EffectState.SENT, EffectState.DROPPED])
    return tx.conn.execute(delete(outbox).where(ended, outbox.c.settled_at < before)).rowcount


def forget_failed(tx: Tx, lane: str) -> None:
    """What failed in a lane is not to be retried any more: what it was for was done another way."""
    values = {"state": EffectState.DROPPED, "settled_at": tx.now, "error": "done another way"}
    tx.conn.execute(update(outbox).where(outbox.c.lane == lane, FAILED).values(**values))
