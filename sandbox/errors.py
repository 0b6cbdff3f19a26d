"""Refusals, as Slack words them."""

from sandbox.identity import Json


class SlackError(Exception):
    """A refusal with Slack's code; `more` are further fields of the answer."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    def answer(self) -> Json:
        """The body that Slack would send."""
        return {"ok": False, "error": self.error, **self.more}


def invalid_arguments(*messages: str) -> SlackError:
    """`invalid_arguments` with its list of reasons."""
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {text}" for text in messages]})
