"""What a start writes, before anything comes in: what a process before this one left is taken up."""

from bot.actions import groups
from bot.actions.communication import digest_plan, pushing
from bot.actions.incident import membership
from bot.actions.waking import alive, fallbacks, recovered
from bot.domain.away import AWAY_AFTER
from bot.settings import Settings
from storage import outbox
from storage.store import Tx


def on_start(tx: Tx, settings: Settings) -> None:
    """Take up what waits, and have read again what may have changed while nobody listened."""
    newest = outbox.newest_at(tx)
    outbox.void_leases(tx)
    groups.read_all(tx, settings)
    # Nothing was promised for as long: either the bot was away, or it was calm, and then to look costs little.
    if newest is None or tx.now - newest > AWAY_AFTER:
        membership.read_all(tx, f"start{tx.now.timestamp():.0f}")
    fallbacks.on_start(tx)
    alive.on_start(tx, settings)
    digest_plan.on_start(tx, settings)
    pushing.on_start(tx, settings)
    recovered.show_all(tx)
