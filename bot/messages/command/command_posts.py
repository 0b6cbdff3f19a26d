"""Texts about who has command: offers, the ladder, taking. Said by DM unless they say otherwise."""

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.boundary import LADDER_FROM_BOUNDARY
from bot.domain.command import COMMANDER, How, role_name
from bot.domain.handoff import OF_THE_HOLDER, HandoffKind, silence_before_taking
from bot.domain.reminder import LATE_AFTER
from bot.domain.text import format_duration
from bot.messages.card import late_words, where
from bot.messages.kit import Block, Message, actions, at, button, context, said, typed
from bot.messages.post import GONE, Post, Text, minutes


def _may_accept(post: Post) -> Block:
    handoff = str(post.about["handoff"])
    return actions(
        button("I have command", "handoff:accept", handoff, "primary"), button("I can't", "handoff:decline", handoff)
    )


def _settled(post: Post) -> bool:
    return post.handoff is None or not post.handoff.is_open


def _late_out(post: Post) -> Message:
    handoff = post.handoff
    if handoff is None:
        return said(GONE)
    to, role = post.name_of(handoff.offered_to), role_name(handoff.role)
    rest = LADDER_FROM_BOUNDARY - (post.now - handoff.offered_at)
    then = f" In {minutes(rest)} I ask others." if handoff.role == COMMANDER and rest > timedelta() else ""
    return said(
        f"{to} has not accepted {role} of *{post.name}* {post.title} yet, due {post.clock(handoff.boundary_at)}."
        f" It stays yours until somebody does.{then}"
    )


def _late_in(post: Post) -> Message:
    handoff = post.handoff
    if handoff is None or _settled(post):
        return said(_answered(post))
    text = (
        f"Your shift in {role_name(handoff.role)} of *{post.name}* {post.title} began"
        f" {post.clock(handoff.boundary_at)}. {post.holder} waits to be relieved."
    )
    if handoff.role != COMMANDER:
        accept = button(f"I have {role_name(handoff.role)}", "handoff:accept", str(handoff.id), "primary")
        return said(text, actions(accept, button("I can't", "handoff:decline", str(handoff.id))))
    return said(text, _may_accept(post), _how_it_stands(post))


def _how_it_stands(post: Post) -> Block:
    """For somebody who has just woken up."""
    incident = post.overview.incident
    return context(f"It is in {where(incident)}. How it stands: `/incident catchup {incident.name}`")


def _answered(post: Post) -> str:
    held = post.overview.command
    has = f" {post.name_of(held.person)} has command." if held else ""
    return f"*{post.name}* {post.title} needed somebody in command; that is settled.{has}"


def _ladder(post: Post) -> Message:
    handoff = post.handoff
    if handoff is None or _settled(post):
        return said(_answered(post))
    silent = {
        HandoffKind.PRESENCE: f"{post.holder}, who has command, does not answer.",
        HandoffKind.TAKING: f"{post.holder}, who has command, does not answer.",
        HandoffKind.CONFIRM: f"{typed(post.overview.incident.source)} opened it, and nobody has confirmed it yet.",
    }
    to = post.name_of(handoff.offered_to)
    why = silent.get(handoff.kind, f"{to} was to take it and has not; {post.holder} still has it.")
    following = post.overview.next_shift
    until = ""
    if following:
        own = following.person == post.to
        until = f" {'Your own shift begins' if own else 'It would be until'} {post.clock(following.starts_at)}."
    text = f"*{post.name}* {post.title} ({post.overview.incident.severity}) needs you in command. {why}{until}"
    return said(text, _may_accept(post), _how_it_stands(post))


def _managers(post: Post) -> Message:
    handoff = post.handoff
    if handoff is None or _settled(post):
        return said(_answered(post))
    late = format_duration(post.now - handoff.boundary_at)
    asked = ", ".join(post.name_of(who) for who in post.asked)
    return said(
        f"Nobody has relieved {post.holder} in command of *{post.name}* {post.title}: the shift of"
        f" {post.name_of(handoff.offered_to)} began {late} ago. Asked besides: {asked or 'nobody is left to ask'}.",
        context(f"You hear this once. Whoever can take it presses *Take command* in {where(post.overview.incident)}."),
    )


def _unanswered(post: Post) -> Message:
    """In the channel."""
    handoff = post.handoff
    if handoff is None or _settled(post):
        return said(_answered(post))
    first = [] if handoff.kind in OF_THE_HOLDER else [handoff.offered_to]
    asked = ", ".join(post.name_of(who) for who in dict.fromkeys([*first, *post.asked])) or "nobody was left to ask"
    state = "Everybody was asked" if handoff.exhausted_at else "Asked so far"
    silent = handoff.kind in {HandoffKind.PRESENCE, HandoffKind.TAKING}
    has = "has it and does not answer" if silent else "still has it"
    text = (
        f"*Nobody has accepted command of {post.name}* since {at(handoff.boundary_at)}. {post.holder} {has}."
        f" {state}: {asked}."
    )
    take = button("Take command…", "command:take", str(post.overview.incident.number), "primary")
    return said(text, actions(take))


def _duty_offer(post: Post) -> Message:
    handoff, incident = post.handoff, post.overview.incident
    if handoff is None or _settled(post):
        return said(_answered(post))
    if handoff.kind is HandoffKind.CONFIRM:
        text = (
            f"*{post.name}* {post.title} ({incident.severity}) was opened by {typed(incident.source)}, and you are its"
            f" IC. Nobody is at it until you confirm: {where(incident)}."
        )
        return said(text, _may_accept(post))
    text = (
        f"You are the IC on duty: *{post.name}* {post.title} ({incident.severity}) was declared by"
        f" {post.name_of(incident.declared_by)}. {post.holder} has command until you accept: {where(incident)}."
    )
    return said(text, _may_accept(post))


def _reopened_offer(post: Post) -> Message:
    if _settled(post):
        return said(_answered(post))
    text = (
        f"*{post.name}* {post.title} is open again ({post.by}), who has command until you accept:"
        f" {where(post.overview.incident)}."
    )
    return said(text, _may_accept(post))


def _declined(post: Post) -> Message:
    name, role = post.overview.incident.name, str(post.about.get("role") or COMMANDER)
    has = next((tenure.person for tenure in post.overview.tenures if tenure.role == role), None)
    stays = "It stays yours." if has and has == post.to else f"{post.name_of(has)} has it." if has else "Nobody has it."
    offer = f"Offer it to somebody else: `/incident handoff {name} @eve`"
    give = f"Give it to somebody else: `/incident role {name} {role} @eve`"
    return said(
        f"{post.by} can't take {post.role} of *{post.name}* {post.title}. {stays}",
        context(offer if role == COMMANDER else give),
    )


def _relieved(post: Post) -> Message:
    held_for = format_duration(timedelta(minutes=post.about["minutes"]))
    how = {How.TOOK: "has taken", How.RELIEVED: "relieves you and has"}.get(post.about.get("how", ""), "has")
    why = f" ({typed(post.about['reason'])})" if post.about.get("reason") else ""
    coming = [shift for shift in post.shifts if shift.starts_at > post.now]
    following = f" Your next shift is {post.span(coming[0])}." if coming else ""
    return said(
        f"You are relieved: {post.by} {how} {post.role} of *{post.name}*{why}. You held it {held_for}.{following}"
        " Rest well."
    )


def _taking(post: Post) -> Message:
    minutes = format_duration(silence_before_taking(post.overview.incident.severity))
    taking = str(post.about["taking"])
    text = f"{post.by} asks you for command of *{post.name}* {post.title}: {typed(post.about['reason'])}"
    buttons = actions(button("Hand over", "taking:hand", taking, "primary"), button("I keep it", "taking:keep", taking))
    return said(text, buttons, context(f"If you say nothing for {minutes}, they may take it."))


def _taking_free(post: Post) -> Message:
    take = button("Take command now", "taking:confirm", str(post.about["taking"]), "primary")
    return said(f"{post.holder} has not answered. You may take command of *{post.name}* {post.title}.", actions(take))


def _kept(post: Post) -> Message:
    return said(f"{post.by} keeps command of *{post.name}* {post.title}.")


def _still_here(post: Post) -> Message:
    """In the channel, where it was said that nobody has accepted."""
    return said(f"{post.by} is there and *keeps command* of {post.name}.")


def _command(post: Post) -> Message:
    """In the channel."""
    how = {How.TOOK: "has taken", How.RELIEVED: "has relieved the one before, and has"}
    why = f": {typed(post.about['reason'])}" if post.about.get("reason") else "."
    return said(f"{post.by} *{how.get(post.about.get('how', ''), 'has')} command* of {post.name}{why}")


# Said only while the question that they are about is open: an answer that came first makes them needless.
WHILE_OPEN = frozenset({"late-out", "late-in", "ladder", "managers", "unanswered", "duty-offer", "reopened-offer"})

POSTS: Mapping[str, Text] = {
    "late-out": _late_out,
    "late-in": _late_in,
    "ladder": _ladder,
    "managers": _managers,
    "unanswered": _unanswered,
    "duty-offer": _duty_offer,
    "reopened-offer": _reopened_offer,
    "declined": _declined,
    "relieved": _relieved,
    "taking": _taking,
    "taking-free": _taking_free,
    "kept": _kept,
    "command": _command,
    "still-here": _still_here,
}


def offer(post: Post, declined: bool) -> Message:
    """The offer of a role in the channel, as it stands: asked, accepted, declined, withdrawn or expired."""
    handoff = post.handoff
    if handoff is None:
        return said(GONE)
    name, title, to, role = post.name, post.title, f"<@{handoff.offered_to}>", role_name(handoff.role)
    held = next((tenure for tenure in post.overview.tenures if tenure.role == handoff.role), None)
    holder = f" <@{held.person}> has it until somebody accepts." if held else ""
    if handoff.accepted_by:
        return said(f"<@{handoff.accepted_by}> *has {role}* of {name} {title}.")
    if not handoff.is_open:
        why = f" ({typed(handoff.reason)})" if handoff.reason else ""
        kept = f" <@{held.person}> has {role}." if held else ""
        return said(f"The offer of {role} to {to} {_ENDED.get(handoff.state, 'was withdrawn')}{why}.{kept}")
    if declined:
        asks = " I'm asking others by DM." if handoff.role == COMMANDER else ""
        return said(f"{to} can't take {role} of *{name}* {title}.{asks}{holder}")
    # An edit makes it no later than it was.
    late = (handoff.offered_at if handoff.message_ts else post.now) - handoff.boundary_at
    if handoff.shift:
        text = f"{to}, your shift in {role} of *{name}* {title} begins {at(handoff.boundary_at)}.{holder}"
    else:
        own = held is not None and held.person == handoff.offered_by
        kept = " It stays theirs until somebody accepts." if own else holder
        text = f"{to}, {post.name_of(handoff.offered_by)} offers you {role} of *{name}* {title}.{kept}"
    text += late_words(late if late > LATE_AFTER and handoff.kind is HandoffKind.BOUNDARY else timedelta())
    accept = button(f"I have {role}", "handoff:accept", str(handoff.id), "primary")
    return said(text, actions(accept, button("I can't", "handoff:decline", str(handoff.id))))


_ENDED = {"declined": "was declined", "expired": "has expired"}
