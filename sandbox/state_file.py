"""What lasts: the workspace as one JSON file, written beside and moved into place."""

import asyncio
import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from sandbox.channel import Channel
from sandbox.file import File
from sandbox.identity import Json
from sandbox.message import Message
from sandbox.people import Person
from sandbox.usergroup import UserGroup
from sandbox.workspace import Change, Scheduled, Workspace, seed_groups

DELAY = 0.3
"""Real seconds from a change to its being stored."""
_PASSING = frozenset({"view", "ephemeral", "ephemeral_deleted", "workspace"})


def dump(workspace: Workspace) -> Json:
    """Everything that lasts, as JSON."""
    return {
        "version": 1,
        "offset": workspace.clock.offset,
        "last_number": workspace.last_number,
        "people": [asdict(person) for person in workspace.people.values()],
        "channels": [_channel(channel) for channel in workspace.channels.values()],
        "usergroups": [asdict(group) for group in workspace.usergroups.values()],
        "scheduled": [asdict(one) for one in workspace.scheduled.values()],
        "files": [asdict(one) for one in workspace.files.values()],
        "homes": workspace.homes,
    }


def _channel(channel: Channel) -> Json:
    plain = {field.name: getattr(channel, field.name) for field in fields(channel)}
    return plain | {"messages": [_message(message) for message in channel.messages.values()]}


def _message(message: Message) -> Json:
    """What differs from an empty message; `asdict` would copy every block."""
    plain = {field.name: getattr(message, field.name) for field in fields(message)}
    return {key: value for key, value in plain.items() if value not in (None, [], {})}


def load(workspace: Workspace, state: Json) -> None:
    """Fill an empty workspace with what `dump` gave."""
    workspace.clock.offset = state["offset"]
    workspace.last_number = state["last_number"]
    workspace.people = {one["id"]: Person(**one) for one in state["people"]}
    workspace.channels = {one["id"]: _loaded(one) for one in state["channels"]}
    if "usergroups" in state:
        workspace.usergroups = {one["id"]: UserGroup(**one) for one in state["usergroups"]}
    else:
        seed_groups(workspace)  # The file is older than user groups are.
    workspace.scheduled = {one["id"]: Scheduled(**one) for one in state["scheduled"]}
    workspace.files = {one["id"]: File(**one) for one in state.get("files", [])}
    workspace.homes = state["homes"]
    for channel in workspace.channels.values():
        workspace.remember_ts(max(channel.messages, default="0.0"))


def _loaded(stored: dict[str, Any]) -> Channel:
    messages = [Message(**{"text": "", **one}) for one in stored.pop("messages")]
    return Channel(**stored, messages={message.ts: message for message in messages})


class StateError(Exception):
    """The file is there and can't be used."""


class StateFile:
    """Writes the workspace a moment after it changed, and at the end."""

    def __init__(self, path: Path, workspace: Workspace) -> None:
        self._path = path
        self._workspace = workspace
        self._timer: asyncio.TimerHandle | None = None

    def read(self) -> bool:
        """Load what is there; False if there is nothing, `StateError` if it is something else."""
        if not self._path.exists():
            return False
        try:
            load(self._workspace, json.loads(self._path.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError) as error:
            raise StateError(f"{self._path} is no workspace of this sandbox; --fresh forgets it") from error
        return True

    def watch(self) -> None:
        """Write from now on."""
        self._workspace.watchers.append(self._changed)

    def _changed(self, change: Change) -> None:
        if self._timer is None and change.kind not in _PASSING:
            self._timer = asyncio.get_running_loop().call_later(DELAY, self.write)

    def write(self) -> None:
        """Write now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".tmp")
        beside.write_text(json.dumps(dump(self._workspace)), encoding="utf-8")
        beside.replace(self._path)
