"""Texts for the operations channel."""

from collections.abc import Callable, Mapping

from bot.messages.command.duty import Notice
from bot.messages.kit import Message, escape, section


def sentence(notice: Notice) -> Message:
    """Something that only whoever runs the bot can mend."""
    text = f":warning: {escape(str(notice.about['sentence']))}"
    return Message(text, [section(text)])


NOTICES: Mapping[str, Callable[[Notice], Message]] = {"operators": sentence}
