"""A channel or a direct message with the bot, with everything that was ever said there."""

from typing import TYPE_CHECKING

from tests.harness.doors import Json
from tests.harness.message import Message

if TYPE_CHECKING:
    from tests.harness.workspace import Workspace


class Place:
    """Known by its name at first and by its id from when it was found: it may be renamed."""

    def __init__(self, workspace: "Workspace", name: str, *, dm_with: str = "") -> None:
        self._workspace, self.name, self._dm_with = workspace, name, dm_with
        self._id = ""

    @property
    def exists(self) -> bool:
        """Whether there is such a place."""
        return self._find() is not None

    @property
    def id(self) -> str:
        """As Slack knows it."""
        if not self._id:
            self._id = self._now["id"]
        return self._id

    @property
    def number(self) -> str:
        """`INC-1` for `#inc-1-checkout-is-down`."""
        return "-".join(self.name.lstrip("#").split("-")[:2]).upper()

    @property
    def topic(self) -> str:
        """Readable."""
        return self._workspace.readable(self._now["topic"]["value"])

    @property
    def members(self) -> list[str]:
        """Handles."""
        return [self._workspace.name_of(member) for member in self._now["members"]]

    @property
    def bookmarks(self) -> dict[str, str]:
        """Titles and links."""
        return {one["title"]: one["link"] for one in self._now["bookmarks"]}

    @property
    def is_private(self) -> bool:
        """Whether only members see it."""
        return bool(self._now["is_private"])

    @property
    def is_archived(self) -> bool:
        """Whether it is closed."""
        return bool(self._now["is_archived"])

    @property
    def messages(self) -> list[Message]:
        """All that was said, oldest first."""
        found = self._find()
        bodies = found["messages"] if found else []
        heard = [Message(body, body["channel"], self._workspace.name_of) for body in bodies]
        return [message for message in heard if message.is_said]

    @property
    def pins(self) -> list[Message]:
        """The pinned messages."""
        pinned = {pin["ts"] for pin in self._now["pins"]}
        return [message for message in self.messages if message.ts in pinned]

    def card(self) -> Message:
        """The pinned card; it counts as expected."""
        cards = [message for message in self.pins if message.from_bot and "Timeline" in message.buttons]
        assert len(cards) == 1, f"{len(cards)} cards are pinned in {self.name}"
        self._workspace.ledger.consume(cards[0])
        return cards[0]

    def unexpected(self) -> list[Message]:
        """What the bot said that no step expected so far."""
        return [one for one in self.messages if one.from_bot and not self._workspace.ledger.knows(one)]

    def expects(self, *words: str, from_bot: bool = True, by: str = "") -> Message:
        """Find the one message with all these words that no step expected so far, and count it as expected."""
        fresh = [one for one in self.messages if not self._workspace.ledger.knows(one) and one.from_bot is from_bot]
        found = [one for one in fresh if one.has(*words) and by in ("", one.by)]
        assert found, f"nothing with {words} in {self.name}; not expected so far: {fresh}"
        assert len(found) == 1, f"{len(found)} messages with {words} in {self.name}: {found}"
        self._workspace.ledger.consume(found[0])
        return found[0]

    def expects_nothing(self) -> None:
        """Assert that the bot said nothing more here."""
        assert not self.unexpected(), f"not expected in {self.name}: {self.unexpected()}"

    def again(self, message: Message) -> Message:
        """The same message as it reads now."""
        return next(one for one in self.messages if one.ts == message.ts)

    @property
    def _now(self) -> Json:
        found = self._find()
        assert found, f"there is no {self.name}; there are {self._workspace.incident_channels()}"
        self._id = found["id"]
        return found

    def _find(self) -> Json | None:
        return next((one for one in self._workspace.state["channels"] if self._is_this(one)), None)

    def _is_this(self, channel: Json) -> bool:
        if self._id:
            return bool(channel["id"] == self._id)
        if self._dm_with:
            handles = {self._workspace.name_of(member) for member in channel["members"]}
            return bool(channel["is_im"]) and handles == {self._dm_with, "watchbill"}
        return not channel["is_im"] and bool(channel["name"] == self.name.lstrip("#"))

    def __repr__(self) -> str:
        return f"<{self.name}: {self.messages}>"
