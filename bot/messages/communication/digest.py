"""The digest: every open incident on a few lines, for people who read one thing a day."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.incident import Incident
from bot.domain.overview import Overview
from bot.domain.text import format_duration
from bot.domain.timeline import EntryKind
from bot.messages.card import label, mark, where
from bot.messages.kit import Block, Message, at, context, divider, header, person, section, typed

# A message has 50 blocks; a digest that names more than this has another problem.
_MOST = 15


def digest(opened: Sequence[Overview], resolved: Sequence[Incident], now: datetime) -> Message:
    """Open incidents, the worst first, then those resolved in the last day."""
    count = f"{len(opened)} open incident{'' if len(opened) == 1 else 's'}"
    blocks: list[Block] = [header("Incident digest"), context(f"{count}, as of {at(now)}")]
    for overview in opened[:_MOST]:
        blocks += [divider(), section(_lines(overview))]
    if len(opened) > _MOST:
        blocks.append(context(f"and {len(opened) - _MOST} more: `/incident list`"))
    if not opened:
        blocks.append(section("Nothing is open."))
    if resolved:
        lines = [f"✅ *{label(found)}* {typed(found.title, 200)}, {_ended(found)}" for found in resolved[:10]]
        blocks += [divider(), section("*Resolved in the last 24 h*\n" + "\n".join(lines))]
    return Message(f"Incident digest: {count}", blocks)


def _lines(overview: Overview) -> str:
    incident = overview.incident
    lines = [
        f"{mark(incident)} *{label(incident)}* {typed(incident.title, 200)}",
        f"{incident.severity} · {incident.state} · {format_duration(incident.age(overview.now))} · {where(incident)}",
    ]
    held = overview.command
    if held:
        line = f"IC {person(held.person)} for {format_duration(held.length(overview.now))}"
        if overview.unanswered:
            line += f"; *nobody has accepted command* since {at(overview.unanswered.boundary_at)}"
        elif overview.offer:
            line += f", offered to {person(overview.offer.offered_to)} since {at(overview.offer.boundary_at)}"
        elif overview.next_shift:
            line += f", then {person(overview.next_shift.person)} at {at(overview.next_shift.starts_at)}"
        lines.append(line)
    # What the lines above say already is not said again.
    told = [entry for entry in overview.latest if entry.kind not in {EntryKind.SYSTEM, EntryKind.COMMAND}]
    if told:
        last = told[-1]
        lines.append(f"Last: {typed(last.text, 200)} ({at(last.at)})")
    return "\n".join(lines)


def _ended(incident: Incident) -> str:
    when = at(incident.resolved_at) if incident.resolved_at else ""
    return f"{when} after {format_duration(incident.age(incident.resolved_at or incident.declared_at))}"
