"""Slash commands: from the message box to the bot and back."""

from sandbox.channel import Channel
from sandbox.errors import SlackError
from sandbox.hooks import Hook, checked_message
from sandbox.identity import APP_ID, TEAM_DOMAIN, TEAM_ID, Json
from sandbox.message import live_message
from sandbox.payload import channel_name
from sandbox.posting import say
from sandbox.socket_mode import Ack
from sandbox.typed_text import linked
from sandbox.world import World


def _payload(world: World, user: str, channel: Channel, command: str, text: str, url: str) -> Json:
    return {
        "token": "sandbox",
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user,
        "user_name": world.workspace.people[user].handle,
        "command": command,
        "text": linked(world.workspace, text, labels=True),
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": world.triggers.issue(user),
    }


async def run(world: World, user: str, channel: Channel, typed: str) -> Json:
    """Send a command and show the answer. `{"reply": …}`, or an error if the bot did not answer in time."""
    command, text = [*typed.strip().split(None, 1), ""][:2]
    if command not in {one["command"] for one in world.commands}:
        _fail(world, user, f"{command} is not a valid command.")
        raise SlackError("invalid_command")
    url, hook = world.hooks.issue(user, channel.id)
    payload = _payload(world, user, channel, command, text, url)
    world.last_command = payload
    ack = await world.app.send("slash_commands", payload)
    if ack.outcome != "acked":
        error = ack.failure
        _fail(world, user, f"{command} failed with the error “{error}”.")
        raise SlackError(error, reply=None)
    return {"reply": _show(world, hook, typed, ack)}


def _fail(world: World, user: str, text: str) -> None:
    world.toast(user, text, "error")


def _show(world: World, hook: Hook, typed: str, ack: Ack) -> Json | None:
    body = ack.payload
    if not body or not isinstance(body, dict):
        return None
    channel = world.workspace.channels.get(hook.channel)
    if channel is None:
        return None
    if body.get("response_type") == "in_channel":
        say(world.workspace, channel, hook.user, linked(world.workspace, typed, labels=False))
    if not any(body.get(key) for key in ("text", "blocks", "attachments")):
        return None
    try:
        message = checked_message(body)
    except SlackError as error:
        _fail(world, hook.user, f"The app's answer can't be shown: {error.error}.")
        raise
    return live_message(world.hooks.answer(hook, message, body))
