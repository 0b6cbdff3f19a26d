"""Which messages the story has expected."""

from tests.harness.message import Message


class Ledger:
    """Keeps the messages that some step of the test has expected."""

    def __init__(self) -> None:
        self._known: set[tuple[str, str, str]] = set()

    def consume(self, message: Message, only_for: str = "") -> None:
        """This one was expected; an ephemeral one by the person who sees it."""
        self._known.add((only_for, message.channel, message.ts))

    def knows(self, message: Message, only_for: str = "") -> bool:
        """Whether it was expected."""
        return (only_for, message.channel, message.ts) in self._known
