"""Asking Slack whether an uncertain call was done after all, before anything is repeated."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.engine.effectors.base import Call, Look
from bot.slack import Ok, Outcome, Refused, SlackGateway

# Slack's clock and ours may differ by this much. Looking too far back costs a page or two of a history; not far enough
# back, and what is there is sent again.
_MARGIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Found:
    """Slack has it: what the call would have answered."""

    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Absent:
    """Slack was asked and does not have it."""


@dataclass(frozen=True, slots=True)
class CouldNotLook:
    """Slack could not be asked: nothing may be repeated yet."""

    outcome: Outcome


LookResult = Found | Absent | CouldNotLook


async def look(gateway: SlackGateway, call: Call, since: datetime, our_user: str, taken: frozenset[str]) -> LookResult:
    """Look for what `call`, first tried at `since`, may have made. `taken` are channels that incidents already have."""
    if call.look is Look.HISTORY:
        return await _in_history(gateway, call, since)
    if call.look is Look.OWN_CHANNELS:
        return await _among_channels(gateway, call, since, our_user, taken)
    if call.look is Look.SCHEDULED:
        return await _among_scheduled(gateway, call)
    if call.look is Look.FILES:
        return await _among_files(gateway, call, since)
    if call.look is Look.POSTED:
        return await _posted_by_timer(gateway, call)
    return await _among_bookmarks(gateway, call)


async def copies(gateway: SlackGateway, channel: str, marker: str, since: datetime, thread: str = "") -> Outcome:
    """The messages of ours that carry `marker`, the oldest first, as `messages`; of a thread when given."""
    arguments = {"channel": channel, "oldest": _ts(since - _MARGIN), "include_all_metadata": True, "limit": 200}
    arguments |= {"ts": thread} if thread else {}
    # A channel's history does not show what is said in its threads.
    method = "conversations.replies" if thread else "conversations.history"
    outcome = await gateway.pages(method, arguments, "messages")
    if not isinstance(outcome, Ok):
        return outcome
    ours = [message for message in outcome.data["messages"] if _marker(message) == marker]
    return Ok({"messages": sorted(ours, key=lambda message: tuple(map(int, message["ts"].split("."))))})


async def sweep(
    gateway: SlackGateway, channel: str, marker: str, since: datetime, known: Collection[str], thread: str = ""
) -> Outcome:
    """Delete all copies of a message but the one that will be edited, whose `ts` is `known`, or else the oldest."""
    outcome = await copies(gateway, channel, marker, since, thread)
    if not isinstance(outcome, Ok):
        return outcome
    found = [message["ts"] for message in outcome.data["messages"]]
    kept = [ts for ts in found if ts in known] or found[:1]
    for extra in (ts for ts in found if ts not in kept):
        deleted = await gateway.call("chat.delete", {"channel": channel, "ts": extra})
        if not isinstance(deleted, Ok) and not (isinstance(deleted, Refused) and deleted.error == "message_not_found"):
            return deleted
    return Ok({})


async def _in_history(gateway: SlackGateway, call: Call, since: datetime) -> LookResult:
    channel = await _channel_id(gateway, str(call.arguments["channel"]))
    if not isinstance(channel, str):
        return CouldNotLook(channel)
    thread = str(call.arguments.get("thread_ts", ""))
    outcome = await copies(gateway, channel, call.marker, since, thread)
    if isinstance(outcome, Refused) and outcome.error == "not_in_channel":
        await gateway.call("conversations.join", {"channel": channel})
        outcome = await copies(gateway, channel, call.marker, since, thread)
    if not isinstance(outcome, Ok):
        return CouldNotLook(outcome)
    found = outcome.data["messages"]
    return Found({"channel": channel, "ts": found[0]["ts"]}) if found else Absent()


async def _channel_id(gateway: SlackGateway, target: str) -> str | Outcome:
    """The id behind what a post may be addressed to: a channel, a person, or a name."""
    if target[0] in "CGD":
        return target
    if target[0] in "UW":
        outcome = await gateway.call("conversations.open", {"users": target})
        return str(outcome.data["channel"]["id"]) if isinstance(outcome, Ok) else outcome
    found = await find_channel(gateway, target)
    if isinstance(found, Ok):
        return str(found.data["channel"]["id"])
    return found


async def channel_info(gateway: SlackGateway, wanted: str) -> Outcome:
    """What Slack says of a channel that settings name, by `#name` or by its ID, as `channel`."""
    if wanted[0] in "CG" and wanted.isupper():
        return await gateway.call("conversations.info", {"channel": wanted})
    return await find_channel(gateway, wanted)


async def find_channel(gateway: SlackGateway, name: str) -> Outcome:
    """The channel of that name, public or with us in it, as `channel`; refused as channel_not_found without one."""
    for method, kind in (("conversations.list", "public_channel"), ("users.conversations", "private_channel")):
        arguments = {"exclude_archived": True, "types": kind, "limit": 200}
        outcome = await gateway.pages(method, arguments, "channels")
        if not isinstance(outcome, Ok):
            return outcome
        if named := [channel for channel in outcome.data["channels"] if channel["name"] == name.lstrip("#")]:
            # Of our own channels Slack does not say that we are in them.
            return Ok({"channel": {"is_member": kind == "private_channel", **named[0]}})
    return Refused("channel_not_found")


async def _among_channels(
    gateway: SlackGateway, call: Call, since: datetime, our_user: str, taken: frozenset[str]
) -> LookResult:
    arguments = {"types": "public_channel,private_channel", "exclude_archived": True, "limit": 200}
    outcome = await gateway.pages("users.conversations", arguments, "channels")
    if not isinstance(outcome, Ok):
        return CouldNotLook(outcome)
    earliest = (since - _MARGIN).timestamp()
    for channel in outcome.data["channels"]:
        ours = channel.get("creator") == our_user and channel["name"] == call.marker
        if ours and channel.get("created", 0) >= earliest and channel["id"] not in taken:
            return Found({"channel": channel})
    return Absent()


async def _among_bookmarks(gateway: SlackGateway, call: Call) -> LookResult:
    outcome = await gateway.call("bookmarks.list", {"channel_id": call.arguments["channel_id"]})
    if not isinstance(outcome, Ok):
        return CouldNotLook(outcome)
    found = [bookmark for bookmark in outcome.data["bookmarks"] if bookmark.get("link") == call.marker]
    return Found({"bookmark": found[0]}) if found else Absent()


async def _among_scheduled(gateway: SlackGateway, call: Call) -> LookResult:
    """What Slack keeps for later has no metadata: it is known by the ref in its text."""
    channel = await _channel_id(gateway, str(call.arguments["channel"]))
    if not isinstance(channel, str):
        return CouldNotLook(channel)
    arguments = {"channel": channel, "limit": 100}
    outcome = await gateway.pages("chat.scheduledMessages.list", arguments, "scheduled_messages")
    if not isinstance(outcome, Ok):
        return CouldNotLook(outcome)
    found = [one for one in outcome.data["scheduled_messages"] if call.marker in str(one.get("text"))]
    return Found({"channel": channel, "scheduled_message_id": found[0]["id"]}) if found else Absent()


async def _among_files(gateway: SlackGateway, call: Call, since: datetime) -> LookResult:
    """In the history, by the name of the file: a message that shows one has no metadata."""
    channel = str(call.arguments["channel"])
    arguments = {"channel": channel, "oldest": _ts(since - _MARGIN), "limit": 200}
    outcome = await gateway.pages("conversations.history", arguments, "messages")
    if not isinstance(outcome, Ok):
        return CouldNotLook(outcome)
    names = [(message, file.get("name")) for message in outcome.data["messages"] for file in message.get("files") or []]
    found = [message for message, name in names if name == call.marker and message.get("bot_id")]
    return Found({"channel": channel, "ts": found[-1]["ts"]}) if found else Absent()


async def _posted_by_timer(gateway: SlackGateway, call: Call) -> LookResult:
    """In the history, by the ref in its text or block_id."""
    channel = await _channel_id(gateway, str(call.arguments["channel"]))
    if not isinstance(channel, str):
        return CouldNotLook(channel)
    oldest = datetime.fromtimestamp(call.arguments["since"], UTC) - _MARGIN
    arguments = {"channel": channel, "oldest": _ts(oldest), "limit": 200}
    outcome = await gateway.pages("conversations.history", arguments, "messages")
    if not isinstance(outcome, Ok):
        return CouldNotLook(outcome)
    found = [message for message in outcome.data["messages"] if _carries(message, call.marker)]
    return Found({"channel": channel, "ts": found[-1]["ts"]}) if found else Absent()


def _carries(message: Mapping[str, Any], ref: str) -> bool:
    """Whether a bot's message has this ref: anybody may have quoted it."""
    named = any(block.get("block_id") == ref for block in message.get("blocks") or [])
    return bool(message.get("bot_id")) and (named or ref in str(message.get("text")))


def _marker(message: Mapping[str, Any]) -> str | None:
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return payload.get("key")


def _ts(when: datetime) -> str:
    return f"{when.timestamp():.6f}"
