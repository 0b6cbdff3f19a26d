"""One call of a method: its arguments, read with Slack's tolerance."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.channel import Channel
from sandbox.errors import SlackError, invalid_arguments
from sandbox.facts import Method
from sandbox.identity import BOT_USER, Json
from sandbox.workspace import Workspace
from sandbox.world import World

_TRUE = frozenset({"1", "true", "True"})


@dataclass(frozen=True)
class Call:
    """What the app wants. Query, form and JSON are merged; the SDK sends booleans as 1 and lists as JSON or commas."""

    world: World
    method: Method
    arguments: Json

    @property
    def workspace(self) -> Workspace:
        """What the call acts on."""
        return self.world.workspace

    def has(self, name: str) -> bool:
        """Whether it was sent at all."""
        return name in self.arguments

    def text(self, name: str, default: str = "") -> str:
        """A string."""
        value = self.arguments.get(name)
        if value is None:
            return default
        if isinstance(value, (dict, list)):
            raise invalid_arguments(f"must provide a string [json-pointer:/{name}]")
        return str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean."""
        value = self.arguments.get(name)
        return default if value in (None, "") else value is True or str(value) in _TRUE

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        value = self.arguments.get(name)
        try:
            return default if value in (None, "") else int(str(value))
        except ValueError:
            raise invalid_arguments(f"must be an integer [json-pointer:/{name}]") from None

    def names(self, name: str) -> list[str]:
        """A list, sent as such or with commas."""
        value = self.arguments.get(name)
        items = value if isinstance(value, list) else str(value or "").split(",")
        return [str(item).strip() for item in items if str(item).strip()]

    def json(self, name: str, error: str) -> Any:
        """A JSON value, sent as such or as text; `error` if it does not parse. None if absent or empty."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise SlackError(error) from None

    def channel(self, name: str = "channel") -> Channel:
        """The conversation, if the bot may know of it and has a scope for its kind; `channel_not_found`."""
        channel = self.workspace.channels.get(self.text(name))
        if channel is None or not self.visible(channel):
            raise SlackError("channel_not_found")
        self.need_scope_for(channel.scope_family)
        return channel

    def visible(self, channel: Channel) -> bool:
        """Public, or with the bot in it."""
        return not channel.is_private or BOT_USER in channel.members

    def need_scope_for(self, family: str) -> None:
        """If the method's scopes differ by kind of conversation, one of this kind must be granted."""
        mine = sorted(scope for scope in self.method.scopes if scope.startswith(f"{family}:"))
        if mine and not self.world.scopes.intersection(mine):
            raise missing_scope(self.world, mine)

    def page(self, items: list[Any], most: int, default: int) -> tuple[list[Any], Json]:
        """One page of a list and its response_metadata; the cursor is an offset."""
        limit = min(max(self.number("limit", default), 1), most)
        cursor = self.text("cursor")
        if cursor and not cursor.removeprefix("next:").isdigit():
            raise SlackError("invalid_cursor")
        start = int(cursor.removeprefix("next:")) if cursor else 0
        end = start + limit
        following = f"next:{end}" if end < len(items) else ""
        return items[start:end], {"next_cursor": following}


Function = Callable[[Call], Json]


def missing_scope(world: World, needed: list[str]) -> SlackError:
    """`missing_scope` with what is needed and what there is."""
    return SlackError("missing_scope", needed=",".join(needed), provided=",".join(sorted(world.scopes)))
