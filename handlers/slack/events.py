"""The one table of events: what people did in Slack itself. None of them is needed for the bot to be right."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.actions import effects, membership
from bot.profile import person_from
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


def _deleted(tx: Tx, event: Event) -> None:
    membership.archived(tx, event["channel"], None, lost=True)


def _unarchived(tx: Tx, event: Event) -> None:
    membership.unarchived(tx, event["channel"])


def _home_opened(tx: Tx, event: Event) -> None:
    if event.get("tab", "home") == "home":
        effects.publish_home(tx, event["user"], str(event["event_ts"]))


def _person_changed(tx: Tx, event: Event) -> None:
    """Only of people the bot has met: a large workspace changes all day."""
    if people.get(tx, event["user"]["id"]):
        people.save(tx, person_from(tx, event["user"]))


EVENTS: Mapping[str, Callable[[Tx, Event], None]] = {
    "member_joined_channel": _arrived,
    "member_left_channel": _left,
    "channel_rename": _renamed,
    "group_rename": _renamed,
    "channel_archive": _archived,
    "group_archive": _archived,
    "channel_deleted": _deleted,
    "group_deleted": _deleted,
    "channel_unarchive": _unarchived,
    "group_unarchive": _unarchived,
    "app_home_opened": _home_opened,
    "user_change": _person_changed,
}

# What happened to the bot itself: whoever invites it back may have put it out before.
OUR_EVENTS: Mapping[str, Callable[[Tx, Event], None]] = {"member_joined_channel": _unarchived}
