"""The frames of /ui/live: what one person may see."""

from collections.abc import Iterator

from sandbox.channel import Channel
from sandbox.identity import Json
from sandbox.message import Message, live_message
from sandbox.people import Person
from sandbox.usergroup import UserGroup
from sandbox.views import view_object
from sandbox.world import World


def person_frame(person: Person) -> Json:
    """Somebody."""
    return {
        "kind": "person",
        "id": person.id,
        "handle": person.handle,
        "name": person.name,
        "tz": person.tz,
        "deleted": person.deleted,
        "foreign": person.foreign,
        "is_bot": person.is_bot,
    }


def usergroup_frame(group: UserGroup) -> Json:
    """A user group."""
    return {
        "kind": "usergroup",
        "id": group.id,
        "handle": group.handle,
        "name": group.name,
        "description": group.description,
        "users": group.users,
        "disabled": bool(group.deleted),
    }


def _unread(channel: Channel, viewer: str) -> list[Message]:
    if viewer not in channel.members:
        return []
    last = channel.last_read.get(viewer, "0")
    unread = []
    for ts in reversed(channel.messages):
        if ts <= last:
            break
        if channel.messages[ts].in_channel and channel.messages[ts].user != viewer:
            unread.append(channel.messages[ts])
    return unread


def channel_frame(channel: Channel, viewer: str) -> Json:
    """A channel, with what is new in it."""
    unread = _unread(channel, viewer)
    frame: Json = {
        "kind": "channel",
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_im": channel.is_im,
        "is_member": viewer in channel.members,
        "is_archived": channel.is_archived,
        "topic": channel.topic["value"],
        "purpose": channel.purpose["value"],
        "members": channel.members,
        "unread": len(unread),
        "mentions": sum(channel.is_im or viewer in message.called for message in unread),
        "created_by": channel.creator,
        "bookmarks": [{key: one[key] for key in ("id", "title", "link", "emoji")} for one in channel.bookmarks],
        "pins": [pin["ts"] for pin in channel.pins],
    }
    return frame | ({"im_with": channel.other(viewer)} if channel.is_im else {})


def message_frame(message: Message) -> Json:
    """A message."""
    return {"kind": "message", "channel": message.channel, "message": live_message(message)}


def view_frame(world: World, viewer: str) -> Json:
    """The open modals."""
    stack = [view_object(view, view.typed) for view in world.views.stack(viewer)]
    return {"kind": "view", "stack": stack, "errors": world.views.errors.get(viewer, {})}


def home_frame(world: World, viewer: str) -> Json:
    """The App Home."""
    return {"kind": "home", "view": world.workspace.homes.get(viewer)}


def channel_frames(world: World, channel: Channel, viewer: str) -> Iterator[Json]:
    """A channel and all that was said in it."""
    yield channel_frame(channel, viewer)
    yield from (message_frame(message) for message in channel.messages.values())


def snapshot(world: World, viewer: str) -> Iterator[Json]:
    """Everything that a person may see, and then `ready`."""
    workspace = world.workspace
    yield world.shown()
    yield from (person_frame(person) for person in workspace.people.values())
    yield from (usergroup_frame(group) for group in workspace.usergroups.values())
    for channel in list(workspace.channels.values()):
        if workspace.may_see(viewer, channel):
            yield from channel_frames(world, channel, viewer)
    yield from (message_frame(message) for message in workspace.ephemerals.get(viewer, {}).values())
    yield view_frame(world, viewer)
    yield home_frame(world, viewer)
    yield {"kind": "ready"}
