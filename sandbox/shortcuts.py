"""Shortcuts: global ones, which know no channel, and those in the menu of a message."""

from sandbox import payload
from sandbox.channel import Channel, shown_in
from sandbox.errors import SlackError, invalid_arguments
from sandbox.identity import Json
from sandbox.posting import find
from sandbox.world import World

MOST = 10
NAME_LIMIT, DESCRIPTION_LIMIT, CALLBACK_LIMIT = 24, 150, 255
_TROUBLE = "The app did not respond to your shortcut."


def checked(shortcuts: object) -> list[Json]:
    """As an app manifest may declare them; `invalid_arguments` with the first thing that is wrong."""
    if not isinstance(shortcuts, list) or len(shortcuts) > MOST:
        raise invalid_arguments(f"shortcuts must be a list of at most {MOST}")
    found = [_checked(one) for one in shortcuts]
    if len({(one["type"], one["callback_id"]) for one in found}) < len(found):
        raise invalid_arguments("two shortcuts have the same callback_id")
    return found


def _checked(shortcut: object) -> Json:
    wanted = {"name": NAME_LIMIT, "type": 7, "callback_id": CALLBACK_LIMIT, "description": DESCRIPTION_LIMIT}
    if not isinstance(shortcut, dict) or set(shortcut) != set(wanted):
        raise invalid_arguments(f"a shortcut has {', '.join(wanted)}")
    for key, most in wanted.items():
        if not isinstance(shortcut[key], str) or not 0 < len(shortcut[key]) <= most:
            raise invalid_arguments(f"{key} of a shortcut must have 1 to {most} characters")
    if shortcut["type"] not in ("global", "message"):
        raise invalid_arguments("the type of a shortcut is global or message")
    return shortcut


def _check_offered(world: World, kind: str, callback_id: str) -> None:
    if (kind, callback_id) not in {(one["type"], one["callback_id"]) for one in world.offered_shortcuts}:
        raise SlackError("no_such_shortcut")


async def run_global(world: World, user: str, callback_id: str) -> Json:
    """Send a global shortcut: no channel and no response_url, only a trigger."""
    _check_offered(world, "global", callback_id)
    wanted = payload.bare(world, user, "shortcut") | {"callback_id": callback_id}
    del wanted["user"]["name"]
    wanted |= {"action_ts": world.workspace.next_ts(), "trigger_id": world.triggers.issue(user)}
    payload.check_answered(world, user, await payload.send(world, wanted), _TROUBLE)
    return {}


async def run_message(world: World, user: str, channel: Channel, ts: str, callback_id: str) -> Json:
    """Send a message shortcut. Its response_url works in channels that the bot is not in, and replaces nothing."""
    _check_offered(world, "message", callback_id)
    message = find(channel, ts)
    url, _ = world.hooks.issue(user, channel.id)
    wanted = payload.bare(world, user, "message_action") | {"callback_id": callback_id}
    wanted |= {"action_ts": world.workspace.next_ts(), "trigger_id": world.triggers.issue(user)}
    wanted |= {"channel": {"id": channel.id, "name": payload.channel_name(channel)}, "response_url": url}
    wanted |= {"message_ts": message.ts, "message": shown_in(channel, message, with_metadata=False)}
    payload.check_answered(world, user, await payload.send(world, wanted), _TROUBLE)
    return {}
