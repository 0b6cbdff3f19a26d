"""Contacts: people give the bot ways to wake them, and hear when one does not work."""

from bot.actions import effects
from bot.domain.contact import MOST, Contact, masked, read_url
from bot.domain.incident import PersonId
from bot.errors import NotAllowed, WrongState
from bot.settings import Settings
from bot.vault import NoKey, Vault
from storage import contacts
from storage.store import Tx


def add(tx: Tx, settings: Settings, person: PersonId, text: str) -> Contact:
    """Keep another way to reach somebody, sealed, and try it at once.

    Raises WrongWords when it is no URL of an allowed kind, WrongState when the bot has no key or they have enough.
    """
    url = read_url(text, settings.paging.schemes)
    try:
        vault = Vault.of(settings)
    except NoKey as error:
        hint = "Whoever runs it sets WATCHBILL_SECRET_KEY; `watchbill key` makes one."
        raise WrongState("I keep no channels of yours: the bot has no key to seal them with.", hint) from error
    if len(contacts.of(tx, person)) >= MOST:
        raise WrongState(f"You have {MOST} already.", "Remove one first: `/incident me channels`")
    added = contacts.add(tx, person, vault.seal(url), masked(url))
    _try(tx, added, "added")
    return added


def try_again(tx: Tx, person: PersonId, number: int) -> Contact:
    """Send a test by one of their channels. Raises NotAllowed when it is not theirs, WrongState when it was removed."""
    found = _of(tx, person, number)
    _try(tx, found, f"{tx.now.timestamp():.0f}")
    return found


def remove(tx: Tx, person: PersonId, number: int) -> Contact:
    """Use one of their channels no more. Raises NotAllowed when it is not theirs, WrongState when it was removed."""
    found = _of(tx, person, number)
    # The address goes with it: nobody needs it any more.
    contacts.change(tx, found.id, removed_at=tx.now, secret=b"")
    return found


def delivered(tx: Tx, contact: Contact) -> None:
    """Something went out by it: it works, again perhaps."""
    contacts.change(tx, contact.id, delivered_at=tx.now, failed_at=None, failure="")


def failed(tx: Tx, contact: Contact, why: str, *, asked: bool) -> None:
    """It did not go out. Its owner hears of it, once for as long as it fails; `asked`: they are trying it just now."""
    contacts.change(tx, contact.id, failed_at=contact.failed_at or tx.now, failure=why[:200])
    if contact.failed_at is None or asked:
        cause = f"contact{contact.id}:{tx.now.timestamp():.0f}"
        effects.tell_duty(tx, contact.person, "contact-failed", cause, shown=contact.shown, why=why[:200])


def _try(tx: Tx, contact: Contact, cause: str) -> None:
    effects.notify(tx, contact, "test", cause)


def _of(tx: Tx, person: PersonId, number: int) -> Contact:
    found = contacts.find(tx, number)
    if found and found.person != person:
        raise NotAllowed("That is a channel of somebody else.", "See yours: `/incident me channels`")
    if found is None or found.removed_at:
        raise WrongState("That is not one of your channels any more.", "See them: `/incident me channels`")
    return found
