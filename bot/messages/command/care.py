"""Texts that look after people, each said to one person by DM: presence, fatigue, the suggestion of a rota, hours."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.fatigue import Hours
from bot.domain.presence import ON_A_CALL
from bot.domain.text import format_duration
from bot.messages.card import where
from bot.messages.kit import Block, Message, actions, button, context, person, said
from bot.messages.post import Post, Text

_QUIET = format_duration(ON_A_CALL)


def _time(epoch: object) -> datetime:
    return datetime.fromtimestamp(float(str(epoch)), UTC)


def _moved_on(post: Post) -> bool:
    """Whether somebody else has command by the time at which this is said."""
    held = post.overview.command
    return held is None or held.id != post.about["tenure"]


def _relieved(post: Post) -> Message:
    return said(f"Command of *{post.name}* {post.title} has moved on meanwhile; nothing is expected of you.")


def _answers(post: Post) -> Block:
    tenure = str(post.about["tenure"])
    return actions(button("I'm here", "presence:here", tenure, "primary"), button("On a call", "presence:call", tenure))


_ANY_SIGN = (
    f"Anything you do in the incident is an answer too. *On a call*: I won't ask again for {_QUIET}."
    " Rather rest? `/incident handoff`"
)


def _presence(post: Post) -> Message:
    if _moved_on(post):
        return _relieved(post)
    text = (
        f"*Are you there?* You have command of *{post.name}* {post.title}, and the last I saw of you there was at"
        f" {post.clock(_time(post.about['since']))}. {_otherwise(post)}"
    )
    return said(text, _answers(post), context(_ANY_SIGN))


def _presence_left(post: Post) -> Message:
    if _moved_on(post):
        return _relieved(post)
    incident = post.overview.incident
    text = (
        f"*Are you there?* You left {where(incident)} while you have command of *{post.name}* {post.title}."
        f" {_otherwise(post)}"
    )
    number = str(incident.number)
    back = actions(
        button("Back into the channel", "incident:join", number), button("Hand over…", "handoff:open", number)
    )
    return said(text, _answers(post), back)


def _otherwise(post: Post) -> str:
    by = _time(post.about["answer_by"])
    when = f"at {post.clock(by)}" if by > post.now else "soon"
    return f"Without an answer I ask others {when} to take command."


def _fatigue(post: Post) -> Message:
    held = post.overview.command
    if held is None or _moved_on(post):
        return _relieved(post)
    facts: list[str] = []
    if "beyond_minutes" in post.about:
        beyond = format_duration(timedelta(minutes=post.about["beyond_minutes"]), days=False)
        facts.append(f"Your shift ended {beyond} ago.")
    if "day_minutes" in post.about:
        in_day = format_duration(timedelta(minutes=post.about["day_minutes"]), days=False)
        facts.append(f"You have had command for {in_day} of the last 24 h, over all incidents; ten hours are the most.")
    now = format_duration(held.length(post.now), days=False)
    text = f"*{post.name}* {post.title}: you have had command for {now}. {' '.join(facts)} Time for a fresh mind?"
    value = f"{held.id}:{int(post.about['at'])}"
    buttons = actions(
        button("Hand over…", "handoff:open", str(post.overview.incident.number), "primary"),
        button("I go on", "fatigue:go-on", value),
    )
    return said(text, buttons, context("Going on is your choice; the timeline will say so."))


def _suggest_rota(post: Post) -> Message:
    held = post.overview.command
    if held is None or _moved_on(post):
        return _relieved(post)
    alone = format_duration(held.length(post.now))
    named = [_rested(post, one["id"], one["zone"]) for one in post.about["people"]]
    text = f"You have had command of *{post.name}* {post.title} for {alone}, and nobody is planned after you."
    if named:
        text += " Shall others take turns with you? These are rested:\n" + "\n".join(named)
    else:
        text += " Nobody I know of is rested: ask your managers who could come."
    number = str(post.overview.incident.number)
    line = "Or in one line, in its channel: `/incident rota start @you @them 8h`"
    return said(text, actions(button("Start a rota…", "rota:open", number, "primary")), context(line))


def _rested(post: Post, who: str, zone: str) -> str:
    there = f", {post.now.astimezone(ZoneInfo(zone)):%H:%M} there" if zone else ""
    return f"• {person(who)}{there}"


def on_a_call(until: datetime, zone: ZoneInfo) -> str:
    """To whoever is on a call."""
    return f"All right: I won't ask whether you are there until {until.astimezone(zone):%H:%M %Z}."


def hours(of: str, found: Hours, *, own: bool) -> Message:
    """Somebody's hours in command. `of`: a mention, for whoever edits the roster."""
    who, has, was = ("You", "have", "Your") if own else (of, "has", "Their")
    if found.has_command:
        rest = f"{who} {has} command now."
    elif found.rest is None:
        rest = f"{who} {has} had no command in the last 7 days."
    else:
        rest = f"{who} {has} rested {format_duration(found.rest)} since then."
    lines = [
        f"*{was} hours in command*, over all incidents",
        f"Last 24 h: {format_duration(found.in_day, days=False)}",
        f"Last 7 days: {format_duration(found.in_week, days=False)}",
        rest,
    ]
    if found.accepted:
        late = ", ".join(format_duration(one) for one in found.late)
        count = "once" if found.accepted == 1 else f"{found.accepted} times"
        lines.append(f"Accepted command {count}" + (f"; late by {late}." if late else ", on time."))
    shown_to = "Seen by you and by those who edit the roster; nobody is ranked."
    return said("\n".join(lines), context(shown_to))


POSTS: Mapping[str, Text] = {
    "presence": _presence,
    "presence-left": _presence_left,
    "fatigue": _fatigue,
    "suggest-rota": _suggest_rota,
}
