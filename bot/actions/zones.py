"""People's own zones: what they chose, else what Slack says, else UTC."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.domain.incident import PersonId
from storage import people
from storage.store import Tx


def zone_of(tx: Tx, person: PersonId) -> ZoneInfo:
    """Somebody's own zone."""
    return zones_of(tx, [person]).get(person, ZoneInfo("UTC"))


def zones_of(tx: Tx, wanted: Iterable[PersonId]) -> dict[PersonId, ZoneInfo]:
    """The zones of those of these people who are known."""
    return {person.id: person.tz for person in people.find(tx, wanted).values()}
