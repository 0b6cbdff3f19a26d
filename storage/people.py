"""People and named channels, as Slack last described them."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from bot.domain.incident import ChannelId, PersonId
from bot.domain.people import Person
from storage.store import Tx
from storage.tables import channels, people


def get(tx: Tx, person: PersonId) -> Person | None:
    """What is known of this person; None when nothing."""
    return find(tx, [person]).get(person)


def find(tx: Tx, wanted: Iterable[PersonId]) -> dict[PersonId, Person]:
    """What is known of these people."""
    rows = tx.conn.execute(select(people).where(people.c.id.in_(list(wanted))))
    return {row.id: Person(**row._asdict()) for row in rows}


def save(tx: Tx, person: Person) -> None:
    """Keep what Slack says of a person, instead of what it said before."""
    values = {
        "id": person.id,
        "name": person.name,
        "zone": person.zone,
        "deactivated": person.deactivated,
        "bot": person.bot,
        "foreign": person.foreign,
        "fetched_at": person.fetched_at,
    }
    tx.conn.execute(insert(people).values(**values).on_conflict_do_update(index_elements=["id"], set_=values))


def channel_id(tx: Tx, name: str) -> ChannelId | None:
    """The id of a channel by its name, as far as it was looked up."""
    found: str | None = tx.conn.scalar(select(channels.c.id).where(channels.c.name == name))
    return found


def save_channel(tx: Tx, name: str, channel: ChannelId) -> None:
    values = {"name": name, "id": channel}
    tx.conn.execute(insert(channels).values(**values).on_conflict_do_update(index_elements=["name"], set_=values))
