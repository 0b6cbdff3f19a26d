"""conversations.* that read."""

from sandbox.api.call import Call, Function
from sandbox.channel import Channel, channel_object, shown_in
from sandbox.errors import SlackError
from sandbox.identity import BOT_USER, Json
from sandbox.membership import check_member
from sandbox.message import Message

_KINDS = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
_BEGINNING, _END = "0", "9999999999.999999"


def channel_types(call: Call) -> set[str]:
    """The scope families that `types` asks for; each needs its scope."""
    wanted = call.names("types") or ["public_channel"]
    if not set(wanted) <= _KINDS.keys():
        raise SlackError("invalid_types")
    kinds = {_KINDS[name] for name in wanted}
    for kind in kinds:
        call.need_scope_for(kind)
    return kinds


def channels_list(call: Call) -> Json:
    """All channels that the bot may know of."""
    kinds = channel_types(call)
    found = [one for one in call.workspace.channels.values() if call.visible(one) and one.scope_family in kinds]
    # Slack filters after paging, so a page may hold fewer than asked for.
    page, metadata = call.page(found, 1000, 100)
    hide = call.flag("exclude_archived")
    open_ones = [channel for channel in page if not (hide and channel.is_archived)]
    shown = [listed(call, one) | ({} if one.is_im else {"num_members": len(one.members)}) for one in open_ones]
    return {"channels": shown, "response_metadata": metadata}


def listed(call: Call, channel: Channel) -> Json:
    """As lists show it: of a direct message they say whether its other end has gone."""
    shown = channel_object(channel, BOT_USER)
    if channel.is_im:
        shown["is_user_deleted"] = call.workspace.people[channel.other(BOT_USER)].deleted
    return shown


def info(call: Call) -> Json:
    """One conversation."""
    channel = call.channel()
    shown = channel_object(channel, BOT_USER)
    if BOT_USER in channel.members:
        shown["last_read"] = channel.last_read.get(BOT_USER, "0000000000.000000")
    if call.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def members(call: Call) -> Json:
    """Who is in it."""
    page, metadata = call.page(call.channel().members, 999, 100)
    return {"members": page, "response_metadata": metadata}


def _range(call: Call) -> tuple[tuple[int, int], tuple[int, int]]:
    return _moment(call, "oldest", _BEGINNING), _moment(call, "latest", _END)


def _moment(call: Call, name: str, default: str) -> tuple[int, int]:
    text = call.text(name) or default
    seconds, _, micros = text.partition(".")
    if not seconds.isdigit() or (micros and not micros.isdigit()):
        raise SlackError(f"invalid_ts_{name}")
    return int(seconds), int(micros[:6].ljust(6, "0"))


def _in_range(call: Call, messages: list[Message]) -> list[Message]:
    oldest, latest = _range(call)
    inclusive = call.flag("inclusive")

    def within(message: Message) -> bool:
        seconds, _, micros = message.ts.partition(".")
        moment = int(seconds), int(micros)
        return oldest <= moment <= latest if inclusive else oldest < moment < latest

    return [message for message in messages if within(message)]


def _shown(call: Call, channel: Channel, message: Message) -> Json:
    shown = shown_in(channel, message, with_metadata=call.flag("include_all_metadata"))
    if channel.pin_of(message.ts):
        shown["pinned_to"] = [channel.id]
    return shown


def _answer(call: Call, channel: Channel, messages: list[Message], metadata: Json) -> Json:
    more = bool(metadata["next_cursor"])
    answer: Json = {"messages": [_shown(call, channel, message) for message in messages], "has_more": more}
    return answer | ({"response_metadata": metadata} if more else {})


def history(call: Call) -> Json:
    """Newest first, without thread replies. The bot must be in the channel."""
    channel = call.channel()
    check_member(channel, BOT_USER)
    found = _in_range(call, [message for message in reversed(channel.messages.values()) if message.in_channel])
    page, metadata = call.page(found, 999, 100)
    pins = {"pin_count": len(channel.pins), "channel_actions_ts": None, "channel_actions_count": 0}
    return _answer(call, channel, page, metadata) | pins


def replies(call: Call) -> Json:
    """A thread, its parent first."""
    channel = call.channel()
    check_member(channel, BOT_USER)
    first = channel.messages.get(call.text("ts"))
    if first is None:
        raise SlackError("thread_not_found")
    parent = channel.messages.get(first.thread_ts or first.ts, first)
    thread = [channel.messages[ts] for ts in parent.replies]
    page, metadata = call.page(_in_range(call, thread), 1000, 1000)
    return _answer(call, channel, [parent, *page], metadata)


FUNCTIONS: dict[str, Function] = {
    "conversations.list": channels_list,
    "conversations.info": info,
    "conversations.members": members,
    "conversations.history": history,
    "conversations.replies": replies,
}
