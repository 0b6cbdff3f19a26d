"""Texts about people who are woken by hand: to them, and to the channel."""

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.text import format_duration
from bot.messages.card import where
from bot.messages.kit import Message, actions, button, context, said, typed
from bot.messages.post import Post, Text


def _asked(post: Post) -> Message:
    why = f": {typed(post.about['why'])}" if post.about.get("why") else "."
    again = f" This is page {post.about['times']}." if post.about.get("times", 1) > 1 else ""
    text = (
        f"*{post.by} pages you* for *{post.name}* {post.title} ({post.overview.incident.severity}){why}"
        f" It is in {where(post.overview.incident)}.{again}"
    )
    return said(
        text,
        actions(button("I'm on it", "page:acknowledge", str(post.about["page"]), "primary")),
        context("I'll page you every 5 minutes until you press this or write something here."),
    )


def _paging(post: Post) -> Message:
    """In the channel."""
    who, instead = post.name_of(post.about["person"]), post.about.get("instead_of")
    if instead:
        return said(f"{post.name_of(instead)} does not answer: I'm paging {who} now.")
    why = f": {typed(post.about['why'])}" if post.about.get("why") else "."
    return said(f"{post.by} pages {who}{why}")


def _answered(post: Post) -> Message:
    """In the channel."""
    after = format_duration(timedelta(seconds=round(post.about["seconds"])))
    return said(f"{post.name_of(post.about['person'])} has answered the page, after {after}.")


def _silent(post: Post) -> Message:
    """In the channel."""
    who = post.name_of(post.about["person"])
    return said(
        f"{who} has not answered for 10 minutes. I go on paging them.",
        context("Page somebody else: `/incident page @name why`, or `/incident page on-call`"),
    )


POSTS: Mapping[str, Text] = {
    "asked": _asked,
    "paging": _paging,
    "page-answered": _answered,
    "page-silent": _silent,
}
