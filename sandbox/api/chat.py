"""chat.*"""

from collections.abc import Mapping

from sandbox.api.call import Call, Function, missing_scope
from sandbox.channel import Channel, shown_in
from sandbox.errors import SlackError
from sandbox.hooks import checked_message, show_ephemeral
from sandbox.identity import BOT_ID, BOT_USER, TEAM_DOMAIN, Json
from sandbox.message import Message, message_object
from sandbox.posting import add, delete, edited, find

POST_LIMIT = 40_000
EDIT_LIMIT = 4_000
MARKDOWN_LIMIT = 12_000
METADATA_LIMIT = 8_000
_CUSTOM = ("username", "icon_emoji", "icon_url")


def target(call: Call) -> Channel:
    """Where to post: a channel's id or name, or a person's id for the direct message."""
    wanted, workspace = call.text("channel"), call.workspace
    person = workspace.people.get(wanted)
    if person is not None:
        # The conversation with somebody who has gone is still there, and takes messages that nobody will read.
        known = workspace.im_known(BOT_USER, person.id)
        if person.id == BOT_USER or (person.deleted and not known):
            raise SlackError("channel_not_found")
        return known or workspace.im_between(BOT_USER, person.id)
    channel = workspace.channels.get(wanted) or workspace.channel_named(wanted.removeprefix("#"))
    if channel is None or not call.visible(channel):
        raise SlackError("channel_not_found")
    return channel


def _check_may_post(call: Call, channel: Channel) -> None:
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT_USER not in channel.members and "chat:write.public" not in call.world.scopes:
        raise SlackError("not_in_channel")
    if any(call.has(name) for name in _CUSTOM) and "chat:write.customize" not in call.world.scopes:
        raise missing_scope(call.world, ["chat:write.customize"])


def content(call: Call) -> Json:
    """Text, blocks and attachments as sent, checked; Slack's error if they can't be shown."""
    body: Json = {
        "text": call.text("text"),
        "blocks": call.json("blocks", "invalid_blocks_format"),
        "attachments": call.json("attachments", "invalid_attachments"),
    }
    if call.text("markdown_text"):
        if body["text"] or body["blocks"]:
            raise SlackError("markdown_text_conflict")
        body["text"] = call.text("markdown_text")
        if len(body["text"]) > MARKDOWN_LIMIT:
            raise SlackError("msg_too_long")
    if body["attachments"] is not None and not isinstance(body["attachments"], list):
        raise SlackError("invalid_attachments")
    return checked_message(body)


def metadata_of(call: Call) -> Json | None:
    """The metadata as sent, checked."""
    metadata = call.json("metadata", "invalid_metadata_format")
    if not metadata:
        return None
    if not isinstance(metadata, Mapping):
        raise SlackError("invalid_metadata_format")
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload", {})
    if not isinstance(event_type, str) or not isinstance(payload, Mapping):
        raise SlackError("invalid_metadata_schema")
    if len(str(payload)) > METADATA_LIMIT:
        raise SlackError("metadata_too_large")
    return {"event_type": event_type, "event_payload": dict(payload)}


def _thread(call: Call, channel: Channel) -> str | None:
    ts = call.text("thread_ts")
    if not ts:
        return None
    parent = channel.messages.get(ts)
    if parent and parent.is_system and parent.subtype != "tombstone":
        raise SlackError("cannot_reply_to_message")
    # Slack accepts a thread_ts that it does not know; the reply then hangs under nothing.
    return (parent.thread_ts or parent.ts) if parent else ts


def post_message(call: Call) -> Json:
    """Post. A text that is too long is cut, with a warning."""
    channel = target(call)
    _check_may_post(call, channel)
    shown = content(call)
    cut = len(shown["text"]) > POST_LIMIT
    shown["text"] = shown["text"][:POST_LIMIT]
    message = Message(channel.id, call.workspace.next_ts(), BOT_USER, bot_id=BOT_ID, **shown)
    message.thread_ts, message.metadata = _thread(call, channel), metadata_of(call)
    if message.thread_ts and call.flag("reply_broadcast"):
        message.subtype = "thread_broadcast"
    if custom := {name: call.text(name) for name in _CUSTOM if call.text(name)}:
        message.subtype = message.subtype or "bot_message"
        message.extra = _customized(custom)
    add(call.workspace, channel, message)
    warnings = {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}} if cut else {}
    return {"channel": channel.id, "ts": message.ts, "message": shown_in(channel, message)} | warnings


def _customized(custom: dict[str, str]) -> Json:
    icons = {key: custom[name] for name, key in (("icon_emoji", "emoji"), ("icon_url", "image_48")) if name in custom}
    return ({"username": custom["username"]} if "username" in custom else {}) | ({"icons": icons} if icons else {})


def _own(call: Call, refusal: str) -> tuple[Channel, Message]:
    channel = call.workspace.channels.get(call.text("channel"))
    if channel is None or not call.visible(channel):
        raise SlackError("channel_not_found")
    message = find(channel, call.text("ts"))
    if message.user != BOT_USER or message.is_system:
        raise SlackError(refusal)
    return channel, message


def update(call: Call) -> Json:
    """Change an own message: text alone drops the blocks, no text keeps them; metadata stays unless given."""
    channel, message = _own(call, "cant_update_message")
    if channel.is_archived:
        raise SlackError("is_archived")
    if len(call.text("text")) > EDIT_LIMIT:
        raise SlackError("msg_too_long")
    before = shown_in(channel, message, with_metadata=False)
    _change(call, message)
    if call.has("metadata"):
        message.metadata = metadata_of(call)
    if message.text != before["text"]:
        message.edited = {"user": BOT_USER, "ts": call.workspace.next_ts()}
    edited(call.workspace, channel, message, before)
    shown = message_object(message)
    del shown["ts"]
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def _change(call: Call, message: Message) -> None:
    says = [name for name in ("text", "markdown_text", "blocks", "attachments") if call.has(name)]
    if call.flag("reply_broadcast"):
        if says:
            raise SlackError("no_dual_broadcast_content_update")
        if not message.is_reply:
            raise SlackError("cant_broadcast_message")
        message.subtype = "thread_broadcast"
    elif not says and not call.has("metadata") and not call.has("file_ids"):
        raise SlackError("no_text")
    if not says:
        return
    new_text = call.has("text") or call.has("markdown_text")
    merged = dict(call.arguments)
    if not new_text:
        merged["text"] = message.text
        for name, kept in (("blocks", message.blocks), ("attachments", message.attachments)):
            merged.setdefault(name, kept)
    shown = content(Call(call.world, call.method, merged))
    message.text, message.blocks, message.attachments = shown["text"], shown["blocks"], shown["attachments"]


def remove(call: Call) -> Json:
    """Delete an own message."""
    channel, message = _own(call, "cant_delete_message")
    delete(call.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(call: Call) -> Json:
    """Show something to one person in a channel."""
    channel = target(call)
    _check_may_post(call, channel)
    person = call.workspace.people.get(call.text("user"))
    if person is None or person.deleted or person.id not in channel.members:
        raise SlackError("user_not_in_channel")
    message = Message(channel.id, call.workspace.next_ts(), BOT_USER, bot_id=BOT_ID, **content(call))
    message.thread_ts, message.only_for = _thread(call, channel), person.id
    show_ephemeral(call.workspace, message)
    return {"message_ts": message.ts}


def schedule(call: Call) -> Json:
    """Post later."""
    channel = target(call)
    _check_may_post(call, channel)
    post_at = call.text("post_at").partition(".")[0]
    if not post_at.isdigit():
        raise SlackError("invalid_time")
    later = content(call) | {"thread_ts": _thread(call, channel), "metadata": metadata_of(call)}
    one = call.world.schedule.add(channel.id, int(post_at), later)
    shown: Json = {"text": later["text"], "bot_id": BOT_ID, "type": "delayed_message"}
    shown |= {"blocks": later["blocks"]} if later["blocks"] else {}
    return {"channel": channel.id, "scheduled_message_id": one.id, "post_at": one.post_at, "message": shown}


def delete_scheduled(call: Call) -> Json:
    """Forget a message for later."""
    call.world.schedule.remove(target(call).id, call.text("scheduled_message_id"))
    return {}


def list_scheduled(call: Call) -> Json:
    """What is to come, soonest first."""
    if call.text("channel") and call.text("channel") not in call.workspace.channels:
        raise SlackError("invalid_channel")
    wanted = call.text("channel")
    oldest, latest = call.number("oldest", 0), call.number("latest", 2**40)
    found = [one for one in call.world.schedule.pending(wanted) if oldest <= one.post_at <= latest]
    page, metadata = call.page(found, 100, 100)
    shown = [
        {
            "id": one.id,
            "channel_id": one.channel,
            "post_at": one.post_at,
            "date_created": one.date_created,
            "text": one.message["text"],
        }
        for one in page
    ]
    return {"scheduled_messages": shown, "response_metadata": metadata}


def permalink(channel: str, message: Message) -> str:
    """The address of a message."""
    link = f"https://{TEAM_DOMAIN}.slack.com/archives/{channel}/p{message.ts.replace('.', '')}"
    return f"{link}?thread_ts={message.thread_ts}&cid={channel}" if message.is_reply else link


def get_permalink(call: Call) -> Json:
    """The address of a message."""
    channel = call.channel()
    return {"channel": channel.id, "permalink": permalink(channel.id, find(channel, call.text("message_ts")))}


FUNCTIONS: dict[str, Function] = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": remove,
    "chat.postEphemeral": post_ephemeral,
    "chat.scheduleMessage": schedule,
    "chat.deleteScheduledMessage": delete_scheduled,
    "chat.scheduledMessages.list": list_scheduled,
    "chat.getPermalink": get_permalink,
}
