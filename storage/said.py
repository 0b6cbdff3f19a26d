"""What was, or will be, posted about a timeline entry: found again, so that its words can be taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from bot.domain.effect import EffectState
from bot.domain.incident import Incident
from storage.store import Tx
from storage.tables import outbox

_GIVEN_UP = [EffectState.DROPPED, EffectState.FAILED]


@dataclass(frozen=True, slots=True)
class Said:
    """A post of the bot: the key and lane under which it went, or goes, out, and what it says."""

    key: str
    lane: str
    intent: Mapping[str, Any]


def about(tx: Tx, incident: Incident, number: int) -> list[Said]:
    """The posts about the entry of that number, in the channel and under the announcement."""
    keys = [f"{incident.name}:{where}:t{number}" for where in ("said", "announced")]
    query = select(outbox.c.key, outbox.c.lane, outbox.c.intent)
    rows = tx.conn.execute(query.where(outbox.c.key.in_(keys), outbox.c.state.not_in(_GIVEN_UP)))
    return [Said(row.key, row.lane, row.intent) for row in rows]


def reword(tx: Tx, key: str, intent: Mapping[str, Any]) -> None:
    """Keep it with other words, sent or not."""
    tx.conn.execute(update(outbox).where(outbox.c.key == key).values(intent=dict(intent)))


def place_of(tx: Tx, key: str) -> tuple[str, str] | None:
    """The channel and `ts` at which it stands; None when it was never sent."""
    row = tx.conn.execute(select(outbox.c.channel, outbox.c.ts).where(outbox.c.key == key)).one_or_none()
    return (row.channel, row.ts) if row and row.channel and row.ts else None
