"""What the bot says by itself, in an incident's channel or to one person, by the name under which it is promised.

Each text is made when it is sent, from how things are then.
"""

from collections.abc import Callable, Mapping

from bot.domain.text import format_duration
from bot.messages.card import where
from bot.messages.command import care, command_posts, shift_posts
from bot.messages.communication import impact_posts, need_posts, progress_posts, update_posts, vendor_posts
from bot.messages.communication.impact import impact_line
from bot.messages.kit import Message, actions, button, context, person, said, typed
from bot.messages.post import Post, Text
from bot.messages.waking import away_posts, page_posts


def _severity(post: Post) -> Message:
    return said(f"{post.name} is now *{post.about['new']}*, was {post.about['old']} ({post.by}).")


def _state(post: Post) -> Message:
    return said(f"{post.name} is now *{post.about['new']}*, was {post.about['old']} ({post.by}).")


def _ended(word: str) -> Callable[[Post], Message]:
    def render(post: Post) -> Message:
        age = format_duration(post.overview.incident.age(post.overview.now))
        after = f" after {age}" if word == "resolved" else ""
        text = f"\n>{typed(post.about['text'], 2500).replace(chr(10), chr(10) + '>')}" if post.about.get("text") else ""
        impact = (
            f" {impact_line(post.overview.impact, None)}." if word == "resolved" and post.overview.impact.parts else ""
        )
        return said(f"{post.name} is *{word}*{after} ({post.by}).{impact}{text}")

    return render


def _reopened(post: Post) -> Message:
    return said(f"{post.name} is *open again*: {post.by} is incident commander.")


def _call(post: Post) -> Message:
    url = str(post.about["url"]).replace("&", "&amp;")
    return said(f"The call of {post.name} is at <{url}> ({post.by}).")


def _noted(word: str) -> Callable[[Post], Message]:
    def render(post: Post) -> Message:
        text = f"*{word}* by {post.by}: {typed(post.about['text'], 2600)}"
        return said(text, context(f"{post.name}, timeline {post.about['number']}"))

    return render


def _removed(post: Post) -> Message:
    """In the place of what was said about a timeline entry."""
    kind = str(post.about["kind"]).replace("-", " ")
    return said(f"_What stood here ({kind} {post.about['number']}) was removed by {post.by}._")


def _duplicate(post: Post) -> Message:
    """Said in the one that ends."""
    other = post.about.get("of") or "another incident"
    where_to = f" Go on in <#{post.about['channel']}>." if post.about.get("channel") else ""
    title = f" {typed(post.about['title'])}" if post.about.get("title") else ""
    return said(f"{post.name} is a *duplicate* of {other}{title}, so it is *cancelled* ({post.by}).{where_to}")


def _duplicated(post: Post) -> Message:
    """Said in the one that goes on."""
    title = typed(post.about["title"])
    return said(f"{post.about['of']} {title} was the same as {post.name}, and is cancelled ({post.by}).")


def _role(post: Post) -> Message:
    holder = post.about["person"]
    if holder is None:
        return said(f"Nobody is {post.about['role']} of {post.name} now ({post.by}).")
    return said(f"{person(holder)} is now *{post.about['role']}* of {post.name} ({post.by}).")


def _channel_archived(post: Post) -> Message:
    incident = post.overview.incident
    return said(
        f"The channel of *{post.name}* was archived, so I can't show or say anything there. The incident goes on here:"
        f" every command works with its number, for example `/incident show {incident.name}`.",
        context("A person can unarchive the channel in Slack (a bot can't); I'll bring it up to date then."),
    )


def _channel_lost(post: Post) -> Message:
    incident = post.overview.incident
    return said(
        f"I can't reach the channel of *{post.name}* any more: it was deleted, or I was put out of it."
        " The incident goes on here: every command works with its number,"
        f" for example `/incident show {incident.name}`.",
        context(f"If {where(incident)} is still there, say `/invite @watchbill` in it; I'll bring it up to date then."),
    )


def _trouble(post: Post) -> Message:
    """Something for this incident was refused by Slack: what it was, why, what the person can do."""
    lines = f"I couldn't {post.about['doing']} for *{post.name}* {post.title}: {post.about['why']}"
    return said(lines, context(post.about.get("hint") or "I'll try again; the incident itself is safe."))


def _trouble_channel(post: Post) -> Message:
    message = _trouble(post)
    use = button("Use this channel…", "incident:use-channel", str(post.overview.incident.number), "primary")
    return Message(message.text, [*message.blocks, actions(use)])


def _moved(post: Post) -> Message:
    old = post.about["old"]
    return said(f"{post.name} goes on here: its former channel <#{old}> is archived, and what was said stays there.")


def needless(post: Post, what: str) -> str:
    """Why what was promised need not be said any more; empty when it must be."""
    if what in command_posts.WHILE_OPEN and not (post.handoff and post.handoff.is_open):
        return "it was answered first"
    if post.page and post.page.ended_at is not None:
        return "the page has ended"
    if what == "vendor-chase" and vendor_posts.chase_is_needless(post):
        return "the case moved on"
    if why := update_posts.needless(post, what):
        return why
    if what not in shift_posts.BEFORE_BOUNDARY:
        return ""
    if post.shift is None or post.shift.version != post.about["version"]:
        return "the plan was changed"
    return BOUNDARY_PASSED if post.now >= post.shift.starts_at else ""


BOUNDARY_PASSED = "the boundary has passed"
POSTS: Mapping[str, Text] = {
    **shift_posts.POSTS,
    **command_posts.POSTS,
    **away_posts.POSTS,
    **care.POSTS,
    **page_posts.POSTS,
    **progress_posts.POSTS,
    **need_posts.POSTS,
    **vendor_posts.POSTS,
    **impact_posts.POSTS,
    **update_posts.POSTS,
    "moved": _moved,
    "severity": _severity,
    "state": _state,
    "resolved": _ended("resolved"),
    "cancelled": _ended("cancelled"),
    "closed": _ended("closed"),
    "reopened": _reopened,
    "call": _call,
    "decision": _noted("Decision"),
    "hypothesis": _noted("Hypothesis"),
    "ruled-out": _noted("Ruled out"),
    "decision-public": _noted("Decision (customers may be told)"),
    "workaround": _noted("Workaround"),
    "removed": _removed,
    "duplicate": _duplicate,
    "duplicated": _duplicated,
    "role": _role,
    "channel-archived": _channel_archived,
    "channel-lost": _channel_lost,
    "trouble": _trouble,
    "trouble-channel": _trouble_channel,
    "slack-back-dm": away_posts.told_together(lambda: POSTS),
}
