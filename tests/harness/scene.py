"""What one person sees at one moment."""

from collections.abc import Iterable

from tests.harness.message import Json, Message, Names


class Scene:
    """The frames that the browser client would get."""

    def __init__(self, frames: Iterable[Json], names: Names) -> None:
        self.messages: list[Message] = []
        self.stack: list[Json] = []
        self.errors: dict[str, str] = {}
        self.home: Json | None = None
        self.channels: dict[str, Json] = {}
        for frame in frames:
            match frame["kind"]:
                case "message":
                    self.messages.append(Message(frame["message"], frame["channel"], names))
                case "view":
                    self.stack, self.errors = frame["stack"], frame.get("errors") or {}
                case "home":
                    self.home = frame["view"]
                case "channel":
                    self.channels[frame["id"]] = frame

    @property
    def ephemerals(self) -> dict[str, Message]:
        """What only this person sees, by its ts."""
        return {message.ts: message for message in self.messages if message.ephemeral}

    def newest_with_button(self, channel: str, label: str) -> Message | None:
        """The newest message in a channel that has such a button."""
        found = [message for message in self.messages if message.channel == channel and message.button(label)]
        return max(found, key=lambda message: tuple(map(int, message.ts.split("."))), default=None)
