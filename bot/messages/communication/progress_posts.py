"""What is said of progress in the channel where a chart can't be."""

from collections.abc import Mapping

from bot.messages.communication.progress import progress_line
from bot.messages.kit import Message, context, said
from bot.messages.post import Post, Text


def _no_chart(post: Post) -> Message:
    """The bars of text instead of the chart, and why."""
    lines = [progress_line(measure, post.now) for measure in post.overview.measures]
    why = f"I can't post the chart ({post.about['why']}). An admin of Slack can let me: I need the scope `files:write`."
    return said("\n".join([f"*Progress of {post.name}*, asked for by {post.by}", *lines]), context(why))


POSTS: Mapping[str, Text] = {"no-chart": _no_chart}
