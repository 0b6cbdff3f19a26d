"""users.* and dnd.info."""

from sandbox.api.call import Call, Function
from sandbox.api.reads import channel_types, listed
from sandbox.errors import SlackError
from sandbox.identity import BOT_USER, Json
from sandbox.people import Person, user_object


def _shown(call: Call, person: Person) -> Json:
    return user_object(person, call.workspace.clock.now(), "users:read.email" in call.world.scopes)


def _person(call: Call, name: str = "user", default: str = "") -> Person:
    person = call.workspace.people.get(call.text(name, default))
    if person is None:
        raise SlackError("user_not_found")
    return person


def info(call: Call) -> Json:
    """One person."""
    user = _shown(call, _person(call))
    return {"user": user | ({"locale": "en-GB"} if call.flag("include_locale") else {})}


def users_list(call: Call) -> Json:
    """Everyone, the deactivated and bots too."""
    people, metadata = call.page(list(call.workspace.people.values()), 1000, 1000)
    shown = [_shown(call, person) for person in people]
    return {"members": shown, "cache_ts": call.workspace.today(), "response_metadata": metadata}


def lookup_by_email(call: Call) -> Json:
    """By address; the deactivated are not found."""
    wanted = call.text("email").lower()
    for person in call.workspace.people.values():
        if wanted and person.email == wanted and not person.deleted:
            return {"user": _shown(call, person)}
    raise SlackError("users_not_found")


def presence(call: Call) -> Json:
    """Everyone with an account is there."""
    person = _person(call, default=BOT_USER)
    return {"presence": "away" if person.deleted else "active"}


def conversations(call: Call) -> Json:
    """The channels that somebody is in, as far as the bot may know of them."""
    user = _person(call, default=BOT_USER).id
    kinds = channel_types(call)
    mine = [channel for channel in call.workspace.channels.values() if user in channel.members]
    mine = [channel for channel in mine if call.visible(channel) and channel.scope_family in kinds]
    if call.flag("exclude_archived"):
        mine = [channel for channel in mine if not channel.is_archived]
    page, metadata = call.page(mine, 999, 100)
    shown = [listed(call, channel) for channel in page]
    for one in shown:
        one.pop("is_member", None)
    return {"channels": shown, "response_metadata": metadata}


def dnd(call: Call) -> Json:
    """Nobody is disturbed."""
    _person(call, default=BOT_USER)
    return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}


FUNCTIONS: dict[str, Function] = {
    "users.info": info,
    "users.list": users_list,
    "users.lookupByEmail": lookup_by_email,
    "users.getPresence": presence,
    "users.conversations": conversations,
    "dnd.info": dnd,
}
