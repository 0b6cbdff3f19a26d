"""What effects ask for that is not one call to Slack."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.calendar_feed import read_calendar
from bot.engine import pushing, uploading
from bot.engine.effectors import base
from bot.engine.effectors.base import Call
from bot.engine.looking import sweep
from bot.slack import Ok, Outcome, SlackGateway


async def errand(gateway: SlackGateway, call: Call, now: datetime, our_user: str, left: float) -> Outcome | None:
    """Do it and say what came of it; None when it is a call like others. `left`: seconds for all but its last call."""
    about = call.arguments
    match call.method:
        case "sweep":
            since = datetime.fromtimestamp(about["since"], UTC)
            return await sweep(gateway, about["channel"], call.marker, since, about["known"], about["thread"])
        case "chat.scheduledMessages.list":
            return await gateway.pages(call.method, about, "scheduled_messages")
        case "conversations.members":
            listed = await gateway.pages(call.method, about, "members")
            others = [one for one in listed.data["members"] if one != our_user] if isinstance(listed, Ok) else []
            return Ok({"members": others}) if isinstance(listed, Ok) else listed
        case "calendar":
            return await read_calendar(gateway, about["url"], now)
        case "response_url":
            return await gateway.respond(about["url"], about["body"])
        case base.UPLOAD:
            return await uploading.upload(gateway, call, left)
        case base.PUSH:
            return await pushing.push(call, left)
    return None


def product(data: Mapping[str, object]) -> dict[str, str]:
    """The message that an answer names, if it names one."""
    channel, ts = data.get("channel"), data.get("ts")
    return {"channel": channel, "ts": ts} if isinstance(channel, str) and isinstance(ts, str) else {}
