"""Texts for Slack's return: to the channel, how things are; to one person, what they missed, in one message."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.text import format_duration
from bot.messages.kit import Message, at, context, said
from bot.messages.post import Post, Text

_MOST_TOLD = 10


def _back(post: Post) -> Message:
    """In the channel."""
    began = datetime.fromtimestamp(post.about["since"], UTC)
    incident = post.overview.incident
    following = post.overview.next_shift
    then = f" Next: {post.name_of(following.person)} at {at(following.starts_at)}." if following else ""
    text = (
        f"I couldn't reach Slack since {at(began)}, for {format_duration(post.now - began)}. How *{post.name}* is now:"
        f" {incident.severity}, {incident.state}; {post.holder} has command.{then}"
    )
    return said(text, context("What was done meanwhile on the web is in the timeline: `/incident timeline`"))


def told_together(texts: Callable[[], Mapping[str, Text]]) -> Text:
    """To one person: the first lines of all that was to be said to them, each as it is now."""

    def render(post: Post) -> Message:
        began = datetime.fromtimestamp(post.about["since"], UTC)
        known = texts()
        lines = []
        for told in post.about["told"][-_MOST_TOLD:]:
            message = known[told["what"]](replace(post, about=told["about"]))
            lines.append(f"• {message.text.splitlines()[0]}")
        head = f"I couldn't reach Slack since {at(began)}. Meanwhile, about *{post.name}* {post.title}:"
        return said(head + "\n" + "\n".join(lines))

    return render


POSTS: Mapping[str, Text] = {"slack-back": _back}
