"""People and named channels, as Slack last described them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects.sqlite import insert

from bot.domain.incident import ChannelId, PersonId
from bot.domain.people import Person
from storage.statements import kept, put_row
from storage.store import Tx
from storage.tables import channels, homes, people, usergroups


def get(tx: Tx, person: PersonId) -> Person | None:
    """What is known of this person; None when nothing."""
    return find(tx, [person]).get(person)


def find(tx: Tx, wanted: Iterable[PersonId]) -> dict[PersonId, Person]:
    """What is known of these people."""
    return {row.id: Person(**row._asdict()) for row in _find(tx, list(wanted))}


@kept
def _find(wanted: list[PersonId]) -> Select[Any]:
    return select(people).where(people.c.id.in_(wanted))


def named(tx: Tx, word: str) -> list[Person]:
    """Who may be meant by an id, a full name or a part of one; a leading @ doesn't matter.

    Handles are not kept, people change them: a part of the name does for most.
    """
    wanted = word.strip().removeprefix("@").casefold()
    everybody = [Person(**row._asdict()) for row in tx.conn.execute(select(people).order_by(people.c.name))]
    exactly = [one for one in everybody if wanted in (one.id.casefold(), one.name.casefold())]
    return exactly or [one for one in everybody if wanted in _parts(one.name)]


def _parts(name: str) -> set[str]:
    """What somebody may be called: each word, and all together as in a handle."""
    words = name.casefold().split()
    return {*words, "".join(words), ".".join(words)}


def save(tx: Tx, person: Person) -> None:
    """Keep what Slack says of a person, instead of what it said before."""
    put_row(
        tx,
        people,
        "id",
        id=person.id,
        name=person.name,
        zone=person.zone,
        deactivated=person.deactivated,
        bot=person.bot,
        foreign=person.foreign,
        fetched_at=person.fetched_at,
    )


def set_own_zone(tx: Tx, person: PersonId, zone: str) -> None:
    """Keep the zone that somebody chose over that of their profile; an empty one is no choice.

    Of whom nothing else is known, the profile is still to be fetched.
    """
    blank = {"name": person, "zone": "UTC", "deactivated": False, "bot": False, "foreign": False}
    values = {"id": person, "own_zone": zone, "fetched_at": datetime(1970, 1, 1, tzinfo=UTC), **blank}
    tx.conn.execute(
        insert(people).values(**values).on_conflict_do_update(index_elements=["id"], set_={"own_zone": zone})
    )


def channel_id(tx: Tx, name: str) -> ChannelId | None:
    """The id of a channel by its name, as far as it was looked up."""
    return _channel_id(tx, name).scalar()


@kept
def _channel_id(name: str) -> Select[ChannelId]:
    return select(channels.c.id).where(channels.c.name == name)


def place_of(tx: Tx, wanted: str) -> str:
    """Where to post what the settings send to a channel: its id, as far as it was looked up, else what they call it."""
    return channel_id(tx, wanted.lstrip("#")) or wanted


def save_channel(tx: Tx, name: str, channel: ChannelId) -> None:
    put_row(tx, channels, "name", name=name, id=channel)


def opened_home(tx: Tx, person: PersonId) -> None:
    """Remember that this person looks at their App Home."""
    put_row(tx, homes, "person", person=person, opened_at=tx.now)


def has_home(tx: Tx, person: PersonId) -> bool:
    """Whether this person has ever opened their App Home."""
    return _home(tx, person).first() is not None


@kept
def _home(person: PersonId) -> Select[Any]:
    return select(homes.c.person).where(homes.c.person == person)


def group(tx: Tx, usergroup: str) -> list[PersonId]:
    """The members of a user group as last read; none when it never was."""
    found: list[PersonId] | None = tx.conn.scalar(select(usergroups.c.people).where(usergroups.c.id == usergroup))
    return found or []


def save_group(tx: Tx, usergroup: str, members: list[PersonId]) -> None:
    put_row(tx, usergroups, "id", id=usergroup, people=members, fetched_at=tx.now)
