"""People as Slack describes them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.incident import PersonId
from bot.domain.people import Person
from storage import people
from storage.store import Tx

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def person_from(tx: Tx, user: Mapping[str, Any], home_team: str = "") -> Person:
    """A person as Slack's user object describes them."""
    profile = user.get("profile") or {}
    known = people.get(tx, user["id"])
    stranger = bool(user.get("is_stranger")) or (bool(home_team) and user.get("team_id", home_team) != home_team)
    # The full name: topics and posts are read by people who don't know everybody's handle.
    name = user.get("real_name") or profile.get("real_name") or profile.get("display_name") or user["id"]
    return Person(
        id=PersonId(user["id"]),
        name=str(name)[:200],
        zone=str(user.get("tz") or "UTC")[:64],
        deactivated=bool(user.get("deleted")),
        bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        foreign=stranger or bool(known and known.foreign and not home_team),
        fetched_at=tx.now,
    )


def meet(tx: Tx, user: Mapping[str, Any]) -> None:
    """Keep the name and zone of somebody not met before; whether they may act is asked again when they are named."""
    if people.get(tx, user["id"]) is None:
        people.save(tx, replace(person_from(tx, user), fetched_at=_LONG_AGO))
