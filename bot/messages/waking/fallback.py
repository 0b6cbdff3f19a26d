"""Texts of what is left with Slack, and of what is made of it when the bot is back."""

from datetime import datetime

from bot.domain.incident import PersonId
from bot.domain.rota import Shift
from bot.messages.kit import Message, at, person, section
from bot.messages.post import Post

_OWN_TIMER = "Sent by Slack's own timer because the bot has not confirmed the handoff"


def handoff(post: Post, shift: Shift, outgoing: PersonId | None, ref: str) -> Message:
    """Who takes command from whom, in case the bot can't say it. Nobody knows what has happened by then."""
    relieved = f" from <@{outgoing}>" if outgoing else ""
    text = (
        f"Handoff: <@{shift.person}> takes over command of *{post.name}* {post.title}{relieved},"
        f" due {at(shift.starts_at)}. Settle it here between you until the bot is back. _{_OWN_TIMER}, ref {ref}._"
    )
    return _marked(text, ref)


def not_seen(last_seen: datetime, ref: str) -> Message:
    """The bot's own dead-man, in the operations channel."""
    text = (
        f"*Watchbill has not been seen for 30 minutes*, since {at(last_seen)}. Look at its machine; open incidents are"
        f" in their channels. _Sent by Slack's own timer, ref {ref}._"
    )
    return _marked(text, ref)


def is_back(last_seen: datetime, now: datetime) -> Message:
    """What becomes of it when the bot is back."""
    text = f"Watchbill was not seen from {at(last_seen)} on. It is back since {at(now)}."
    return Message(text, [section(text)])


def overtaken(post: Post, shift: Shift | None) -> Message:
    """What becomes of a handoff's fallback when it was posted and there was nothing to hand over any more.

    It stands there for ever: so it says what was so at which time.
    """
    held, incident = post.overview.command, post.overview.incident
    now = f"{person(held.person)} had command" if held else f"it was {incident.state}"
    whose = f" to <@{shift.person}>, due {at(shift.starts_at)}," if shift else ""
    text = (
        f"*{post.name}* {post.title}: the handoff{whose} that Slack's own timer named here is not planned any more."
        f" At {at(post.now)} {now}."
    )
    return Message(text, [section(text)])


def _marked(text: str, ref: str) -> Message:
    return Message(text, [section(text) | {"block_id": ref}])
