"""Acting as a person: POST /ui/act."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sandbox import commands, interactions, membership, posting, shortcuts
from sandbox.channel import Channel
from sandbox.errors import SlackError, invalid_arguments
from sandbox.identity import Json
from sandbox.message import live_message
from sandbox.typed_text import linked
from sandbox.world import World

HINTS = {
    "not_in_channel": "Join the channel first.",
    "channel_not_found": "There is no such channel, or this person can't see it.",
    "user_not_found": "There is no such person.",
    "is_archived": "The channel is archived.",
    "account_inactive": "This person is deactivated.",
    "not_in_threads": "Slack knows no slash commands in threads.",
    "invalid_command": "No app answers this command.",
    "no_such_shortcut": "No app offers this shortcut here.",
    "operation_timeout": "The bot did not answer within 3 seconds.",
    "dispatch_failed": "The bot is not connected.",
    "not_authorized": "Only the channel's creator and mona may do this.",
    "no_such_element": "Nothing with that action_id is shown there.",
    "no_such_option": "The menu has no such option.",
    "view_not_on_top": "Another modal is on top of this one.",
    "invalid_response": "The bot's answer to the form can't be shown.",
    "service_unavailable": "Slack is down.",
    "not_found": "That modal is not open.",
    "cant_delete_message": "People delete their own messages only.",
}


@dataclass(frozen=True)
class Act:
    """What a person wants to do."""

    world: World
    user: str
    arguments: Json

    def text(self, name: str, default: str | None = None) -> str:
        """A string; `invalid_arguments` if it is missing and there is no default."""
        value = self.arguments.get(name, default)
        if not isinstance(value, str):
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def values(self, name: str) -> Json:
        """An object, empty if not given."""
        value = self.arguments.get(name) or {}
        if not isinstance(value, dict):
            raise invalid_arguments(f"must be an object: {name}")
        return value

    def person(self, name: str = "user") -> str:
        """Somebody's id."""
        return self.world.workspace.person(self.text(name)).id

    def channel(self) -> Channel:
        """By id, name or `@handle`, as far as this person may see it."""
        workspace, wanted = self.world.workspace, self.text("channel")
        if wanted.startswith("@"):
            return workspace.im_between(self.user, workspace.person(wanted).id)
        channel = workspace.channels.get(wanted) or workspace.channel_named(wanted.removeprefix("#"))
        if channel is None or not workspace.may_see(self.user, channel):
            raise SlackError("channel_not_found")
        return channel

    def own_channel(self) -> Channel:
        """One that this person is in and that is open."""
        channel = self.channel()
        membership.check_member(channel, self.user)
        if channel.is_archived:
            raise SlackError("is_archived")
        return channel


Doer = Callable[[Act], Awaitable[Json]]


async def say(act: Act) -> Json:
    """A message, or a command."""
    channel, text, thread = act.own_channel(), act.text("text"), act.arguments.get("thread_ts")
    if text.startswith("/"):
        if thread:
            raise SlackError("not_in_threads")
        return await commands.run(act.world, act.user, channel, text)
    if not text.strip():
        raise SlackError("no_text")
    if thread:
        parent = posting.find(channel, str(thread))
        thread = parent.thread_ts or parent.ts
    shown = linked(act.world.workspace, text, labels=False)
    message = posting.say(act.world.workspace, channel, act.user, shown, thread)
    return {"channel": channel.id, "ts": message.ts, "message": live_message(message)}


async def click(act: Act) -> Json:
    """A button or menu."""
    act.text("action_id")
    if view_id := act.arguments.get("view_id"):
        return await interactions.click_view(act.world, act.user, str(view_id), act.arguments)
    return await interactions.click_message(act.world, act.user, act.channel(), act.text("ts"), act.arguments)


async def shortcut(act: Act) -> Json:
    """A global shortcut."""
    return await shortcuts.run_global(act.world, act.user, act.text("callback_id"))


async def message_shortcut(act: Act) -> Json:
    """A shortcut in the menu of a message; only a member of the channel has that menu."""
    channel = act.channel()
    membership.check_member(channel, act.user)
    return await shortcuts.run_message(act.world, act.user, channel, act.text("ts"), act.text("callback_id"))


async def submit(act: Act) -> Json:
    """A form."""
    return await interactions.submit(act.world, act.user, act.text("view_id"), act.values("values"))


async def close(act: Act) -> Json:
    """Cancel or x."""
    return await interactions.close(act.world, act.user, act.text("view_id"), bool(act.arguments.get("all")))


async def open_home(act: Act) -> Json:
    """Look at the app."""
    return interactions.open_home(act.world, act.user, act.text("tab", "home"))


async def react(act: Act) -> Json:
    """Add a reaction."""
    posting.react(act.world.workspace, act.own_channel(), act.user, act.text("ts"), act.text("name").strip(":"))
    return {}


async def unreact(act: Act) -> Json:
    """Take a reaction back."""
    posting.unreact(act.world.workspace, act.own_channel(), act.user, act.text("ts"), act.text("name").strip(":"))
    return {}


async def pin(act: Act) -> Json:
    """Pin a message."""
    posting.pin(act.world.workspace, act.own_channel(), act.user, act.text("ts"))
    return {}


async def unpin(act: Act) -> Json:
    """Unpin a message."""
    posting.unpin(act.world.workspace, act.own_channel(), act.user, act.text("ts"))
    return {}


async def join(act: Act) -> Json:
    """Join a public channel."""
    membership.join(act.world.workspace, act.channel(), act.user)
    return {}


async def leave(act: Act) -> Json:
    """Leave."""
    membership.leave(act.world.workspace, act.channel(), act.user)
    return {}


async def archive(act: Act) -> Json:
    """Close a channel."""
    membership.set_archived(act.world.workspace, act.channel(), act.user, True)
    return {}


async def unarchive(act: Act) -> Json:
    """Bring a channel back."""
    membership.set_archived(act.world.workspace, act.channel(), act.user, False)
    return {}


async def delete_channel(act: Act) -> Json:
    """Delete a channel for good."""
    membership.delete_channel(act.world.workspace, act.channel(), act.user)
    return {}


async def invite(act: Act) -> Json:
    """Let somebody in."""
    channel, user = act.own_channel(), act.person()
    membership.check_open(channel)
    if error := membership.why_not_invite(act.world.workspace, channel, act.user, user):
        raise SlackError(error)
    membership.add_member(act.world.workspace, channel, user, act.user)
    return {}


async def kick(act: Act) -> Json:
    """Remove somebody."""
    membership.kick(act.world.workspace, act.channel(), act.user, act.person())
    return {}


async def create_channel(act: Act) -> Json:
    """A new channel."""
    private = bool(act.arguments.get("private"))
    name = act.text("name").removeprefix("#")
    return {"channel": membership.create(act.world.workspace, act.user, name, private).id}


async def rename(act: Act) -> Json:
    """Rename a channel."""
    channel = act.channel()
    membership.rename(act.world.workspace, channel, act.user, act.text("name"))
    return {"name": channel.name}


async def topic(act: Act) -> Json:
    """Set the topic."""
    membership.set_topic(act.world.workspace, act.channel(), act.user, act.text("text"))
    return {}


async def open_dm(act: Act) -> Json:
    """The direct message with somebody."""
    return {"channel": act.world.workspace.im_between(act.user, act.person()).id}


async def delete(act: Act) -> Json:
    """Take back an own message."""
    channel = act.own_channel()
    message = posting.find(channel, act.text("ts"))
    if message.user != act.user or message.subtype not in (None, "thread_broadcast"):
        raise SlackError("cant_delete_message")
    posting.delete(act.world.workspace, channel, message)
    return {}


async def read(act: Act) -> Json:
    """Everything in the channel has been seen."""
    channel = act.channel()
    channel.last_read[act.user] = max(channel.messages, default="0")
    act.world.workspace.changed("channel", channel.id)
    return {}


ACTS: dict[str, Doer] = {
    act.__name__: act
    for act in (
        *(
            say,
            click,
            shortcut,
            message_shortcut,
            submit,
            close,
            open_home,
            react,
            unreact,
            pin,
            unpin,
            join,
            leave,
            archive,
            unarchive,
        ),
        *(delete_channel, invite, kick, create_channel, rename, topic, open_dm, delete, read),
    )
}


async def perform(world: World, wanted: Json) -> Json:
    """Do what the request says; the answer is never an exception."""
    with world.activity.doing("act"):
        try:
            return {"ok": True, **await _perform(world, wanted)}
        except SlackError as error:
            return error.answer() | {"hint": HINTS.get(error.error, _reasons(error))}


def _reasons(error: SlackError) -> str:
    metadata: Any = error.more.get("response_metadata") or {}
    messages = metadata.get("messages", [])
    return "; ".join(messages) or error.error.replace("_", " ")


async def _perform(world: World, wanted: Json) -> Json:
    doer = ACTS.get(str(wanted.get("act")))
    if doer is None:
        raise invalid_arguments(f"act must be one of {', '.join(ACTS)}")
    person = world.workspace.person(str(wanted.get("as")))
    if person.deleted:
        raise SlackError("account_inactive")
    if world.faults.down:
        raise SlackError("service_unavailable")
    return await doer(Act(world, person.id, wanted))
