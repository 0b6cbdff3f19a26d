"""The incident at a glance in Slack: the pinned card, the announcement, the topic."""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.incident import Incident, Severity, State
from bot.domain.overview import Overview
from bot.domain.text import format_duration
from bot.messages.communication import needs, vendors
from bot.messages.communication.impact import downtime_lines, impact_line
from bot.messages.communication.progress import progress_lines
from bot.messages.communication.updates import late_mark, update_line, update_lines
from bot.messages.kit import (
    Block,
    Message,
    actions,
    are_you_sure,
    at,
    button,
    context,
    escape,
    fields,
    header,
    link_button,
    person,
    section,
    typed,
)

TOPIC_LIMIT = 250
_SEVERITY_MARK = {Severity.SEV1: "🔴", Severity.SEV2: "🟠", Severity.SEV3: "🟡", Severity.SEV4: "🔵"}
_ENDED_MARK = {State.RESOLVED: "✅", State.CLOSED: "✅", State.CANCELLED: "⚪"}


def mark(incident: Incident) -> str:
    """A coloured dot beside the words: colour alone never carries meaning."""
    return _ENDED_MARK.get(incident.state) or _SEVERITY_MARK[incident.severity]


def label(incident: Incident) -> str:
    """`DRILL INC-7`, so that an exercise says so wherever it is named."""
    return f"DRILL {incident.name}" if incident.is_drill else incident.name


def where(incident: Incident) -> str:
    """Its channel as a link; its name when there is none yet."""
    return f"<#{incident.channel_id}>" if incident.channel_id else incident.name


def one_line(overview: Overview) -> str:
    """Number, title, severity, state, IC and age, in one line of mrkdwn."""
    incident = overview.incident
    held = overview.command
    command = f" · IC {person(held.person)}" if held else ""
    age = format_duration(incident.age(overview.now))
    late = f" · {late_mark(overview)}" if late_mark(overview) else ""
    return (
        f"{mark(incident)} *{label(incident)}* {typed(incident.title)}\n"
        f"{incident.severity} · {incident.state}{command} · {age} · {where(incident)}{late}"
    )


def worst_first(overviews: Sequence[Overview]) -> list[Overview]:
    """By severity, then the older first."""
    return sorted(overviews, key=lambda overview: (overview.incident.severity, overview.incident.number))


def topic(overview: Overview, commander: str) -> str:
    """Severity, state, IC by name (Slack shows no mention in a topic): nothing that changes by the minute."""
    incident = overview.incident
    drill = "DRILL · " if incident.is_drill else ""
    command = f" · IC {commander}" if commander and overview.command else ""
    return f"{drill}{incident.severity} · {incident.state}{command}"[:TOPIC_LIMIT]


def command_line(overview: Overview) -> str:
    """Who is in command since when, or who was."""
    held = overview.command
    if held is None:
        return f"*Last IC*\n{person(overview.last_commander)}"
    unconfirmed = "" if held.confirmed else " (*unconfirmed*)"
    return f"*Incident commander*\n{person(held.person)}{unconfirmed} since {at(held.started_at)}"


def next_handoff(overview: Overview) -> str:
    """Who is next and when; or whom command is offered to right now."""
    if overview.unanswered:
        return f"*nobody has accepted* since {at(overview.unanswered.boundary_at)}"
    if overview.offer:
        return f"offered to {person(overview.offer.offered_to)}, due {at(overview.offer.boundary_at)}"
    if overview.next_shift:
        return f"{person(overview.next_shift.person)} at {at(overview.next_shift.starts_at)}"
    return "none planned"


def handoff_line(overview: Overview) -> str:
    """The next handoff under its heading."""
    return f"*Next handoff*\n{next_handoff(overview)}"


def impact_lines(overview: Overview) -> list[str]:
    """What is not restored, the most important first, then every tier; a card stands still, so nothing in it counts."""
    impact = overview.impact
    if not impact.parts:
        return []
    tiers = downtime_lines(impact, None) if len(impact.parts) > 1 else []
    return [f"*Impact* {impact_line(impact, None)}", *(f"• {tier}" for tier in tiers)]


def _facts(overview: Overview) -> list[str]:
    incident = overview.incident
    facts = [f"*Severity*\n{mark(incident)} {incident.severity}", f"*State*\n{incident.state}", command_line(overview)]
    if incident.is_open:
        facts.append(handoff_line(overview))
    facts.append(f"*Declared*\n{at(incident.declared_at)} by {_declarer(incident)}")
    if incident.resolved_at:
        facts.append(f"*Resolved*\n{at(incident.resolved_at)}, after {format_duration(incident.age(overview.now))}")
    if incident.call_url:
        facts.append(f"*Call*\n<{incident.call_url.replace('&', '&amp;')}|Join the call>")
    facts += [f"*{tenure.role.capitalize()}*\n{person(tenure.person)}" for tenure in overview.others]
    return facts


def _declarer(incident: Incident) -> str:
    return typed(incident.source) if incident.source else person(incident.declared_by)


def _buttons(incident: Incident) -> Block:
    number = str(incident.number)
    if incident.state is State.CLOSED or not incident.is_open:
        return actions(button("Reopen", "incident:reopen", number), button("Timeline", "incident:timeline", number))
    sure = are_you_sure("Resolve?", f"{incident.name} is over: command and rota end.", "Resolve", "Not yet")
    return actions(
        button("Take command…", "command:take", number),
        button("Rota", "rota:show", number),
        button("Edit…", "incident:edit", number),
        button("Impact…", "impact:open", number),
        button("Update…", "update:write", number),
        button("Add note…", "incident:note", number),
        button("Timeline", "incident:timeline", number),
        button("Resolve", "incident:resolve", number, "primary", sure),
    )


def card(overview: Overview) -> Message:
    """The pinned message of the incident's channel, with its buttons."""
    incident = overview.incident
    facts = _facts(overview)
    blocks: list[Block] = [header(f"{mark(incident)} {label(incident)} {incident.title}")]
    if incident.is_drill:
        blocks.append(context("This is a drill: nothing is really broken."))
    if impact := impact_lines(overview):
        blocks.append(section("\n".join(impact)))
    blocks += [fields(facts[start : start + 10]) for start in range(0, len(facts), 10)]
    if incident.summary:
        blocks.append(section(typed(incident.summary, 1500)))
    if waiting := [line for line in (needs.count_line(overview.needs), vendors.count_line(overview.cases)) if line]:
        blocks.append(context("\n".join(waiting)))
    if updates := update_lines(overview):
        blocks.append(context(*updates))
    if progress := progress_lines(overview.measures, overview.now):
        blocks.append(section("\n".join(progress)))
    blocks.append(_buttons(incident))
    blocks.append(context("Everything here is also a command: `/incident help`"))
    held = overview.command
    command = f", IC {person(held.person)}" if held else ""
    text = f"{label(incident)} {escape(incident.title)}: {incident.severity}, {incident.state}{command}"
    return Message(text, blocks)


def announcement(overview: Overview) -> Message:
    """What everyone else sees: the same facts on a few lines, and **Join**."""
    incident = overview.incident
    lines = [f"{mark(incident)} *{label(incident)}* {typed(incident.title)}", f"{incident.severity} · {incident.state}"]
    held = overview.command
    if held:
        unconfirmed = "" if held.confirmed else " (unconfirmed)"
        lines[-1] += f" · IC {person(held.person)}{unconfirmed} since {at(held.started_at)}"
    if incident.is_open and (overview.offer or overview.next_shift):
        lines.append(f"Next handoff: {next_handoff(overview)}")
    if overview.impact.parts:
        lines.append(impact_line(overview.impact, None))
    if updated := update_line(overview, counting=False):
        lines.append(updated)
    if incident.resolved_at:
        lines.append(f"Resolved {at(incident.resolved_at)} after {format_duration(incident.age(overview.now))}")
    lines.append(f"Declared {at(incident.declared_at)} · {where(incident)}")
    blocks = [section("\n".join(lines))]
    elements = [button("Join", "incident:join", str(incident.number), "primary")] if incident.is_open else []
    if incident.call_url:
        elements.append(link_button("Join the call", "link:call", incident.call_url))
    if elements:
        blocks.append(actions(*elements))
    text = f"{label(incident)} {escape(incident.title)}: {incident.severity}, {incident.state}"
    return Message(text, blocks)


def late_words(late: timedelta) -> str:
    """A sentence that says how late something is; empty when it is on time."""
    return f" _This comes {format_duration(late)} late: I was away._" if late else ""
