"""Answers about command and rotas, for one person's eyes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.command import COMMANDER, How, Tenure, role_name, rota_name
from bot.domain.handoff import Taking
from bot.domain.incident import Incident, PersonId
from bot.domain.overview import Overview
from bot.domain.rota import Rota, Shift
from bot.domain.text import format_duration
from bot.messages.card import command_line, handoff_line, label
from bot.messages.kit import Block, Message, actions, at, button, context, person, said, section, typed

_LOGGED = 12
_LATE = timedelta(minutes=1)
_HOW = {
    How.DECLARED: "declared it",
    How.OPENED: "put there by a machine",
    How.ACCEPTED: "accepted",
    How.TOOK: "took it",
    How.RELIEVED: "relieved the one before",
    How.ASSIGNED: "was given it",
    How.REOPENED: "reopened it",
}


def command(overview: Overview, log: Sequence[Tenure]) -> Message:
    """Who is in command, since when, who is next, who was, and **Take command**."""
    incident, held = overview.incident, overview.command
    blocks: list[Block] = [section(command_line(overview))]
    if held:
        blocks.append(section(handoff_line(overview)))
    past = [log_line(tenure, overview.now) for tenure in log[-_LOGGED:]]
    more = f"\nand {len(log) - _LOGGED} before" if len(log) > _LOGGED else ""
    blocks.append(section("*Command log*\n" + "\n".join(past) + more))
    if held:
        number = str(incident.number)
        blocks.append(
            actions(
                button("Take command…", "command:take", number),
                button("Hand over…", "handoff:open", number),
                button("Rota", "rota:show", number),
            )
        )
    text = f"{person(held.person)} is in command" if held else "nobody is in command"
    return Message(f"{label(incident)}: {text}", blocks)


def log_line(tenure: Tenure, now: datetime) -> str:
    """Who, from when to when, how long, how, how late, and why."""
    until = f" to {at(tenure.ended_at, '{time}')}" if tenure.ended_at else ""
    late = timedelta(seconds=tenure.late_seconds)
    lateness = f" after {format_duration(late)}" if late >= _LATE else ""
    why = f": {typed(tenure.reason, 200)}" if tenure.reason else ""
    how = _HOW[tenure.how] + ("" if tenure.confirmed else ", unconfirmed")
    held = format_duration(tenure.length(now))
    return f"{person(tenure.person)} {at(tenure.started_at)}{until} ({held}), {how}{lateness}{why}"


def rota(
    incident: Incident,
    running: Rota | None,
    shifts: Sequence[Shift],
    zones: Mapping[PersonId, ZoneInfo],
    now: datetime,
    *,
    role: str = COMMANDER,
    log: Sequence[Tenure] = (),
    warnings: Sequence[str] = (),
    extension: timedelta = timedelta(),
) -> Message:
    """The plan for the next 48 h: in the reader's own zone, and beside it on each person's own wall.

    `extension`: by how much its button moves the next boundary; none: there is no button.
    """
    if running is None:
        start = "start" if role == COMMANDER else f"for {role} start"
        text = f"{label(incident)} has no rota for {role_name(role)}."
        number = str(incident.number)
        opens = [actions(button("Start a rota…", "rota:open", number, "primary"))] if role == COMMANDER else []
        return said(text, *opens, context(f"Or in one line: `/incident rota {start} @ada @bob 8h`"))
    lines = [_shift_line(shift, zones, now) for shift in shifts if shift.ends_at > now][:12]
    title = f"*{rota_name(role)} of {label(incident)}*, {format_duration(running.shift, days=False)} each"
    blocks: list[Block] = [section(title + "\n" + "\n".join(lines))]
    if warnings:
        blocks.append(context("⚠ " + "\n⚠ ".join(warnings[:5])))
    if log:
        blocks.append(section("*Held by*\n" + "\n".join(log_line(tenure, now) for tenure in log[-6:])))
    if role == COMMANDER and incident.is_open:
        number = str(incident.number)
        extend = [button(f"Extend {format_duration(extension)}", "rota:extend", number)] if extension else []
        blocks.append(
            actions(
                button("Change the rota…", "rota:edit", number),
                *extend,
                button("Hand over…", "handoff:open", number),
            )
        )
    return Message(f"{rota_name(role)} of {label(incident)}", blocks)


def _shift_line(shift: Shift, zones: Mapping[PersonId, ZoneInfo], now: datetime) -> str:
    mark = "➤" if shift.starts_at <= now else "•"
    zone = zones.get(shift.person)
    own = ""
    if zone:
        start, end = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
        # The clocks may change in the middle of a shift.
        change = f" {start:%Z}" if start.tzname() != end.tzname() else ""
        own = f" · theirs {start:%a %H:%M}{change}–{end:%H:%M} {end:%Z}"
    said_so = " · can't, asking others" if shift.cant_at else " · up" if shift.up_at else ""
    said_so = said_so or (" · will be there" if shift.confirmed_at else "")
    return f"{mark} {at(shift.starts_at)} to {at(shift.ends_at, '{time}')} {person(shift.person)}{own}{said_so}"


def taken(overview: Overview, role: str = COMMANDER, warnings: Sequence[str] = ()) -> Message:
    """To whoever has just accepted or taken a role."""
    incident, following = overview.incident, overview.next_shift
    text = f"You have {role_name(role)} of *{label(incident)}* {typed(incident.title)}."
    if role == COMMANDER and following:
        text += f" Next handoff: {person(following.person)} at {at(following.starts_at)}."
    return said(text, *([context("⚠ " + "\n⚠ ".join(warnings))] if warnings else []))


def asked_for_command(incident: Incident, taking: Taking, now: datetime) -> Message:
    """To whoever asked for command: what happens next."""
    take = actions(button("Take command now", "taking:confirm", str(taking.id), "primary"))
    if taking.confirm_at <= now:
        return said(f"{person(taking.holder)} can't answer: you may take command of *{label(incident)}* now.", take)
    wait = format_duration(taking.confirm_at - now)
    return said(
        f"{person(taking.holder)} is asked for command of *{label(incident)}*."
        f" If nothing is said for {wait}, I'll tell you, and you may take it.",
        take,
    )
