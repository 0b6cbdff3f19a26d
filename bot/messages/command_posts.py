"""Texts about command: shifts, the boundary table, the ladder, taking. Said by DM unless a comment says otherwise."""

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.boundary import LADDER_FROM_BOUNDARY
from bot.domain.command import COMMANDER, How, role_name, rota_name
from bot.domain.handoff import OF_THE_HOLDER, HandoffKind, silence_before_taking
from bot.domain.reminder import LATE_AFTER
from bot.domain.rota import Shift
from bot.domain.text import format_duration
from bot.messages.card import late_words, where
from bot.messages.kit import Block, Message, actions, at, button, context, said, typed
from bot.messages.post import Post, Text

_GONE = "That is not planned any more; nothing is expected of you."


def about_shift(shift: Shift) -> str:
    """The value of a button about a shift: which, and which version of it."""
    return f"{shift.id}:{shift.version}"


def _cant(shift: Shift) -> Block:
    return button("I can't", "shift:cant", about_shift(shift))


def _up(shift: Shift) -> Block:
    return actions(button("I'm up", "shift:up", about_shift(shift), "primary"), _cant(shift))


def _holder(post: Post) -> str:
    held = post.overview.command
    return post.name_of(held.person) if held else "nobody"


def _role(post: Post) -> str:
    shift = post.shift or (post.shifts[0] if post.shifts else None)
    return role_name(str(post.about.get("role") or (shift.role if shift else COMMANDER)))


def _minutes(duration: timedelta) -> str:
    """A duration to the nearest minute: what is due at a minute is said some milliseconds after it."""
    return format_duration(timedelta(minutes=round(duration.total_seconds() / 60)))


def _rota_name(post: Post) -> str:
    return rota_name(str(post.about.get("role") or COMMANDER))


def _from_to(post: Post, shift: Shift) -> str:
    return f"{post.clock(shift.starts_at)} to {post.clock(shift.ends_at)}"


def _plan(post: Post) -> Message:
    coming = [shift for shift in post.shifts if shift.starts_at > post.now]
    if not post.shifts:
        return said(f"You have no shift in {_role(post)} of *{post.name}* {post.title} any more.")
    lines = [f"{'➤' if shift.starts_at <= post.now else '•'} {_from_to(post, shift)}" for shift in post.shifts[:8]]
    text = f"Your shifts in {_role(post)} of *{post.name}* {post.title}:\n" + "\n".join(lines)
    warning = [context(f"⚠ {post.about['warning']}")] if post.about.get("warning") else []
    if not coming:
        return said(text, *warning)
    first = coming[0]
    there = button("I'll be there", "shift:there", about_shift(first), "primary")
    ask = f"The buttons are about {post.clock(first.starts_at)}. I'll ask again an hour before."
    return said(text, actions(there, _cant(first)), context(ask), *warning)


def _shift_hour(post: Post) -> Message:
    shift = post.shift
    if shift is None:
        return said(_GONE)
    text = (
        f"At *{post.clock(shift.starts_at)}* you take {_role(post)} of *{post.name}* {post.title},"
        f" until {post.clock(shift.ends_at)}. {_holder(post)} has command now. Are you up?"
    )
    return said(text, _up(shift), context(f"It is in {where(post.overview.incident)}."))


def _shift_hour_out(post: Post) -> Message:
    shift = post.shift
    if shift is None:
        return said(_GONE)
    number = str(post.overview.incident.number)
    text = (
        f"At *{post.clock(shift.starts_at)}* {post.name_of(shift.person)} takes {_role(post)} of *{post.name}*"
        f" {post.title} from you. Will it be over soon? Then extend, and nobody is woken. Else get the briefing ready:"
        " what worries you, and what to do first."
    )
    buttons = [
        button("Extend 1 h", "shift:extend", about_shift(shift)),
        button("Write the briefing…", "briefing:open", number),
    ]
    return said(text, actions(*(buttons if shift.role == COMMANDER else buttons[:1])))


def _shift_page(post: Post) -> Message:
    shift = post.shift
    if shift is None:
        return said(_GONE)
    left = _minutes(shift.starts_at - post.now)
    text = (
        f"*Are you up?* At *{post.clock(shift.starts_at)}*, in {left}, you take command of *{post.name}* {post.title}."
        f" {_holder(post)} waits to be relieved."
    )
    return said(text, _up(shift))


def _stand_in(post: Post) -> Message:
    shift = post.shift
    if shift is None:
        return said(_GONE)
    why = "can't come" if shift.cant_at else "has not said yet whether they are up"
    return said(
        f"{post.name_of(shift.person)}, who takes command of *{post.name}* {post.title}"
        f" at {post.clock(shift.starts_at)},"
        f" {why}. If they don't accept, I'll ask you first. There is nothing to do now."
    )


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
        return said(_GONE)
    to, role = post.name_of(handoff.offered_to), role_name(handoff.role)
    rest = LADDER_FROM_BOUNDARY - (post.now - handoff.offered_at)
    then = f" In {_minutes(rest)} I ask others." if handoff.role == COMMANDER and rest > timedelta() else ""
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
        f" {post.clock(handoff.boundary_at)}. {_holder(post)} waits to be relieved."
    )
    if handoff.role != COMMANDER:
        accept = button(f"I have {role_name(handoff.role)}", "handoff:accept", str(handoff.id), "primary")
        return said(text, actions(accept, button("I can't", "handoff:decline", str(handoff.id))))
    return said(text, _may_accept(post))


def _answered(post: Post) -> str:
    held = post.overview.command
    has = f" {post.name_of(held.person)} has command." if held else ""
    return f"*{post.name}* {post.title} needed somebody in command; that is settled.{has}"


def _ladder(post: Post) -> Message:
    handoff = post.handoff
    if handoff is None or _settled(post):
        return said(_answered(post))
    silent = {
        HandoffKind.PRESENCE: f"{_holder(post)}, who has command, does not answer.",
        HandoffKind.TAKING: f"{_holder(post)}, who has command, does not answer.",
        HandoffKind.CONFIRM: f"{typed(post.overview.incident.source)} opened it, and nobody has confirmed it yet.",
    }
    to = post.name_of(handoff.offered_to)
    why = silent.get(handoff.kind, f"{to} was to take it and has not; {_holder(post)} still has it.")
    following = post.overview.next_shift
    until = f" It would be until {post.clock(following.starts_at)}." if following else ""
    text = f"*{post.name}* {post.title} ({post.overview.incident.severity}) needs you in command. {why}{until}"
    return said(text, _may_accept(post))


def _managers(post: Post) -> Message:
    handoff = post.handoff
    if handoff is None or _settled(post):
        return said(_answered(post))
    late = format_duration(post.now - handoff.boundary_at)
    asked = ", ".join(post.name_of(who) for who in post.asked)
    return said(
        f"Nobody has relieved {_holder(post)} in command of *{post.name}* {post.title}: the shift of"
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
    text = (
        f"*Nobody has accepted command of {post.name}* since {at(handoff.boundary_at)}. {_holder(post)} still has it."
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
        f" {post.name_of(incident.declared_by)}. {_holder(post)} has command until you accept: {where(incident)}."
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
    name = post.overview.incident.name
    return said(
        f"{post.by} can't take {_role(post)} of *{post.name}* {post.title}. It stays yours.",
        context(f"Offer it to somebody else: `/incident handoff {name} @eve`"),
    )


def _relieved(post: Post) -> Message:
    held_for = format_duration(timedelta(minutes=post.about["minutes"]))
    how = {How.TOOK: "has taken", How.RELIEVED: "relieves you and has"}.get(post.about.get("how", ""), "has")
    why = f" ({typed(post.about['reason'])})" if post.about.get("reason") else ""
    coming = [shift for shift in post.shifts if shift.starts_at > post.now]
    following = f" Your next shift is {_from_to(post, coming[0])}." if coming else ""
    return said(
        f"You are relieved: {post.by} {how} {_role(post)} of *{post.name}*{why}. You held it {held_for}.{following}"
        " Rest well."
    )


def _cant_said(post: Post) -> Message:
    shift = post.shift
    if shift is None:
        return said(_GONE)
    return said(
        f"{post.by} can't take {_role(post)} of *{post.name}* at {post.clock(shift.starts_at)}."
        " I'm asking the others, one at a time, whether they would trade."
    )


def _trade(post: Post) -> Message:
    shift, own = post.shift, post.other_shift
    if shift is None:
        return said(_GONE)
    other = post.name_of(shift.person)
    give = f" {other} would take yours, {_from_to(post, own)}." if own else ""
    text = (
        f"{other} can't take {_role(post)} of *{post.name}* {post.title} from {_from_to(post, shift)}. Would you?{give}"
    )
    trade = str(post.about["trade"])
    take = button("I take it", "trade:accept", trade, "primary")
    return said(text, actions(take, button("I can't", "trade:decline", trade)))


def _no_trade(post: Post) -> Message:
    shift = post.shift
    if shift is None:
        return said(_GONE)
    whose = "your shift" if post.to == shift.person else f"the shift of {post.name_of(shift.person)}"
    return said(
        f"Nobody could take {whose} in {_role(post)} of *{post.name}* at {post.clock(shift.starts_at)}."
        " When it begins I'll ask whoever else may command.",
        context(f"Add somebody: `/incident rota add {post.overview.incident.name} @eve`"),
    )


def _taking(post: Post) -> Message:
    minutes = format_duration(silence_before_taking(post.overview.incident.severity))
    taking = str(post.about["taking"])
    text = f"{post.by} asks you for command of *{post.name}* {post.title}: {typed(post.about['reason'])}"
    buttons = actions(button("Hand over", "taking:hand", taking, "primary"), button("I keep it", "taking:keep", taking))
    return said(text, buttons, context(f"If you say nothing for {minutes}, they may take it."))


def _taking_free(post: Post) -> Message:
    take = button("Take command now", "taking:confirm", str(post.about["taking"]), "primary")
    return said(f"{_holder(post)} has not answered. You may take command of *{post.name}* {post.title}.", actions(take))


def _kept(post: Post) -> Message:
    return said(f"{post.by} keeps command of *{post.name}* {post.title}.")


def _command(post: Post) -> Message:
    """In the channel."""
    how = {How.TOOK: "has taken", How.RELIEVED: "has relieved the one before, and has"}
    why = f": {typed(post.about['reason'])}" if post.about.get("reason") else "."
    return said(f"{post.by} *{how.get(post.about.get('how', ''), 'has')} command* of {post.name}{why}")


def _rota(post: Post) -> Message:
    """In the channel."""
    rota = post.overview.rotas.get(str(post.about.get("role") or COMMANDER))
    if rota is None:
        return said(f"The rota of {post.name} was changed ({post.by}).")
    turns = " → ".join(post.name_of(who) for who in rota.people)
    following, offered = post.overview.next_shift, post.overview.offer
    when = "from now on" if rota.anchor <= post.now + LATE_AFTER else f"from {at(rota.anchor)} on"
    each = format_duration(rota.shift)
    text = f"{rota_name(rota.role)} of {post.name}: {turns}, {each} each, {when} ({post.by})."
    if rota.role == COMMANDER and offered:
        text += f"\nCommand is offered to {post.name_of(offered.offered_to)} now."
    elif rota.role == COMMANDER and following:
        text += f"\nFirst handoff: {post.name_of(following.person)} at {at(following.starts_at)}."
    return said(text, context("Everybody has their shifts by DM, in their own zone. The plan: `/incident rota`"))


def _rota_changed(post: Post) -> Message:
    """In the channel."""
    following = post.overview.next_shift
    text = f"{_rota_name(post)} of {post.name}: {_named(post, post.about['words'])} ({post.by})."
    if following and _role(post) == role_name(COMMANDER):
        text += f" Next handoff: {post.name_of(following.person)} at {at(following.starts_at)}."
    return said(text)


def _named(post: Post, words: str) -> str:
    """Mentions as names: those concerned have been told by DM."""
    for who in post.names:
        words = words.replace(f"<@{who}>", post.name_of(who))
    return words


def _rota_stopped(post: Post) -> Message:
    """In the channel."""
    stays = f" {_holder(post)} stays in command." if _role(post) == role_name(COMMANDER) else ""
    return said(f"{_rota_name(post)} of {post.name}: stopped ({post.by}).{stays}")


# Said only while the question that they are about is open: an answer that came first makes them needless.
WHILE_OPEN = frozenset({"late-out", "late-in", "ladder", "managers", "unanswered", "duty-offer", "reopened-offer"})

POSTS: Mapping[str, Text] = {
    "plan": _plan,
    "shift-hour": _shift_hour,
    "shift-hour-out": _shift_hour_out,
    "shift-page": _shift_page,
    "stand-in": _stand_in,
    "late-out": _late_out,
    "late-in": _late_in,
    "ladder": _ladder,
    "managers": _managers,
    "unanswered": _unanswered,
    "duty-offer": _duty_offer,
    "reopened-offer": _reopened_offer,
    "declined": _declined,
    "relieved": _relieved,
    "cant": _cant_said,
    "trade": _trade,
    "no-trade": _no_trade,
    "taking": _taking,
    "taking-free": _taking_free,
    "kept": _kept,
    "command": _command,
    "rota": _rota,
    "rota-changed": _rota_changed,
    "rota-stopped": _rota_stopped,
}


def offer(post: Post, declined: bool) -> Message:
    """The offer of a role in the channel, as it stands: asked, accepted, declined, withdrawn or expired."""
    handoff = post.handoff
    if handoff is None:
        return said(_GONE)
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
    late = post.now - handoff.boundary_at
    if handoff.shift:
        text = f"{to}, your shift in {role} of *{name}* {title} begins {at(handoff.boundary_at)}.{holder}"
    else:
        text = f"{to}, {post.name_of(handoff.offered_by)} offers you {role} of *{name}* {title}.{holder}"
    text += late_words(late if late > LATE_AFTER and handoff.kind is HandoffKind.BOUNDARY else timedelta())
    accept = button(f"I have {role}", "handoff:accept", str(handoff.id), "primary")
    return said(text, actions(accept, button("I can't", "handoff:decline", str(handoff.id))))


_ENDED = {"declined": "was declined", "expired": "has expired"}
