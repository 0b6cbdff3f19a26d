"""conversations.* that change something."""

from sandbox import membership
from sandbox.api.call import Call, Function
from sandbox.channel import Channel, channel_object
from sandbox.errors import SlackError
from sandbox.identity import BOT_USER, Json

_MOST_INVITED = 100


def _shown(channel: Channel) -> Json:
    return {"channel": channel_object(channel, BOT_USER)}


def create(call: Call) -> Json:
    """A new channel; the bot is its creator and first member."""
    private = call.flag("is_private")
    call.need_scope_for("groups" if private else "channels")
    return _shown(membership.create(call.workspace, BOT_USER, call.text("name"), private))


def invite(call: Call) -> Json:
    """Let people in. If one can't be invited nobody is, unless `force`."""
    channel, users = call.channel(), call.names("users")
    membership.check_open(channel)
    membership.check_member(channel, BOT_USER)
    if not users:
        raise SlackError("no_user")
    if len(users) > _MOST_INVITED:
        raise SlackError("too_many_users")
    errors = {user: membership.why_not_invite(call.workspace, channel, BOT_USER, user) for user in users}
    wrong = [{"user": user, "ok": False, "error": error} for user, error in errors.items() if error]
    if wrong and not (call.flag("force") and len(wrong) < len(errors)):
        raise SlackError(str(wrong[0]["error"]), errors=wrong)
    for user in (user for user, error in errors.items() if not error):
        membership.add_member(call.workspace, channel, user, BOT_USER)
    return _shown(channel) | ({"errors": wrong} if wrong else {})


def join(call: Call) -> Json:
    """Join a public channel."""
    channel = call.channel()
    if membership.join(call.workspace, channel, BOT_USER):
        return _shown(channel)
    warning = "already_in_channel"
    return _shown(channel) | {"warning": warning, "response_metadata": {"warnings": [warning]}}


def leave(call: Call) -> Json:
    """Leave."""
    if membership.leave(call.workspace, call.channel(), BOT_USER):
        return {}
    return {"ok": False, "not_in_channel": True}


def kick(call: Call) -> Json:
    """Remove somebody."""
    membership.kick(call.workspace, call.channel(), BOT_USER, call.text("user"))
    return {"errors": {}}


def open_im(call: Call) -> Json:
    """The direct message with one person; groups are not part of the sandbox."""
    channel = call.channel() if call.has("channel") else _im_with(call, call.names("users"))
    shown = channel_object(channel, BOT_USER) if call.flag("return_im") else {"id": channel.id}
    return {"channel": shown}


def _im_with(call: Call, users: list[str]) -> Channel:
    call.need_scope_for("im")
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise SlackError("too_many_users")
    person = call.workspace.people.get(users[0])
    if person is None or person.id == BOT_USER:
        raise SlackError("user_not_found")
    if person.deleted:
        raise SlackError("user_disabled")
    return call.workspace.im_between(BOT_USER, person.id)


def rename(call: Call) -> Json:
    """Rename what the bot made; the answer holds the repaired name."""
    channel = call.channel()
    membership.rename(call.workspace, channel, BOT_USER, call.text("name"))
    return _shown(channel)


def archive(call: Call) -> Json:
    """Close it."""
    membership.set_archived(call.workspace, call.channel(), BOT_USER, True)
    return {}


def unarchive(call: Call) -> Json:
    """Not for bots: Slack's known bug, which shows as not_in_channel."""
    channel = call.channel()
    raise SlackError("not_in_channel" if channel.is_archived else "not_archived")


def set_topic(call: Call) -> Json:
    """Set the topic."""
    channel = call.channel()
    membership.set_topic(call.workspace, channel, BOT_USER, call.text("topic"))
    return _shown(channel)


def set_purpose(call: Call) -> Json:
    """Set the purpose."""
    channel = call.channel()
    membership.set_purpose(call.workspace, channel, BOT_USER, call.text("purpose"))
    return _shown(channel)


FUNCTIONS: dict[str, Function] = {
    "conversations.create": create,
    "conversations.invite": invite,
    "conversations.join": join,
    "conversations.leave": leave,
    "conversations.kick": kick,
    "conversations.open": open_im,
    "conversations.rename": rename,
    "conversations.archive": archive,
    "conversations.unarchive": unarchive,
    "conversations.setTopic": set_topic,
    "conversations.setPurpose": set_purpose,
}
