"""After a restore: what Slack shows may be newer than what the bot knows. It is shown as the bot knows it, once."""

from datetime import timedelta

from bot.actions import effects
from storage import handoffs, incidents, recovery
from storage.store import Tx

_RECENT = timedelta(days=1)


def show_all(tx: Tx) -> None:
    """Bring card, topic, announcement and open offers of every open incident up to date, once after each restore."""
    restored = recovery.last(tx)
    if restored is None or tx.now - restored.restored_at > _RECENT:
        return
    cause = f"restored{restored.restored_at:%Y%m%d%H%M%S}"
    # The lost bot may have posted any of these for the first time.
    tx.may_be_sent_since = restored.copied_at
    for incident in incidents.every_open(tx):
        effects.refresh(tx, incident, cause, topic=True)
        effects.show_commanders(tx, incident, cause)
        for offer in handoffs.open_offers(tx, incident.number):
            effects.show_offer(tx, incident, offer.id, cause)
    tx.may_be_sent_since = None
