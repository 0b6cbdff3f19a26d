"""Texts about shifts and rotas: the plan, what is asked before a boundary, trades. By DM unless they say otherwise."""

from collections.abc import Mapping

from bot.domain.command import COMMANDER, role_name, rota_name
from bot.domain.reminder import LATE_AFTER
from bot.domain.rota import Shift, longest_extension
from bot.domain.text import format_duration
from bot.messages.card import where
from bot.messages.kit import Block, Message, actions, at, button, context, said
from bot.messages.post import GONE, Post, Text, minutes


def about_shift(shift: Shift) -> str:
    """The value of a button about a shift: which, and which version of it."""
    return f"{shift.id}:{shift.version}"


def _cant(shift: Shift) -> Block:
    return button("I can't", "shift:cant", about_shift(shift))


def _up(shift: Shift) -> Block:
    return actions(button("I'm up", "shift:up", about_shift(shift), "primary"), _cant(shift))


def _plan(post: Post) -> Message:
    coming = [shift for shift in post.shifts if shift.starts_at > post.now]
    if not post.shifts:
        return said(f"You have no shift in {post.role} of *{post.name}* {post.title} any more.")
    lines = [f"{'➤' if shift.starts_at <= post.now else '•'} {post.span(shift)}" for shift in post.shifts[:8]]
    text = f"Your shifts in {post.role} of *{post.name}* {post.title}:\n" + "\n".join(lines)
    warning = [context(f"⚠ {_to_them(post, post.about['warning'])}")] if post.about.get("warning") else []
    if not coming:
        return said(text, *warning)
    first = coming[0]
    there = button("I'll be there", "shift:there", about_shift(first), "primary")
    ask = f"Will you be there {post.clock(first.starts_at)}? I'll ask again an hour before."
    return said(text, actions(there, _cant(first)), context(ask), *warning)


def _to_them(post: Post, warning: str) -> str:
    """A warning about somebody, as it is said to that person."""
    return warning.replace(f"<@{post.to}>", "You")


def _shift_hour(post: Post) -> Message:
    shift = post.shift
    if shift is None:
        return said(GONE)
    text = (
        f"*Are you up?* You take {post.role} of *{post.name}* {post.title} in"
        f" {minutes(shift.starts_at - post.now)}: *{post.span(shift)}*. {post.holder} has command now."
    )
    return said(text, _up(shift), context(f"It is in {where(post.overview.incident)}."))


def _shift_hour_out(post: Post) -> Message:
    shift = post.shift
    if shift is None:
        return said(GONE)
    number = str(post.overview.incident.number)
    what = f"{post.role} of *{post.name}* {post.title} from you"
    then, cannot = post.clock(shift.starts_at), post.about.get("cannot")
    who = post.name_of(shift.person)
    comes = f"{who} can't take {what}: {cannot}. I'll ask others then." if cannot else f"{who} takes {what}."
    more = longest_extension(shift.starts_at, shift.ends_at)
    soon = "Will it be over soon? Then extend, and nobody is woken. Else get" if more else "Get"
    text = f"At *{then}* {comes} {soon} the briefing ready: what worries you, and what to do first."
    buttons = [button(f"Extend {format_duration(more)}", "shift:extend", about_shift(shift))] if more else []
    if shift.role == COMMANDER:
        buttons.append(button("Write the briefing…", "briefing:open", number))
    return said(text, *([actions(*buttons)] if buttons else []))


def _shift_page(post: Post) -> Message:
    shift = post.shift
    if shift is None:
        return said(GONE)
    left = minutes(shift.starts_at - post.now)
    text = (
        f"*Are you up?* At *{post.clock(shift.starts_at)}*, in {left}, you take command of *{post.name}* {post.title}."
        f" {post.holder} waits to be relieved."
    )
    return said(text, _up(shift))


def _stand_in(post: Post) -> Message:
    shift = post.shift
    if shift is None:
        return said(GONE)
    cannot = post.about.get("cannot")
    why = f"can't come: {cannot}" if cannot else "has not said yet whether they are up"
    unless = "Then" if cannot else "If they don't accept,"
    return said(
        f"{post.name_of(shift.person)}, who takes command of *{post.name}* {post.title}"
        f" at {post.clock(shift.starts_at)}, {why}. {unless} I'll ask you first. There is nothing to do now."
    )


def _cant_said(post: Post) -> Message:
    shift = post.shift
    if shift is None:
        return said(GONE)
    return said(
        f"{post.by} can't take {post.role} of *{post.name}* at {post.clock(shift.starts_at)}."
        " I'm asking the others, one at a time, whether they would trade."
    )


def _left(post: Post) -> Message:
    shift = post.shift
    if shift is None:
        return said(GONE)
    number = str(post.overview.incident.number)
    edit = [actions(button("Change the rota…", "rota:edit", number))] if shift.role == COMMANDER else []
    return said(
        f"{post.by} has left the workspace, and would take {post.role} of *{post.name}* {post.title}"
        f" at {post.clock(shift.starts_at)}. Remove them from the rota, and the others move up.",
        *edit,
        context("Else I ask whoever else may command when that shift begins."),
    )


def _trade(post: Post) -> Message:
    shift, own = post.shift, post.other_shift
    if shift is None:
        return said(GONE)
    other = post.name_of(shift.person)
    give = f" {other} would take yours, {post.span(own)}." if own else ""
    text = f"{other} can't take {post.role} of *{post.name}* {post.title} from {post.span(shift)}. Would you?{give}"
    trade = str(post.about["trade"])
    take = button("I take it", "trade:accept", trade, "primary")
    return said(text, actions(take, button("I can't", "trade:decline", trade)))


def _no_trade(post: Post) -> Message:
    shift = post.shift
    if shift is None:
        return said(GONE)
    whose = "your shift" if post.to == shift.person else f"the shift of {post.name_of(shift.person)}"
    return said(
        f"Nobody could take {whose} in {post.role} of *{post.name}* at {post.clock(shift.starts_at)}."
        " When it begins I'll ask whoever else may command.",
        context(f"Add somebody: `/incident rota add {post.overview.incident.name} @eve`"),
    )


def _rota(post: Post) -> Message:
    """In the channel."""
    rota = post.overview.rotas.get(str(post.about.get("role") or COMMANDER))
    if rota is None:
        return said(f"The rota of {post.name} was changed ({post.by}).")
    turns = " → ".join(post.name_of(who) for who in rota.people)
    following, offered = post.overview.next_shift, post.overview.offer
    when = "from now on" if rota.anchor <= post.now + LATE_AFTER else f"from {at(rota.anchor)} on"
    each = format_duration(rota.shift, days=False)
    text = f"{rota_name(rota.role)} of {post.name}: {turns}, {each} each, {when} ({post.by})."
    if rota.role == COMMANDER and offered:
        text += f"\nCommand is offered to {post.name_of(offered.offered_to)} now."
    elif rota.role == COMMANDER and following:
        text += f"\nFirst handoff: {post.name_of(following.person)} at {at(following.starts_at)}."
    return said(text, context("Everybody has their shifts by DM, in their own zone. The plan: `/incident rota`"))


def _rota_changed(post: Post) -> Message:
    """In the channel."""
    following = post.overview.next_shift
    text = f"{post.rota_name} of {post.name}: {_named(post, post.about['words'])} ({post.by})."
    if following and post.role == role_name(COMMANDER):
        text += f" Next handoff: {post.name_of(following.person)} at {at(following.starts_at)}."
    return said(text)


def _named(post: Post, words: str) -> str:
    """Mentions as names: those concerned have been told by DM."""
    for who in post.names:
        words = words.replace(f"<@{who}>", post.name_of(who))
    return words


def _rota_stopped(post: Post) -> Message:
    """In the channel."""
    stays = f" {post.holder} stays in command." if post.role == role_name(COMMANDER) else ""
    return said(f"{post.rota_name} of {post.name}: stopped ({post.by}).{stays}")


# Said only as long as the boundary that they are about lies ahead.
BEFORE_BOUNDARY = frozenset({"shift-hour", "shift-hour-out", "shift-page", "stand-in"})

POSTS: Mapping[str, Text] = {
    "plan": _plan,
    "shift-hour": _shift_hour,
    "shift-hour-out": _shift_hour_out,
    "shift-page": _shift_page,
    "stand-in": _stand_in,
    "cant": _cant_said,
    "shift-left": _left,
    "trade": _trade,
    "no-trade": _no_trade,
    "rota": _rota,
    "rota-changed": _rota_changed,
    "rota-stopped": _rota_stopped,
}
