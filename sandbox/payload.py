"""What all interaction payloads have in common, and their way to the bot."""

from sandbox.channel import Channel
from sandbox.errors import SlackError
from sandbox.identity import APP_ID, TEAM_DOMAIN, TEAM_ID, Json
from sandbox.socket_mode import Ack
from sandbox.world import World


def base(world: World, user: str, kind: str) -> Json:
    """The fields of every payload but a shortcut's, which has no `api_app_id`."""
    return bare(world, user, kind) | {"api_app_id": APP_ID}


def bare(world: World, user: str, kind: str) -> Json:
    """Kind, workspace and person."""
    person = world.workspace.people[user]
    return {
        "type": kind,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "user": {"id": user, "username": person.handle, "name": person.handle, "team_id": person.team_id},
        "token": "sandbox",
        "enterprise": None,
        "is_enterprise_install": False,
    }


def channel_name(channel: Channel) -> str:
    """Payloads don't tell the names of private channels."""
    return "directmessage" if channel.is_im else "privategroup" if channel.is_private else channel.name


async def send(world: World, payload: Json) -> Ack:
    """To the bot; it can be sent once more by the control `redeliver`."""
    world.last_interaction = payload
    return await world.app.send("interactive", payload)


def check_answered(world: World, user: str, ack: Ack, trouble: str) -> None:
    """Without an ack the person sees `trouble`, and the act has failed."""
    if ack.outcome != "acked":
        world.toast(user, trouble, "error")
        raise SlackError(ack.failure)
