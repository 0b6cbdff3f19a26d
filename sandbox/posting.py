"""Writing, changing and deleting messages, reactions and pins: for people and the app alike."""

import copy
from itertools import count

from sandbox.channel import Channel, shown_in
from sandbox.errors import SlackError
from sandbox.identity import BOT_ID, BOT_USER, TEAM_ID, Json
from sandbox.mentions import people_called
from sandbox.message import Message, message_object
from sandbox.workspace import Workspace

_HOLDERS = ("elements", "accessory", "element")
_SILENT_TYPES = frozenset({"image", "plain_text", "mrkdwn"})


def named_blocks(blocks: list[Json] | None) -> list[Json] | None:
    """A copy in which each block has a block_id and each interactive element an action_id, as Slack fills them in."""
    if not blocks:
        return None
    named = copy.deepcopy(blocks)
    whole = [*named, *(child for block in named for child in block.get("child_blocks") or [])]
    taken = {block.get("block_id") for block in whole}
    fresh = (name for name in (f"b{number:04d}" for number in count(1)) if name not in taken)
    for block in whole:
        if not block.get("block_id"):
            block["block_id"] = next(fresh)
        _name_elements(block)
    return named


def _name_elements(block: Json) -> None:
    if block.get("type") not in ("actions", "section", "input"):
        return
    holders = [block.get(key) for key in _HOLDERS]
    elements = [one for holder in holders if holder for one in (holder if isinstance(holder, list) else [holder])]
    for number, element in enumerate(elements):
        if isinstance(element, dict) and element.get("type") not in _SILENT_TYPES and not element.get("action_id"):
            element["action_id"] = f"a{number:02d}"


def message_event(channel: Channel, message: Message) -> Json:
    """The event of a new message."""
    event = shown_in(channel, message, with_metadata=False)
    # In an event it has a subtype that the same message has nowhere else.
    event |= {"subtype": "file_share"} if event.get("files") and not message.subtype else {}
    return event | {"channel": channel.id, "event_ts": message.ts, "channel_type": channel.kind}


def _tell_bot(workspace: Workspace, channel: Channel, event: Json) -> None:
    if BOT_USER in channel.members:
        plural = {"channel": "channels", "group": "groups", "im": "im"}[channel.kind]
        workspace.event(f"message.{plural}", event)


def add(workspace: Workspace, channel: Channel, message: Message) -> Message:
    """Store a new message, join it to its thread, tell everyone."""
    channel.messages[message.ts] = message
    message.called = people_called(workspace, channel, message)
    if message.is_reply and message.thread_ts in channel.messages:
        parent = channel.messages[message.thread_ts]
        parent.replies.append(message.ts)
        if message.user not in parent.reply_users:
            parent.reply_users.append(message.user)
        workspace.changed("message", channel.id, parent.ts)
    if message.in_channel:
        channel.last_read[message.user] = message.ts
    workspace.changed("message", channel.id, message.ts)
    workspace.changed("channel", channel.id)
    _tell_bot(workspace, channel, message_event(channel, message))
    return message


def say(workspace: Workspace, channel: Channel, user: str, text: str, thread_ts: str | None = None) -> Message:
    """A person's message; mentioning the bot sends app_mention too."""
    message = Message(channel.id, workspace.next_ts(), user, text, thread_ts=thread_ts)
    add(workspace, channel, message)
    if f"<@{BOT_USER}>" in text and BOT_USER in channel.members and not channel.is_im:
        event = {"type": "app_mention", "user": user, "text": text, "ts": message.ts, "team": TEAM_ID}
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        workspace.event("app_mention", event | thread | {"channel": channel.id, "event_ts": message.ts})
    return message


def announce(workspace: Workspace, channel: Channel, user: str, subtype: str, text: str, **extra: object) -> Message:
    """A line that Slack writes itself, such as channel_join."""
    bot_id = BOT_ID if user == BOT_USER else None
    message = Message(channel.id, workspace.next_ts(), user, text, bot_id=bot_id, subtype=subtype, extra=dict(extra))
    return add(workspace, channel, message)


def find(channel: Channel, ts: str) -> Message:
    """A message of the channel; `message_not_found`."""
    if message := channel.messages.get(ts):
        return message
    raise SlackError("message_not_found")


def edited(workspace: Workspace, channel: Channel, message: Message, before: Json) -> None:
    """Tell everyone that a message has been changed; `before` is how it was."""
    workspace.changed("message", channel.id, message.ts)
    shown = shown_in(channel, message, with_metadata=False)
    event: Json = {"type": "message", "subtype": "message_changed", "hidden": True, "message": shown}
    ts = workspace.next_ts()
    event |= {"previous_message": before, "channel": channel.id, "ts": ts, "event_ts": ts}
    _tell_bot(workspace, channel, event | {"channel_type": channel.kind})


def delete(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Take a message away; of a thread's parent a tombstone stays."""
    before = message_object(message, with_metadata=False)
    channel.pins = [pin for pin in channel.pins if pin["ts"] != message.ts]
    if message.replies:
        _bury(channel, message)
        workspace.changed("message", channel.id, message.ts)
    else:
        _remove(workspace, channel, message)
    workspace.changed("channel", channel.id)
    ts = workspace.next_ts()
    event: Json = {"type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": before["ts"]}
    event |= {"previous_message": before, "channel": channel.id, "ts": ts, "event_ts": ts}
    _tell_bot(workspace, channel, event | {"channel_type": channel.kind})


def _bury(channel: Channel, message: Message) -> None:
    channel.messages[message.ts] = Message(
        channel.id,
        message.ts,
        "USLACKBOT",
        "This message was deleted.",
        subtype="tombstone",
        replies=message.replies,
        reply_users=message.reply_users,
        extra={"hidden": True},
    )


def _remove(workspace: Workspace, channel: Channel, message: Message) -> None:
    del channel.messages[message.ts]
    workspace.changed("message_deleted", channel.id, message.ts)
    parent = channel.messages.get(message.thread_ts or "")
    if parent and message.ts in parent.replies:
        parent.replies.remove(message.ts)
        parent.reply_users = list(dict.fromkeys(channel.messages[ts].user for ts in parent.replies))
        workspace.changed("message", channel.id, parent.ts)


def _reaction_event(kind: str, user: str, name: str, message: Message) -> Json:
    item = {"type": "message", "channel": message.channel, "ts": message.ts}
    return {"type": kind, "user": user, "reaction": name, "item_user": message.user, "item": item}


def react(workspace: Workspace, channel: Channel, user: str, ts: str, name: str) -> None:
    """Add a reaction; `already_reacted`."""
    message = find(channel, ts)
    users = message.reactions.get(name, [])
    if user in users:
        raise SlackError("already_reacted")
    message.reactions[name] = [*users, user]
    workspace.changed("message", channel.id, ts)
    if BOT_USER in channel.members:
        workspace.event("reaction_added", _reaction_event("reaction_added", user, name, message))


def unreact(workspace: Workspace, channel: Channel, user: str, ts: str, name: str) -> None:
    """Take a reaction back; `no_reaction`."""
    message = find(channel, ts)
    if user not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    message.reactions[name].remove(user)
    if not message.reactions[name]:
        del message.reactions[name]
    workspace.changed("message", channel.id, ts)
    if BOT_USER in channel.members:
        workspace.event("reaction_removed", _reaction_event("reaction_removed", user, name, message))


def _pin_event(kind: str, user: str, channel: Channel, message: Message) -> Json:
    item = {"type": "message", "channel": channel.id, "message": message_object(message, with_metadata=False)}
    return {"type": kind, "user": user, "channel_id": channel.id, "item": item, "item_user": message.user}


def pin(workspace: Workspace, channel: Channel, user: str, ts: str) -> None:
    """Pin a message; Slack writes a line about it."""
    message = find(channel, ts)
    if channel.pin_of(ts):
        raise SlackError("already_pinned")
    if len(channel.pins) >= 100:
        raise SlackError("too_many_pins")
    channel.pins.insert(0, {"ts": ts, "by": user, "created": workspace.today()})
    item = {"type": "message", "channel": channel.id, "ts": ts}
    text = f"<@{user}> pinned a message to this channel."
    announce(workspace, channel, user, "pinned_item", text, item_type="C", item=item)
    workspace.changed("message", channel.id, ts)
    if BOT_USER in channel.members:
        workspace.event("pin_added", _pin_event("pin_added", user, channel, message))


def unpin(workspace: Workspace, channel: Channel, user: str, ts: str) -> None:
    """Take a pin away; `no_pin`."""
    message = find(channel, ts)
    found = channel.pin_of(ts)
    if not found:
        raise SlackError("no_pin")
    channel.pins.remove(found)
    workspace.changed("channel", channel.id)
    if BOT_USER in channel.members:
        workspace.event("pin_removed", _pin_event("pin_removed", user, channel, message))
