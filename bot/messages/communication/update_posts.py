"""What is said to one person about public updates: a draft is ready, one is late, one is to be published."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.domain.cadence import SNOOZES, lateness
from bot.domain.text import format_duration
from bot.domain.update import UpdateState
from bot.messages.card import late_words
from bot.messages.communication.update_texts import BY_HAND
from bot.messages.communication.updates import plainly
from bot.messages.kit import Block, Message, actions, button, context, escape, said, section
from bot.messages.post import GONE, Post, Text

_LONGEST = 1500


def _promise(post: Post) -> bool:
    """Whether what was promised is still waited for."""
    open_now = post.overview.promise
    return open_now is not None and open_now.id == post.about["promise"]


def _draft(post: Post) -> list[Block]:
    """The draft and what to do with it."""
    promise = post.overview.promise
    number = str(post.overview.incident.number)
    buttons = [button("Use this draft…", "update:open", number, "primary")]
    if promise and promise.snoozed_from is None:
        buttons += [button(f"Snooze {n} min", f"update:snooze-{n}", str(promise.id)) for n in SNOOZES]
    if post.about["draft"]:
        blocks = [plainly(str(post.about["draft"])[:_LONGEST])]
    else:
        since = float(post.about["since"] or 0)
        last = f" since the last update at {post.clock(datetime.fromtimestamp(since, UTC))}" if since else ""
        blocks = [context(f"I know of nothing new{last}: say what you are doing, and when there will be news.")]
    return [*blocks, actions(*buttons), *([context("You can snooze it once.")] if len(buttons) > 1 else [])]


def _draft_due(post: Post) -> Message:
    promise = post.overview.promise
    if promise is None or not _promise(post):
        return said(GONE)
    if promise.due_at <= post.now:
        return _late(post)
    text = f"The next public update of *{post.name}* {post.title} is due at {post.clock(promise.due_at)}."
    text += " A draft:" if post.about["draft"] else ""
    return said(text, *_draft(post))


def _late(post: Post) -> Message:
    promise = post.overview.promise
    if promise is None or not _promise(post):
        return said(GONE)
    late = lateness(promise, post.now)
    how = f"is *late by {format_duration(late)}*" if late > timedelta(minutes=1) else "is *due now*"
    away = late_words(timedelta(seconds=float(post.about["late"])))
    when = post.clock(promise.due_at)
    text = f"The public update of *{post.name}* {post.title} {how}: it was promised for {when}.{away}"
    return said(text, *_draft(post))


def _asked(post: Post) -> Message:
    update = post.update
    if update is None or not update.waits:
        return said(GONE)
    text = f"{post.by} has written a public update of *{post.name}* {post.title} and may not publish. Will you?"
    value = str(update.id)
    buttons = actions(
        button("Preview…", "update:preview", value, "primary"),
        button("Edit…", "update:edit", value),
        button("Discard", "update:discard", value),
    )
    return said(text, plainly(update.words.text[:_LONGEST]), buttons)


def _published(post: Post) -> Message:
    number = post.update.number if post.update else 0
    return said(f"{post.by} has published what you wrote: it is public update {number} of *{post.name}* {post.title}.")


def _discarded(post: Post) -> Message:
    hint = f"Ask them, or write another: `/incident update public {post.overview.incident.name}`"
    return said(f"{post.by} has decided not to send what you wrote for customers of *{post.name}*.", context(hint))


def _announced(post: Post) -> Message:
    update = post.update
    if update is None:
        return said(GONE)
    if update.state is UpdateState.CORRECTED:
        head = f"*Public update {update.number}* on {post.name} was corrected. It said:"
    else:
        correction = ", a correction," if update.corrects else ""
        by = post.name_of(update.published_by) if update.published_by else BY_HAND
        head = f"*Public update {update.number}*{correction} on {post.name} by {by}:"
    return Message(f"{head} {escape(update.words.text[:200])}", [section(head), plainly(update.words.text)])


# Of these nothing is said any more once the promise that they are about has ended.
WHILE_PROMISED = frozenset({"update-draft", "update-late"})
WHILE_DRAFT = frozenset({"update-asked"})


def needless(post: Post, what: str) -> str:
    """Why what was promised need not be said any more; empty when it must be."""
    if what in WHILE_PROMISED and not _promise(post):
        return "the update is not waited for any more"
    if what in WHILE_DRAFT and not (post.update and post.update.waits):
        return "it was sent or discarded"
    return ""


POSTS: Mapping[str, Text] = {
    "update-draft": _draft_due,
    "update-late": _late,
    "update-asked": _asked,
    "update-published": _published,
    "update-discarded": _discarded,
    "update-announced": _announced,
}
