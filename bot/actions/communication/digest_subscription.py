"""Subscribing to the digest by DM, and ending that."""

from datetime import time

from bot.actions.communication import digest_plan
from bot.domain.incident import PersonId, Severity
from bot.domain.subscription import EXAMPLE, Subscription, read
from bot.errors import WrongState
from bot.settings import Settings
from storage import subscriptions
from storage.store import Tx

_DEFAULT_TIMES = (time(9), time(17))


def subscribe(tx: Tx, settings: Settings, person: PersonId, words: str) -> Subscription:
    """Send the digest to `person` as `words` say, instead of what they had; else all of it, at the channel's times.

    Raises WrongWords.
    """
    wish = read(words)
    wanted = Subscription(
        person=person,
        severities=wish.severities or tuple(Severity),
        times=wish.times or digest_plan.channel_schedule(settings).times or _DEFAULT_TIMES,
        since=tx.now,
    )
    subscriptions.save(tx, wanted)
    digest_plan.person_changed(tx, person, "they subscribed anew")
    return wanted


def unsubscribe(tx: Tx, person: PersonId) -> None:
    """Send them no more. Raises WrongState when nothing was sent."""
    if subscriptions.find(tx, person) is None:
        raise WrongState("You get no digest by DM.", EXAMPLE)
    subscriptions.end(tx, person)
    digest_plan.person_changed(tx, person, "they want none any more")
