"""The one table of events: what people did in Slack itself. None of them is needed for the bot to be right."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.actions import effects, membership
from bot.domain.incident import PersonId
from bot.domain.people import Person
from storage import people
from storage.store import Tx

Event = Mapping[str, Any]


def _arrived(tx: Tx, event: Event) -> None:
    membership.arrived(tx, event["channel"], event["user"])


def _left(tx: Tx, event: Event) -> None:
    membership.left(tx, event["channel"], event["user"])


def _renamed(tx: Tx, event: Event) -> None:
    membership.renamed(tx, event["channel"]["id"], event["channel"]["name"])


def _archived(tx: Tx, event: Event) -> None:
    membership.archived(tx, event["channel"], event.get("user"))


def _unarchived(tx: Tx, event: Event) -> None:
    membership.unarchived(tx, event["channel"])


def _home_opened(tx: Tx, event: Event) -> None:
    if event.get("tab", "home") == "home":
        effects.publish_home(tx, event["user"], str(event["event_ts"]))


def _person_changed(tx: Tx, event: Event) -> None:
    """Only of people the bot has met: a large workspace changes all day."""
    if people.get(tx, event["user"]["id"]):
        people.save(tx, person_from(tx, event["user"]))


def person_from(tx: Tx, user: Mapping[str, Any], home_team: str = "") -> Person:
    """A person as Slack's user object describes them."""
    profile = user.get("profile") or {}
    known = people.get(tx, user["id"])
    stranger = bool(user.get("is_stranger")) or (bool(home_team) and user.get("team_id", home_team) != home_team)
    name = (
        profile.get("display_name")
        or user.get("real_name")
        or profile.get("real_name")
        or user.get("name")
        or user["id"]
    )
    return Person(
        id=PersonId(user["id"]),
        name=str(name)[:200],
        zone=str(user.get("tz") or "UTC")[:64],
        deactivated=bool(user.get("deleted")),
        bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        foreign=stranger or bool(known and known.foreign and not home_team),
        fetched_at=tx.now,
    )


EVENTS: Mapping[str, Callable[[Tx, Event], None]] = {
    "member_joined_channel": _arrived,
    "member_left_channel": _left,
    "channel_rename": _renamed,
    "group_rename": _renamed,
    "channel_archive": _archived,
    "group_archive": _archived,
    "channel_deleted": _archived,
    "group_deleted": _archived,
    "channel_unarchive": _unarchived,
    "group_unarchive": _unarchived,
    "app_home_opened": _home_opened,
    "user_change": _person_changed,
}
