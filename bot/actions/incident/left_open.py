"""Gathering what is still open in an incident, before it is resolved."""

from bot.domain.incident import Incident
from bot.domain.left_open import LeftOpen
from storage import needs, pages, vendors
from storage.store import Tx


def left_open(tx: Tx, incident: Incident) -> LeftOpen:
    """The asks that are not done, the vendor cases that are not closed, and who is being woken."""
    return LeftOpen(
        needs=tuple(needs.of(tx, incident.number, open_only=True)),
        cases=tuple(vendors.of(tx, incident.number, open_only=True)),
        pages=tuple(pages.unanswered(tx, incident.number)),
    )
