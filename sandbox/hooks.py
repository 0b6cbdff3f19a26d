"""response_url: five answers within thirty minutes."""

import secrets
from dataclasses import dataclass
from itertools import count

from sandbox.blockkit import problems
from sandbox.channel import Channel
from sandbox.errors import SlackError
from sandbox.identity import BOT_ID, BOT_USER, TEAM_ID, Json
from sandbox.message import Message, message_object
from sandbox.posting import add, delete, edited, named_blocks
from sandbox.workspace import Workspace

MOST_USES = 5
LIFE = 30 * 60
"""Seconds of the sandbox clock."""


@dataclass
class Hook:
    """One response_url: whose command or click it answers, and the message that it may replace."""

    user: str
    channel: str
    expires: float
    source: str | None = None
    """The ts of the message: the clicked one, or the command's answer so far."""
    replaces: bool = False
    """Whether a new message takes the source's place unless told otherwise: after clicks."""
    uses: int = 0


def checked_message(body: Json) -> Json:
    """A message as the app sent it; Slack's error if it can't be shown."""
    text, blocks = body.get("text") or "", body.get("blocks") or None
    if isinstance(blocks, list) and blocks:
        if found := problems(blocks, "message"):
            reasons = [f"{one.message} [json-pointer:/blocks{one.pointer}]" for one in found]
            messages = [f"[ERROR] {reason}" for reason in reasons]
            raise SlackError("invalid_blocks", errors=reasons, response_metadata={"messages": messages})
    elif blocks is not None:
        raise SlackError("invalid_blocks_format")
    if not isinstance(text, str) or not (text or blocks or body.get("attachments")):
        raise SlackError("no_text")
    return {"text": text, "blocks": named_blocks(blocks), "attachments": body.get("attachments") or None}


class Hooks:
    """All response_urls, and the messages sent through them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[str, Hook] = {}
        self._numbers = count(1)
        self.base_url = ""

    def issue(self, user: str, channel: str, source: str | None = None, *, replaces: bool = False) -> tuple[str, Hook]:
        """A new URL and what it stands for."""
        now = self._workspace.clock.now()
        self._known = {key: hook for key, hook in self._known.items() if hook.expires > now - LIFE}
        name = f"{TEAM_ID}/{next(self._numbers)}/{secrets.token_urlsafe(18)}"
        hook = self._known[name] = Hook(user, channel, now + LIFE, source, replaces)
        return f"{self.base_url}/hooks/{name}", hook

    def use(self, name: str, body: Json) -> None:
        """Answer through one; Slack's error if it is unknown or spent or the message is wrong."""
        hook = self._known.get(name)
        if hook is None or hook.channel not in self._workspace.channels:
            raise SlackError("no_service")
        if hook.expires <= self._workspace.clock.now():
            raise SlackError("expired_url")
        if hook.uses >= MOST_USES:
            raise SlackError("used_url")
        deletes = _flag(body, "delete_original")
        message = None if deletes and not _says_something(body) else checked_message(body)
        hook.uses += 1
        if deletes:
            self._delete(hook)
        if message:
            replaces = _flag(body, "replace_original", hook.replaces) and not deletes
            self.answer(hook, message, body, replaces=replaces)

    def answer(self, hook: Hook, message: Json, body: Json, *, replaces: bool = False) -> Message:
        """Show a checked message, in place of the source or anew."""
        channel = self._workspace.channels[hook.channel]
        if replaces and (before := self._source(hook)):
            return self._replace(channel, before, message)
        shown = Message(channel.id, self._workspace.next_ts(), BOT_USER, bot_id=BOT_ID, **message)
        shown.thread_ts = body.get("thread_ts") or None
        shown.metadata = metadata if isinstance(metadata := body.get("metadata"), dict) else None
        if body.get("response_type") == "in_channel":
            return add(self._workspace, channel, shown)
        shown.only_for = hook.user
        show_ephemeral(self._workspace, shown)
        if not hook.replaces:
            hook.source = shown.ts
        return shown

    def _source(self, hook: Hook) -> Message | None:
        if hook.source is None:
            return None
        own = self._workspace.ephemerals.get(hook.user, {}).get(hook.source)
        return own or self._workspace.channels[hook.channel].messages.get(hook.source)

    def _replace(self, channel: Channel, before: Message, message: Json) -> Message:
        was = message_object(before, with_metadata=False)
        before.text, before.blocks, before.attachments = message["text"], message["blocks"], message["attachments"]
        if before.only_for:
            self._workspace.changed("ephemeral", before.only_for, before.ts)
        else:
            edited(self._workspace, channel, before, was)
        return before

    def _delete(self, hook: Hook) -> None:
        source = self._source(hook)
        if source is None:
            return
        if source.only_for:
            del self._workspace.ephemerals[hook.user][source.ts]
            self._workspace.changed("ephemeral_deleted", hook.user, f"{source.channel}/{source.ts}")
        else:
            delete(self._workspace, self._workspace.channels[hook.channel], source)


def show_ephemeral(workspace: Workspace, message: Message) -> None:
    """Show a message to one person only; it is kept in memory."""
    if message.only_for is None:
        raise ValueError("an ephemeral message is for somebody")
    workspace.ephemerals.setdefault(message.only_for, {})[message.ts] = message
    workspace.changed("ephemeral", message.only_for, message.ts)


def _says_something(body: Json) -> bool:
    return any(body.get(key) for key in ("text", "blocks", "attachments"))


def _flag(body: Json, key: str, default: bool = False) -> bool:
    value = body.get(key)
    return default if value is None else value in (True, 1, "1", "true", "True")
