"""The one table of events: what people did in Slack itself. None of them is needed for the bot to be right."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.actions import groups, home
from bot.actions.command import absence, presence
from bot.actions.incident import membership, pinning
from bot.actions.waking import paging
from bot.domain.page import AnsweredBy
from bot.heard import moment_of
from bot.profile import person_from
from bot.settings import Settings
from storage import pages, people
from storage.store import Tx

Event = Mapping[str, Any]


def _arrived(tx: Tx, settings: Settings, event: Event) -> None:
    membership.arrived(tx, event["channel"], event["user"])
    if not event.get("inviter"):
        # Whom others bring in may be asleep.
        absence.heard(tx, event["channel"], event["user"], moment_of(event["event_ts"]))


def _left(tx: Tx, settings: Settings, event: Event) -> None:
    membership.left(tx, settings, event["channel"], event["user"])


def _renamed(tx: Tx, settings: Settings, event: Event) -> None:
    membership.renamed(tx, event["channel"]["id"], event["channel"]["name"])


def _archived(tx: Tx, settings: Settings, event: Event) -> None:
    membership.archived(tx, event["channel"], event.get("user"))


def _deleted(tx: Tx, settings: Settings, event: Event) -> None:
    membership.archived(tx, event["channel"], None, lost=True)


def _unarchived(tx: Tx, settings: Settings, event: Event) -> None:
    membership.unarchived(tx, event["channel"])


def _home_opened(tx: Tx, settings: Settings, event: Event) -> None:
    if event.get("tab", "home") == "home":
        home.opened(tx, event["user"], str(event["event_ts"]))


def _person_changed(tx: Tx, settings: Settings, event: Event) -> None:
    """Only of people the bot has met: a large workspace changes all day."""
    if people.get(tx, event["user"]["id"]):
        membership.learned(tx, settings, person_from(tx, event["user"]))


def _said(tx: Tx, settings: Settings, event: Event) -> None:
    if _answers_page(tx, event):
        paging.heard(tx, event["user"], AnsweredBy.SLACK)
    if _is_said_by_holder(tx, event):
        absence.heard(tx, event["channel"], event["user"], moment_of(event["ts"]))


def _is_said_by_holder(tx: Tx, event: Event) -> bool:
    """Whether it is a person's message, in an incident of which they hold a role."""
    by_a_person = event.get("user") and not event.get("bot_id") and event.get("subtype", "") in presence.SAID
    return bool(by_a_person) and presence.holds_role_in(tx, event["channel"], event["user"])


def _answers_page(tx: Tx, event: Event) -> bool:
    """Whether somebody who is being woken writes to the bot: whatever they say, they are awake."""
    direct = event.get("channel_type") == "im" and event.get("user") and not event.get("bot_id")
    return bool(direct and not event.get("subtype") and pages.unanswered_by(tx, event["user"]))


def _matters(tx: Tx, event: Event) -> bool:
    return _answers_page(tx, event) or _is_said_by_holder(tx, event)


def _reacted(tx: Tx, settings: Settings, event: Event) -> None:
    item = event["item"]
    if item.get("channel"):
        absence.heard(tx, item["channel"], event["user"], moment_of(event["event_ts"]))
    if event["reaction"] == pinning.PUSHPIN and item.get("type") == "message":
        pinning.reacted(tx, item["channel"], item["ts"], event["user"], str(event["event_ts"]))


def _is_reaction_that_matters(tx: Tx, event: Event) -> bool:
    """Whether it is a pin, or by somebody who holds a role there."""
    channel = event["item"].get("channel", "")
    return event["reaction"] == pinning.PUSHPIN or presence.holds_role_in(tx, channel, event["user"])


def _group_members_changed(tx: Tx, settings: Settings, event: Event) -> None:
    groups.read_again(tx, settings, event["subteam_id"])


def _group_changed(tx: Tx, settings: Settings, event: Event) -> None:
    groups.read_again(tx, settings, event["subteam"]["id"])


EVENTS: Mapping[str, Callable[[Tx, Settings, Event], None]] = {
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
    "message": _said,
    "reaction_added": _reacted,
    "subteam_members_changed": _group_members_changed,
    "subteam_updated": _group_changed,
}

# Of what people do all day, only this is worth a write: asked first, in a snapshot.
MATTERS: Mapping[str, Callable[[Tx, Event], bool]] = {
    "message": _matters,
    "reaction_added": _is_reaction_that_matters,
}

# What happened to the bot itself: whoever invites it back may have put it out before.
OUR_EVENTS: Mapping[str, Callable[[Tx, Settings, Event], None]] = {"member_joined_channel": _unarchived}
