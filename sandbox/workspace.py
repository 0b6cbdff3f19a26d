"""Everything the workspace holds. Whoever changes it tells the watchers what changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from sandbox.channel import Channel
from sandbox.clock import Clock
from sandbox.errors import SlackError
from sandbox.file import File
from sandbox.identity import BOT_USER, SLACKBOT, Json
from sandbox.message import Message
from sandbox.people import Person, first_people
from sandbox.usergroup import UserGroup, first_groups


class Change(NamedTuple):
    """What changed: `kind` as in the live frames, and which one."""

    kind: str
    subject: str = ""
    ts: str = ""


@dataclass
class Scheduled:
    """A message for later."""

    id: str
    channel: str
    post_at: int
    date_created: int
    message: Json
    deleted: bool = False
    """Too late: Slack has said that it is, lists it no more, and posts it all the same."""


class Workspace:
    """People, channels and what is to come. One event loop changes it; each change is synchronous."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, UserGroup] = {}
        self.scheduled: dict[str, Scheduled] = {}
        self.files: dict[str, File] = {}
        self.homes: dict[str, Json] = {}
        self.ephemerals: dict[str, dict[str, Message]] = {}
        """For each person by ts; memory only, as in Slack."""
        self.watchers: list[Callable[[Change], None]] = []
        self.event_sink: Callable[[str, Json], None] = lambda subscription, event: None
        self.last_number = 0
        """Of the ids given so far."""
        self._last_ts = 0

    def changed(self, kind: str, subject: str = "", ts: str = "") -> None:
        """Tell everyone who shows or stores it."""
        for watcher in list(self.watchers):
            watcher(Change(kind, subject, ts))

    def event(self, subscription: str, event: Json) -> None:
        """Send an event to the bot, under the name by which an app subscribes to it."""
        self.event_sink(subscription, {"event_ts": self.next_ts(), **event})

    def next_ts(self) -> str:
        """A message id: unique and increasing over the whole workspace."""
        self._last_ts = max(int(self.clock.now() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def remember_ts(self, ts: str) -> None:
        """No later id may be below this one."""
        self._last_ts = max(self._last_ts, int(ts.replace(".", "")))

    def next_id(self, prefix: str) -> str:
        """An id such as `C0000000A1`."""
        self.last_number += 1
        return f"{prefix}{self.last_number:0{10 - len(prefix)}X}"

    def today(self) -> int:
        """The sandbox time in whole epoch seconds."""
        return int(self.clock.now())

    def person(self, reference: str) -> Person:
        """By id or handle; `user_not_found`."""
        if found := self.people.get(reference):
            return found
        for person in self.people.values():
            if person.handle == reference.removeprefix("@"):
                return person
        raise SlackError("user_not_found")

    def usergroup(self, reference: str) -> UserGroup:
        """By id or handle; `no_such_subteam`."""
        wanted = reference.removeprefix("@")
        for group in self.usergroups.values():
            if wanted in (group.id, group.handle):
                return group
        raise SlackError("no_such_subteam")

    def channel_named(self, name: str) -> Channel | None:
        """The channel that has this name, archived or not."""
        return next((one for one in self.channels.values() if one.name == name and not one.is_im), None)

    def im_known(self, one: str, other: str) -> Channel | None:
        """Their direct message, if they have one."""
        ims = (channel for channel in self.channels.values() if channel.is_im)
        return next((channel for channel in ims if set(channel.members) == {one, other}), None)

    def im_between(self, one: str, other: str) -> Channel:
        """Their direct message, made if need be."""
        if known := self.im_known(one, other):
            return known
        channel = Channel(self.next_id("D0"), "", one, self.today(), is_private=True, is_im=True, members=[one, other])
        self.channels[channel.id] = channel
        self.changed("channel", channel.id)
        return channel

    def may_see(self, user: str, channel: Channel) -> bool:
        """Members see; public channels are open to everyone of this workspace."""
        return user in channel.members or (not channel.is_private and not self.people[user].foreign)


def _seed_channel(workspace: Workspace, channel_id: str, name: str, members: list[str], private: bool = False) -> None:
    creator = next(user for user in members if workspace.people[user].handle == "mona")
    workspace.channels[channel_id] = Channel(
        channel_id, name, creator, workspace.today(), is_private=private, is_general=name == "general", members=members
    )


def seed_groups(workspace: Workspace) -> None:
    """Make the first user groups."""
    mona, dana = (workspace.person(handle).id for handle in ("mona", "dana"))
    workspace.usergroups = {group.id: group for group in first_groups(mona, dana, workspace.today())}


def seed(workspace: Workspace) -> None:
    """Fill an empty workspace with its people and first channels."""
    workspace.people = {person.id: person for person in first_people()}
    everyone = [person.id for person in workspace.people.values() if not person.deleted and not person.is_bot]
    everyone.remove(SLACKBOT)
    managers = [workspace.person(handle).id for handle in ("mona", "eve")]
    _seed_channel(workspace, "C0GENERAL0", "general", [*everyone, BOT_USER])
    _seed_channel(workspace, "C0INCIDENT", "incidents", [*everyone])
    _seed_channel(workspace, "C0RANDOM00", "random", [*everyone])
    _seed_channel(workspace, "C0MANAGERS", "managers", managers, private=True)
    seed_groups(workspace)
