"""One conversation: a channel, public or private, or a direct message."""

import re
from dataclasses import dataclass, field

from sandbox.errors import SlackError
from sandbox.identity import TEAM_ID, Json
from sandbox.message import Message, message_object

NAME_LIMIT = 80
_SPECIALS = re.compile(r"[^\w\-]|[A-Z]")


def _nothing_set() -> Json:
    return {"value": "", "creator": "", "last_set": 0}


@dataclass
class Channel:
    """A conversation with its messages, oldest first."""

    id: str
    name: str
    creator: str
    created: int
    is_private: bool = False
    is_im: bool = False
    is_general: bool = False
    is_archived: bool = False
    topic: Json = field(default_factory=_nothing_set)
    purpose: Json = field(default_factory=_nothing_set)
    members: list[str] = field(default_factory=list)
    previous_names: list[str] = field(default_factory=list)
    pins: list[Json] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)
    last_read: dict[str, str] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """`channel`, `group` or `im`, as in events."""
        return "im" if self.is_im else "group" if self.is_private else "channel"

    @property
    def scope_family(self) -> str:
        """The part before the colon of the scopes that cover this conversation."""
        return "im" if self.is_im else "groups" if self.is_private else "channels"

    def other(self, user: str) -> str:
        """The other end of a direct message."""
        return next((member for member in self.members if member != user), user)

    def pin_of(self, ts: str) -> Json | None:
        """The pin of that message."""
        return next((pin for pin in self.pins if pin["ts"] == ts), None)


def check_name(name: str) -> None:
    """Raise what conversations.create says of a name that breaks the rule."""
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > NAME_LIMIT:
        raise SlackError("invalid_name_maxlength")
    if _SPECIALS.search(name):
        raise SlackError("invalid_name_specials")
    if not re.search(r"\w", name.replace("_", "")):
        raise SlackError("invalid_name_punctuation")


def repaired_name(name: str) -> str:
    """What conversations.rename makes of a name."""
    repaired = re.sub(r"[^\w\-]+", "-", name.strip().lower())[:NAME_LIMIT].strip("-")
    check_name(repaired)
    return repaired


def shown_in(channel: Channel, message: Message, *, with_metadata: bool = True) -> Json:
    """Slack's message object with what only the channel knows: under whose message a reply stands."""
    shown = message_object(message, with_metadata=with_metadata)
    parent = channel.messages.get(message.thread_ts or "")
    if parent is None or not message.is_reply:
        return shown
    shown["parent_user_id"] = parent.user
    if message.subtype == "thread_broadcast":
        shown["root"] = message_object(parent, with_metadata=with_metadata)
    return shown


def _im_object(channel: Channel, viewer: str) -> Json:
    return {
        "id": channel.id,
        "created": channel.created,
        "is_archived": False,
        "is_im": True,
        "is_org_shared": False,
        "context_team_id": TEAM_ID,
        "updated": channel.created * 1000,
        "user": channel.other(viewer),
        "is_open": True,
        "priority": 0,
    }


def channel_object(channel: Channel, viewer: str) -> Json:
    """Slack's conversation object, as `viewer` gets it."""
    if channel.is_im:
        return _im_object(channel, viewer)
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "created": channel.created,
        "creator": channel.creator,
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "unlinked": 0,
        "name_normalized": channel.name,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": TEAM_ID,
        "updated": channel.created * 1000,
        "shared_team_ids": [TEAM_ID],
        "is_member": viewer in channel.members,
        "topic": channel.topic,
        "purpose": channel.purpose,
        "previous_names": channel.previous_names,
    }
