"""Refusals: one sentence for the person and one hint, the same in Slack, on the command line and in the log."""

from collections.abc import Mapping


class BotError(Exception):
    """Something a person asked for that cannot be done as asked. Nothing was changed.

    Both texts are Slack mrkdwn, already escaped where they repeat what somebody typed.
    """

    def __init__(self, user_text: str, hint: str = "") -> None:
        super().__init__(user_text)
        self.user_text = user_text
        self.hint = hint
        # Of a form: what is wrong with which field, by block.
        self.fields: Mapping[str, str] = {}

    @property
    def sentence(self) -> str:
        """The sentence and, after it, the hint."""
        return f"{self.user_text} {self.hint}".strip()


class WrongWords(BotError):
    """The words do not make a command."""


class NoSuchIncident(BotError):
    """The incident named does not exist, or this person may not see it."""


class NotAllowed(BotError):
    """This person may not do this, here or now."""


class WrongState(BotError):
    """The incident is in a state in which this cannot be done."""


class CannotAct(BotError):
    """The person named cannot act in an incident: gone, a bot, or of another workspace."""


class WrongFields(BotError):
    """Some fields of a form can't be taken as they are."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


class DiskFull(BotError):
    """Nothing can be written down: the disk is full, or fails. All that the transaction did is undone."""

    def __init__(self, *, fails: bool = False) -> None:
        trouble = "can't be written" if fails else "is full"
        super().__init__(
            f"The disk of the bot's machine {trouble}, so this could not be kept.",
            "Tell whoever runs the bot to make room; what was promised before goes out then. Try again in a minute.",
        )


def disk_full_in(error: BaseException | None) -> DiskFull | None:
    """The full disk behind an error: undoing what was done may have failed for the same reason."""
    while error is not None:
        if isinstance(error, DiskFull):
            return error
        error = error.__cause__ or error.__context__
    return None
