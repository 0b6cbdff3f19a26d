"""Asks to managers: what is said of them in the channel, and the list for whoever asks."""

from collections.abc import Mapping, Sequence

from bot.domain.incident import Incident
from bot.domain.need import Need
from bot.messages.card import label
from bot.messages.communication.needs import need_lines
from bot.messages.kit import Block, Message, at, button, context, header, said, section, typed
from bot.messages.post import Post, Text

_MOST = 20
_HOW = "Ask for something: `/incident ask we need a budget for 40 more hosts`. When it is there: `/incident ask done 2`"


def listing(incident: Incident, needs: Sequence[Need]) -> Message:
    """All asks of an incident, the open ones with a button, for whoever asks."""
    title = f"Asks of {label(incident)}"
    if not needs:
        return said(f"{label(incident)} has asked its managers for nothing.", context(_HOW))
    waiting = [need for need in needs if need.is_open]
    done = [need for need in needs if not need.is_open]
    blocks: list[Block] = [header(title)]
    shown = waiting[:_MOST]
    blocks += [section(line, _done_button(need)) for need, line in zip(shown, need_lines(shown), strict=True)]
    if len(waiting) > _MOST:
        blocks.append(context(f"and {len(waiting) - _MOST} more"))
    if done:
        lines = [
            f"{need.number}. ~{typed(need.text, 100)}~ {at(need.done_at)}" for need in done[-_MOST:] if need.done_at
        ]
        blocks.append(section("*Done*\n" + "\n".join(lines)))
    return Message(f"{title}: {len(waiting)} open", [*blocks, context(_HOW)])


def _done_button(need: Need) -> Block:
    return button("Done", "need:done", str(need.id))


def asked(incident: Incident, need: Need) -> Message:
    """The answer to whoever asked."""
    return said(
        f"Ask {need.number} of {label(incident)} is said in the channel, and stands in digest and briefing until done.",
        context(f"When it is: `/incident ask done {need.number}`"),
    )


def _asked(post: Post) -> Message:
    """In the channel."""
    number = post.about["number"]
    text = f"*Ask {number}* for the managers, by {post.by}: {typed(post.about['text'], 2600)}"
    return said(text, context(f"{post.name}; it stays open until `/incident ask done {number}`"))


def _done(post: Post) -> Message:
    """In the channel."""
    return said(f"Ask {post.about['number']} of {post.name} is *done* ({post.by}): {typed(post.about['text'], 600)}")


POSTS: Mapping[str, Text] = {"ask": _asked, "ask-done": _done}
