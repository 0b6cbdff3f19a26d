"""pins.*, reactions.* and bookmarks.*"""

from sandbox import posting
from sandbox.api.call import Call, Function
from sandbox.api.chat import permalink
from sandbox.channel import Channel
from sandbox.errors import SlackError
from sandbox.identity import APP_ID, BOT_USER, TEAM_ID, Json
from sandbox.membership import check_member
from sandbox.message import message_object

MOST_BOOKMARKS = 100
_WITH_REACTIONS = frozenset("app_id blocks bot_id bot_profile permalink reactions team text ts type user".split())
_EDITABLE = ("title", "link", "emoji")


def _item(call: Call, name: str = "timestamp") -> tuple[Channel, str]:
    channel, ts = call.channel(), call.text(name)
    if not ts:
        raise SlackError("no_item_specified")
    if not ts.replace(".", "").isdigit():
        raise SlackError("bad_timestamp")
    return channel, ts


def add_pin(call: Call) -> Json:
    """Pin a message."""
    channel, ts = _item(call)
    check_member(channel, BOT_USER)
    if channel.is_archived:
        raise SlackError("is_archived")
    posting.pin(call.workspace, channel, BOT_USER, ts)
    return {}


def remove_pin(call: Call) -> Json:
    """Unpin a message."""
    channel, ts = _item(call)
    check_member(channel, BOT_USER)
    posting.unpin(call.workspace, channel, BOT_USER, ts)
    return {}


def list_pins(call: Call) -> Json:
    """Pinned messages, the newest pin first."""
    channel = call.channel()
    return {"items": [_pin(channel, pin) for pin in channel.pins if pin["ts"] in channel.messages]}


def _pin(channel: Channel, pin: Json) -> Json:
    message = channel.messages[pin["ts"]]
    shown = message_object(message, with_metadata=False)
    shown |= {"permalink": permalink(channel.id, message), "pinned_to": [channel.id]}
    return {
        "type": "message",
        "channel": channel.id,
        "created": pin["created"],
        "created_by": pin["by"],
        "message": shown,
    }


def _reaction(call: Call) -> tuple[Channel, str, str]:
    channel, ts = _item(call)
    name = call.text("name").strip(":")
    if not name:
        raise SlackError("invalid_name")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel, ts, name


def add_reaction(call: Call) -> Json:
    """React."""
    channel, ts, name = _reaction(call)
    check_member(channel, BOT_USER)
    posting.react(call.workspace, channel, BOT_USER, ts, name)
    return {}


def remove_reaction(call: Call) -> Json:
    """Take a reaction back."""
    channel, ts, name = _reaction(call)
    posting.unreact(call.workspace, channel, BOT_USER, ts, name)
    return {}


def get_reactions(call: Call) -> Json:
    """A message with its reactions."""
    channel, ts = _item(call)
    message = posting.find(channel, ts)
    whole = message_object(message, with_metadata=False) | {"permalink": permalink(channel.id, message)}
    shown = {key: value for key, value in whole.items() if key in _WITH_REACTIONS}
    return {"type": "message", "channel": channel.id, "message": shown}


def _bookmarks(call: Call) -> Channel:
    channel = call.channel("channel_id")
    check_member(channel, BOT_USER)
    return channel


def _checked_link(call: Call) -> None:
    if call.has("link") and not call.text("link").startswith(("http://", "https://")):
        raise SlackError("invalid_link")
    if call.text("emoji") and not (call.text("emoji").startswith(":") and call.text("emoji").endswith(":")):
        raise SlackError("invalid_emoji")


def add_bookmark(call: Call) -> Json:
    """A link in the channel's header."""
    channel = _bookmarks(call)
    if call.text("type") != "link":
        raise SlackError("invalid_bookmark_type")
    if not call.text("link"):
        raise SlackError("invalid_link")
    _checked_link(call)
    if len(channel.bookmarks) >= MOST_BOOKMARKS:
        raise SlackError("too_many_bookmarks")
    bookmark: Json = {
        "id": call.workspace.next_id("Bk"),
        "channel_id": channel.id,
        "title": call.text("title"),
        "link": call.text("link"),
        "emoji": call.text("emoji"),
        "icon_url": None,
        "type": "link",
        "entity_id": None,
        "date_created": call.workspace.today(),
        "date_updated": 0,
        "rank": "g",
        "last_updated_by_user_id": BOT_USER,
        "last_updated_by_team_id": TEAM_ID,
        "shortcut_id": None,
        "app_id": APP_ID,
    }
    channel.bookmarks.append(bookmark)
    call.workspace.changed("channel", channel.id)
    return {"bookmark": bookmark}


def _bookmark(call: Call, channel: Channel) -> Json:
    wanted = call.text("bookmark_id")
    found = next((one for one in channel.bookmarks if one["id"] == wanted), None)
    if found is None:
        raise SlackError("not_found")
    return found


def edit_bookmark(call: Call) -> Json:
    """Change what is given."""
    channel = _bookmarks(call)
    bookmark = _bookmark(call, channel)
    _checked_link(call)
    bookmark |= {name: call.text(name) for name in _EDITABLE if call.has(name)}
    bookmark |= {"date_updated": call.workspace.today(), "last_updated_by_user_id": BOT_USER}
    call.workspace.changed("channel", channel.id)
    return {"bookmark": bookmark}


def remove_bookmark(call: Call) -> Json:
    """Take one away."""
    channel = _bookmarks(call)
    channel.bookmarks.remove(_bookmark(call, channel))
    call.workspace.changed("channel", channel.id)
    return {}


FUNCTIONS: dict[str, Function] = {
    "pins.add": add_pin,
    "pins.remove": remove_pin,
    "pins.list": list_pins,
    "reactions.add": add_reaction,
    "reactions.remove": remove_reaction,
    "reactions.get": get_reactions,
    "bookmarks.add": add_bookmark,
    "bookmarks.edit": edit_bookmark,
    "bookmarks.list": lambda call: {"bookmarks": _bookmarks(call).bookmarks},
    "bookmarks.remove": remove_bookmark,
}
