"""Promising that Statuspage will say what is so now: apart from what it says, so that every change can promise it."""

from bot.domain.effect import EffectKind
from bot.domain.incident import Incident
from storage import outbox, pushes
from storage.store import Tx


def push_statuspage(tx: Tx, incident: Incident, cause: str) -> None:
    """Bring Statuspage up to date about a public incident, where a page of it was set.

    One lane for all: two incidents may concern one component, and the last word about it must be the right one.
    """
    if pushes.targets(tx).page:
        lane, topic = EffectKind.STATUSPAGE, f"{incident.name}:{EffectKind.STATUSPAGE}"
        number = incident.number
        outbox.enqueue(tx, f"{topic}:{cause}", lane, lane, incident=number, needs_channel=False, coalesce=topic)
