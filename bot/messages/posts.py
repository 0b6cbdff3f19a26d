"""What the bot says by itself, in an incident's channel or to one person, by the name under which it is promised.

Each text is made when it is sent, from how things are then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.command import Handoff, HandoffState, Shift
from bot.domain.overview import Overview
from bot.domain.reminder import LATE_AFTER
from bot.domain.text import format_duration
from bot.messages.card import label, late_words, where
from bot.messages.kit import Message, actions, at, button, clock_time, context, escape, person, said, section, typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a text is made from: the incident now, what the promise said, and the reader's zone in a DM."""

    overview: Overview
    about: Mapping[str, Any]
    zone: ZoneInfo
    shift: Shift | None = None
    actor: str = ""

    @property
    def by(self) -> str:
        """Whoever did it, by name: nobody needs a notification about what they have just done themselves."""
        return escape(self.actor) or person(self.about.get("by"))

    @property
    def name(self) -> str:
        return label(self.overview.incident)

    @property
    def title(self) -> str:
        return typed(self.overview.incident.title)


def _severity(post: Post) -> Message:
    return said(f"{post.name} is now *{post.about['new']}*, was {post.about['old']} ({post.by}).")


def _state(post: Post) -> Message:
    return said(f"{post.name} is now *{post.about['new']}*, was {post.about['old']} ({post.by}).")


def _ended(word: str) -> Callable[[Post], Message]:
    def render(post: Post) -> Message:
        age = format_duration(post.overview.incident.age(post.overview.now))
        after = f" after {age}" if word == "resolved" else ""
        text = f"\n>{typed(post.about['text'], 2500).replace(chr(10), chr(10) + '>')}" if post.about.get("text") else ""
        return said(f"{post.name} is *{word}*{after} ({post.by}).{text}")

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


def _role(post: Post) -> Message:
    holder = post.about["person"]
    if holder is None:
        return said(f"Nobody is {post.about['role']} of {post.name} now ({post.by}).")
    return said(f"{person(holder)} is now *{post.about['role']}* of {post.name} ({post.by}).")


def _rota(post: Post) -> Message:
    turns = " → ".join(person(who) for who in post.about["people"])
    each = format_duration(timedelta(minutes=post.about["minutes"]))
    following, offered = post.overview.next_shift, post.overview.offer
    first = f"\nFirst handoff: {person(following.person)} at {at(following.starts_at)}." if following else ""
    if offered:
        first = f"\nCommand is offered to {person(offered.offered_to)} now."
    return said(f"Command rota of {post.name}: {turns}, {each} each, from now on ({post.by}).{first}")


def _rota_stopped(post: Post) -> Message:
    held = post.overview.command
    stays = f" {person(held.person)} stays in command." if held else ""
    return said(f"The command rota of {post.name} was stopped ({post.by}).{stays}")


def _shift_soon(post: Post) -> Message:
    shift = post.shift
    if shift is None:
        return said(f"Your shift for {post.name} is not planned any more.")
    starts, ends = clock_time(shift.starts_at, post.zone), clock_time(shift.ends_at, post.zone)
    held = post.overview.command
    holder = f" {person(held.person)} holds it now." if held else ""
    return said(
        f"You take command of *{post.name}* {post.title} at *{starts}*, until {ends}.{holder}",
        context(f"At that time I offer it to you in {where(post.overview.incident)}: press *I have command* there."),
    )


def _relieved(post: Post) -> Message:
    held_for = format_duration(timedelta(minutes=post.about["minutes"]))
    return said(f"You are relieved: {post.by} has command of {post.name}. You held command {held_for}. Rest well.")


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


POSTS: Mapping[str, Callable[[Post], Message]] = {
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
    "role": _role,
    "rota": _rota,
    "rota-stopped": _rota_stopped,
    "shift-soon": _shift_soon,
    "relieved": _relieved,
    "channel-archived": _channel_archived,
    "channel-lost": _channel_lost,
    "trouble": _trouble,
    "trouble-channel": _trouble_channel,
}


def offer(overview: Overview, handoff: Handoff, now: datetime) -> Message:
    """The offer of command in the channel, as it stands: asked, accepted or withdrawn."""
    incident = overview.incident
    name, title, to = label(incident), typed(incident.title), person(handoff.offered_to)
    if handoff.state is HandoffState.ACCEPTED:
        return said(f"{to} *has command* of {name} {title}.")
    if handoff.state is HandoffState.WITHDRAWN:
        kept = f" {person(overview.command.person)} has command." if overview.command else ""
        return said(f"The offer of command to {to} was withdrawn.{kept}")
    held = overview.command
    holder = f" {person(held.person)} holds command until you accept." if held else ""
    late = now - handoff.boundary_at
    text = f"{to}, your shift in command of *{name}* {title} begins {at(handoff.boundary_at)}.{holder}"
    text += late_words(late if late > LATE_AFTER else timedelta())
    accept = button("I have command", "handoff:accept", str(handoff.id), "primary")
    return Message(text, [section(text), actions(accept)])
