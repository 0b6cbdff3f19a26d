"""What somebody was answered."""

from collections.abc import Callable

from tests.harness.message import Json, Message


class Answer:
    """The answer to a command, a click or a form, as it was given; `now` is what it has become since."""

    def __init__(
        self,
        message: Message | None = None,
        *,
        error: str = "",
        errors: dict[str, str] | None = None,
        again: Callable[[Message], Message | None] = lambda message: message,
    ) -> None:
        self.message, self.error = message, error
        self.errors = errors or {}
        """What a form said is wrong, by the label of the input."""
        self._again = again

    @property
    def text(self) -> str:
        """The text and the texts of all blocks; empty when there was no answer."""
        return self.message.text if self.message else ""

    @property
    def raw(self) -> str:
        """As the bot sent it."""
        return self.message.raw if self.message else ""

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        return self.message.blocks if self.message else []

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons."""
        return self.message.buttons if self.message else []

    @property
    def now(self) -> str:
        """The text of the same message now: an answer may be replaced later."""
        message = self._again(self.message) if self.message else None
        return message.text if message else ""

    def says(self, *words: str) -> "Answer":
        """Assert that all these words stand in it, and that nothing broke."""
        assert not self.error, f"no answer: {self.error}"
        missing = [word for word in words if word not in self.text]
        assert not missing, f"{missing} not in the answer {self.text!r}"
        return self

    def __contains__(self, words: str) -> bool:
        return words in self.text

    def __repr__(self) -> str:
        return f"<answer {self.text!r} {self.error} {self.errors or ''}>"
