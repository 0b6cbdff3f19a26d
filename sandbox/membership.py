"""Making, naming, joining and leaving channels: for people and the app alike."""

from sandbox.channel import Channel, check_name, repaired_name
from sandbox.errors import SlackError
from sandbox.group_changes import leave_all
from sandbox.identity import BOT_USER, TEAM_ID, Json
from sandbox.posting import announce
from sandbox.workspace import Workspace

TOPIC_LIMIT = 250


def create(workspace: Workspace, user: str, name: str, private: bool) -> Channel:
    """A new channel with its creator in it. Archived and private channels hold their names too."""
    check_name(name)
    if workspace.channel_named(name):
        raise SlackError("name_taken")
    channel = Channel(workspace.next_id("C0"), name, user, workspace.today(), is_private=private)
    workspace.channels[channel.id] = channel
    workspace.changed("channel", channel.id)
    add_member(workspace, channel, user)
    return channel


def _member_event(kind: str, channel: Channel, user: str) -> Json:
    letter = "G" if channel.is_private else "C"
    return {"type": kind, "user": user, "channel": channel.id, "channel_type": letter, "team": TEAM_ID}


def add_member(workspace: Workspace, channel: Channel, user: str, inviter: str | None = None) -> None:
    """Let somebody in: a line in the channel, and an event if the bot is there."""
    channel.members.append(user)
    channel.last_read[user] = workspace.next_ts()
    extra = {"inviter": inviter} if inviter else {}
    subtype = "group_join" if channel.is_private else "channel_join"
    announce(workspace, channel, user, subtype, f"<@{user}> has joined the channel", **extra)
    workspace.changed("membership", channel.id, user)
    if BOT_USER in channel.members:
        workspace.event("member_joined_channel", _member_event("member_joined_channel", channel, user) | extra)


def remove_member(workspace: Workspace, channel: Channel, user: str) -> None:
    """Take somebody out; the bot is told of its own going too."""
    told = BOT_USER in channel.members
    channel.members.remove(user)
    subtype = "group_leave" if channel.is_private else "channel_leave"
    announce(workspace, channel, user, subtype, f"<@{user}> has left the channel")
    workspace.changed("membership", channel.id, user)
    if told:
        workspace.event("member_left_channel", _member_event("member_left_channel", channel, user))


def forget(workspace: Workspace, user: str) -> None:
    """A deactivated account is in no channel and no user group; its messages and direct messages stay.

    Slack documents no event of this but `user_change`, and writes no line in the channels.
    """
    for channel in workspace.channels.values():
        if user in channel.members and not channel.is_im:
            channel.members.remove(user)
            workspace.changed("membership", channel.id, user)
    leave_all(workspace, user, user)


def check_open(channel: Channel) -> None:
    """Raise for what is archived or a direct message."""
    if channel.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")


def check_member(channel: Channel, user: str) -> None:
    """Raise unless `user` is in the channel."""
    if user not in channel.members:
        raise SlackError("not_in_channel")


def join(workspace: Workspace, channel: Channel, user: str) -> bool:
    """Join a public channel; False if already in."""
    check_open(channel)
    if channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if user in channel.members:
        return False
    add_member(workspace, channel, user)
    return True


def leave(workspace: Workspace, channel: Channel, user: str) -> bool:
    """Leave; False if not in. Nobody leaves the general channel, nor the last one a private one."""
    check_open(channel)
    if channel.is_general:
        raise SlackError("cant_leave_general")
    if user not in channel.members:
        return False
    if channel.is_private and len(channel.members) == 1:
        raise SlackError("last_member")
    remove_member(workspace, channel, user)
    return True


def why_not_invite(workspace: Workspace, channel: Channel, inviter: str, user: str) -> str | None:
    """Slack's error for one invited person, or None."""
    person = workspace.people.get(user)
    if person is None:
        return "user_not_found"
    if user == inviter:
        return "cant_invite_self"
    if person.deleted or user == "USLACKBOT":
        return "cant_invite"
    return "already_in_channel" if user in channel.members else None


def kick(workspace: Workspace, channel: Channel, by: str, user: str) -> None:
    """Remove somebody else."""
    check_open(channel)
    check_member(channel, by)
    if user == by:
        raise SlackError("cant_kick_self")
    if channel.is_general:
        raise SlackError("cant_kick_from_general")
    if user not in workspace.people:
        raise SlackError("user_not_found")
    check_member(channel, user)
    remove_member(workspace, channel, user)


def rename(workspace: Workspace, channel: Channel, user: str, name: str) -> None:
    """Rename; Slack repairs the name. Only a manager or the creator may."""
    check_open(channel)
    check_member(channel, user)
    if user != channel.creator and workspace.people[user].handle != "mona":
        raise SlackError("not_authorized")
    new = repaired_name(name)
    if new == channel.name:
        return
    if workspace.channel_named(new):
        raise SlackError("name_taken")
    old, channel.name = channel.name, new
    channel.previous_names = [old, *channel.previous_names]
    kind = f"{channel.kind}_rename"
    text = f'has renamed the channel from "{old}" to "{new}"'
    announce(workspace, channel, user, f"{channel.kind}_name", text, old_name=old, name=new)
    shown = {"id": channel.id, "name": new, "name_normalized": new, "created": channel.created}
    _channel_event(workspace, channel, kind, {"type": kind, "channel": shown})


def _channel_event(workspace: Workspace, channel: Channel, kind: str, event: Json) -> None:
    if not channel.is_private or BOT_USER in channel.members:
        workspace.event(kind, event)


def set_archived(workspace: Workspace, channel: Channel, user: str, archived: bool) -> None:
    """Archive or bring back. Slack writes the line before it closes the channel."""
    if channel.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived == archived:
        raise SlackError("already_archived" if archived else "not_archived")
    if archived and channel.is_general:
        raise SlackError("cant_archive_general")
    if archived:
        check_member(channel, user)
    verb = "archive" if archived else "unarchive"
    announce(workspace, channel, user, f"{channel.kind}_{verb}", f"{verb}d the channel")
    channel.is_archived = archived
    workspace.changed("channel", channel.id)
    kind = f"{channel.kind}_{verb}"
    _channel_event(workspace, channel, kind, {"type": kind, "channel": channel.id, "user": user})


def set_topic(workspace: Workspace, channel: Channel, user: str, text: str) -> None:
    """Set the topic; Slack writes a line each time."""
    _check_line(channel, user, text)
    channel.topic = {"value": text, "creator": user, "last_set": workspace.today()}
    line = f"set the channel topic: {text}" if text else "cleared channel topic"
    announce(workspace, channel, user, f"{channel.kind}_topic", line, topic=text)


def set_purpose(workspace: Workspace, channel: Channel, user: str, text: str) -> None:
    """Set the purpose; Slack writes a line each time."""
    _check_line(channel, user, text)
    channel.purpose = {"value": text, "creator": user, "last_set": workspace.today()}
    line = f"set the channel purpose: {text}" if text else "cleared channel purpose"
    announce(workspace, channel, user, f"{channel.kind}_purpose", line, purpose=text)


def _check_line(channel: Channel, user: str, text: str) -> None:
    check_open(channel)
    check_member(channel, user)
    if len(text) > TOPIC_LIMIT:
        raise SlackError("too_long")


def delete_channel(workspace: Workspace, channel: Channel, user: str) -> None:
    """A manager deletes a channel for good."""
    if workspace.people[user].handle != "mona" or channel.is_general or channel.is_im:
        raise SlackError("not_authorized")
    del workspace.channels[channel.id]
    workspace.scheduled = {key: one for key, one in workspace.scheduled.items() if one.channel != channel.id}
    workspace.changed("channel_deleted", channel.id)
    kind = f"{channel.kind}_deleted"
    _channel_event(workspace, channel, kind, {"type": kind, "channel": channel.id, "actor_id": user})
