"""One message and the shapes in which it is shown."""

import json
from dataclasses import dataclass, field
from typing import Any

from sandbox.identity import APP_ID, BOT_ID, BOT_NAME, BOT_USER, TEAM_ID, Json


@dataclass
class Message:
    """Somebody's words in a channel. `ts` is its id there; a reply has its parent's as `thread_ts`."""

    channel: str
    ts: str
    user: str
    text: str
    bot_id: str | None = None
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    subtype: str | None = None
    thread_ts: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    replies: list[str] = field(default_factory=list)
    reply_users: list[str] = field(default_factory=list)
    extra: Json = field(default_factory=dict)
    """Fields of a subtype, such as `topic`."""
    only_for: str | None = None
    """An ephemeral message: the one who sees it."""
    called: list[str] = field(default_factory=list)
    """Whom it called when it was said: a later edit calls nobody."""

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread, under another."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def words(self) -> str:
        """Its text and its blocks, to look for mentions in."""
        return f"{self.text}\n{json.dumps(self.blocks)}" if self.blocks else self.text

    @property
    def is_system(self) -> bool:
        """Whether Slack wrote the line itself."""
        return self.subtype not in (None, "bot_message", "thread_broadcast")

    @property
    def in_channel(self) -> bool:
        """Whether it stands in the channel itself, not only in a thread."""
        return not self.is_reply or self.subtype == "thread_broadcast"


def bot_profile() -> Json:
    """Slack's short description of the app, on each of its messages."""
    return {
        "id": BOT_ID,
        "app_id": APP_ID,
        "user_id": BOT_USER,
        "name": BOT_NAME,
        "icons": {},
        "deleted": False,
        "updated": 0,
        "team_id": TEAM_ID,
    }


def _thread(message: Message) -> Json:
    if message.is_reply:
        return {"thread_ts": message.thread_ts}
    if not message.replies:
        return {}
    return {
        "thread_ts": message.ts,
        "reply_count": len(message.replies),
        "reply_users_count": len(message.reply_users),
        "latest_reply": message.replies[-1],
        "reply_users": message.reply_users,
        "is_locked": False,
        "subscribed": False,
    }


def _said(message: Message, metadata: Json | None) -> Json:
    optional: list[tuple[str, Any]] = [
        ("subtype", message.subtype),
        ("blocks", message.blocks),
        ("attachments", message.attachments),
        ("edited", message.edited),
        ("metadata", metadata),
    ]
    shown: Json = {"user": message.user, "type": "message", "ts": message.ts, "text": message.text, "team": TEAM_ID}
    if message.bot_id:
        shown |= {"bot_id": message.bot_id, "app_id": APP_ID, "bot_profile": bot_profile()}
    return shown | {key: value for key, value in optional if value} | message.extra


def message_object(message: Message, *, with_metadata: bool = True) -> Json:
    """Slack's message object. Without metadata only its type is shown, as history does."""
    metadata = message.metadata
    if metadata and not with_metadata:
        metadata = {"event_type": metadata.get("event_type")}
    shown = _said(message, metadata) | _thread(message)
    if message.reactions:
        shown["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()
        ]
    return shown


def live_message(message: Message) -> Json:
    """As the browser client gets it."""
    shown = message_object(message)
    for key in ("bot_profile", "team", "is_locked", "subscribed"):
        shown.pop(key, None)
    shown.setdefault("reactions", [])
    if message.only_for:
        shown["ephemeral"] = True
    return shown
