"""Texts for the operations channel."""

from collections.abc import Callable, Mapping

from bot.messages.command.duty import Notice
from bot.messages.kit import Message, escape, section


def sentence(notice: Notice) -> Message:
    """Something that only whoever runs the bot can mend."""
    text = f":warning: {escape(str(notice.about['sentence']))}"
    return Message(text, [section(text)])


def no_digest(channel: str, error: str) -> str:
    """That the last digest was given up, and what to do; `channel` is what the settings name now. Plain text."""
    remedy = _REMEDIES.get(error, "look at `watchbill outbox list`")
    return f"The last digest could not be posted ({error}). channels.digest is {channel}: {remedy}, or set another one."


# What Slack says of a channel in which nothing can be posted.
_REMEDIES = {
    "channel_not_found": "create the channel, or invite the bot when it is private",
    "is_archived": "unarchive the channel",
    "not_in_channel": "invite the bot to the channel",
    "restricted_action": "let the bot post in the channel",
}
NOTICES: Mapping[str, Callable[[Notice], Message]] = {"operators": sentence}
