"""Which messages the story has expected."""

from collections import Counter

from tests.harness.message import Message


class Ledger:
    """Keeps the messages that some step of the test has expected.

    With a change of state goes its echo: the same, word for word, in the thread of the announcement, once for each.
    """

    def __init__(self) -> None:
        self._known: set[tuple[str, str, str]] = set()
        self._heard: Counter[str] = Counter()
        self._echoes: dict[str, set[str]] = {}

    def consume(self, message: Message, only_for: str = "") -> None:
        """This one was expected; an ephemeral one by the person who sees it."""
        self._known.add((only_for, message.channel, message.ts))
        self._heard[message.raw] += 1

    def knows(self, message: Message, only_for: str = "") -> bool:
        """Whether it was expected."""
        return (only_for, message.channel, message.ts) in self._known or self._is_echo(message)

    def _is_echo(self, message: Message) -> bool:
        if message.thread is None:
            return False
        echoes = self._echoes.setdefault(message.raw, set())
        if len(echoes) < self._heard[message.raw]:
            echoes.add(message.ts)
        return message.ts in echoes
