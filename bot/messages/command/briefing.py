"""The briefing in Slack: one screen in the channel, the full lists in its thread, and the catch-up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.briefing import Briefing, Facts
from bot.domain.command import COMMANDER
from bot.domain.incident import PersonId
from bot.messages.card import label
from bot.messages.command.briefing_sections import Reading, Section, sections
from bot.messages.kit import (
    TEXT_LIMIT,
    Block,
    Message,
    actions,
    at,
    button,
    context,
    escape,
    header,
    link_button,
    person,
    section,
)
from bot.messages.one_screen import fitted, text_of, within

# The details are one message: Slack takes a little more. Each list has some room in it.
_DETAILS = 12_000
_LEAST = 1000
_TIMELINE = "`/incident timeline`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Who hands over and to whom, as far as known. `due`: when, for a draft. `names`: beyond those of the facts."""

    outgoing: PersonId | None = None
    incoming: PersonId | None = None
    due: datetime | None = None
    editable: bool = True
    names: Mapping[PersonId, str] = field(default_factory=dict)


def posted(written: Briefing, between: Between, now: datetime) -> Message:
    """The briefing in the channel: a draft that asks for two answers, then what comes with the offer, then a record."""
    reading, above = _reading(written, between, now), _above(written, between)
    incident = written.facts.incident
    blocks = [section("\n".join(above)), *_screen(reading, above, "all in the thread")]
    buttons: list[Block] = []
    if written.is_open and between.editable:
        buttons.append(button("Edit the briefing…", "briefing:edit", str(written.id)))
    buttons += _call(written.facts)
    text = f"Briefing of {label(incident)} {escape(incident.title)}"
    return Message(text, [*blocks, *([actions(*buttons)] if buttons else [])])


def is_complete(written: Briefing, between: Between, now: datetime) -> bool:
    """Whether the one screen left nothing out."""
    reading = _reading(written, between, now)
    shown = fitted(reading, _above(written, between))
    all_shown = all(count == part.total for part, count in shown)
    return all_shown and [part for part, _ in shown] == sections(reading.in_full)


def details(written: Briefing, between: Between, now: datetime) -> Message:
    """The lists in full, and what else the one screen cut: for its thread."""
    reading = _reading(written, between, now)
    full = sections(reading.in_full)
    there = {line for part, _ in fitted(reading, _above(written, between)) for line in part.lines}
    cut_there = [line for part in full for line in part.lines if line not in there]
    lists = [part for part in full if part.items]
    room = max(_LEAST, (_DETAILS - sum(map(len, cut_there))) // max(1, len(lists)))
    title = f"Details of the briefing of {label(written.facts.incident)}"
    blocks = [header(title), *[section(line) for line in cut_there]]
    return Message(title, [*blocks, *(section(text) for part in lists for text in _paragraphs(part, room))])


def _paragraphs(part: Section, room: int) -> list[str]:
    """A list in texts that Slack accepts."""
    found: list[str] = []
    for line in within(part, room, _TIMELINE).split("\n"):
        if found and len(found[-1]) + len(line) < TEXT_LIMIT:
            found[-1] += "\n" + line
        else:
            found.append(line)
    return found


def catchup(facts: Facts, now: datetime, zone: ZoneInfo | None = None) -> list[Block]:
    """The facts for somebody who comes new to the incident, on one screen; times in their `zone` in a DM."""
    reading = Reading(facts=facts, now=now, zone=zone)
    above = f"*Catching up on {label(facts.incident)}*, as of {reading.when(facts.as_of)}"
    buttons = _call(facts)
    return [
        section(above),
        *_screen(reading, [above], _TIMELINE),
        *([actions(*buttons)] if buttons else []),
    ]


def caught_up(facts: Facts, now: datetime) -> Message:
    """`catchup` as a message of its own."""
    return Message(f"Catching up on {label(facts.incident)} {escape(facts.incident.title)}", catchup(facts, now))


def welcome(facts: Facts, now: datetime, zone: ZoneInfo) -> Message:
    """`catchup` by DM, to somebody who came into the channel by themselves."""
    incident = facts.incident
    where = f"<#{incident.channel_id}>" if incident.channel_id else "its channel"
    said = f"You joined {where}. This is how *{label(incident)}* stands."
    again = context("You get this once. How it stands later: `/incident catchup`")
    return Message(said, [section(said), *catchup(facts, now, zone), again])


def _reading(written: Briefing, between: Between, now: datetime) -> Reading:
    # What was accepted is read as it was then, ages too.
    moment = now if written.is_open else written.facts.as_of
    return Reading(facts=written.facts, now=moment, written=written, names=between.names)


def _above(written: Briefing, between: Between) -> list[str]:
    """What it is, and what a draft asks of the one who hands over, and of nobody else."""
    facts = written.facts
    of = f"*Briefing of {label(facts.incident)}*" + ("" if facts.role == COMMANDER else f", {escape(facts.role)}")
    to = _reading(written, between, facts.as_of).name(between.incoming) if between.incoming else ""
    if written.accepted_at:
        return [f"{of}, accepted {at(written.accepted_at)}: the summary of this period"]
    if between.due is None:
        return [f"{of}{f' for {to}' if to else ''}, as of {at(facts.as_of)}"]
    title = f"{of}, *draft* for the handoff{f' to {to}' if to else ''} at {at(between.due)}"
    if written.is_written or between.outgoing is None:
        return [title]
    ask = f"{person(between.outgoing)}, what worries you, and what is to be done first? Two short answers help."
    return [title, ask]


def _screen(reading: Reading, above: Sequence[str], elsewhere: str) -> list[Block]:
    """The sections on what one screen leaves below the lines `above`; `elsewhere` says where the rest is."""
    return [section(text_of(part, count, elsewhere)) for part, count in fitted(reading, above)]


def _call(facts: Facts) -> list[Block]:
    url = facts.incident.call_url
    return [link_button("Join the call", "link:call", url)] if url and facts.incident.is_open else []
