"""The digest: every open incident on a few lines, for people who read one thing a day, on a phone, in a minute."""

import re
from collections.abc import Sequence
from datetime import timedelta

from bot.domain.digest_content import Change, Digest, Told
from bot.domain.incident import Incident, PersonId
from bot.domain.overview import Overview
from bot.domain.text import format_duration
from bot.messages.card import label, late_words, mark, where
from bot.messages.communication.impact import downtime_lines, impact_line, since_lines
from bot.messages.communication.needs import need_lines
from bot.messages.communication.progress import progress_lines
from bot.messages.communication.updates import late_mark, update_line
from bot.messages.communication.vendors import vendor_lines
from bot.messages.kit import Block, Message, at, context, cut, divider, escape, header, person, section, typed

# Slack refuses a message whose blocks have more than about 13,000 characters. What is told in full shares what the
# lists leave, and no section is longer than 3,000.
_TOGETHER, _OTHERS, _LONGEST = 11_800, 2600, 2800
_TITLE, _LONG_TITLE = 80, 300
_LINE = 180
_MOST_ENDED = 10
# Of each kind of line so many: the rest is in the incident.
_MOST_TIERS = 4
_MOST_IMPACT_CHANGES = 2
_MOST_ASKS = 3
_MOST_CASES = 2
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")


def digest(told: Digest, late: timedelta = timedelta()) -> Message:
    """Open incidents, the worst first, then those that have ended since; a `late` one says so."""
    count = f"{told.count} open incident{'' if told.count == 1 else 's'}"
    as_of = f"{count} as of {at(told.now)} · changes since {at(told.since)}"
    said = [as_of, late_words(late).strip()] if late else [as_of]
    blocks: list[Block] = [header("Incident digest"), context(*said)]
    ended = _ended(told.ended) if told.ended else ""
    others = cut("\n".join(_in_short(overview, told) for overview in told.others), _OTHERS)
    room = (_TOGETHER - len(ended) - len(others)) // max(1, len(told.opened))
    for one in told.opened:
        blocks += [divider(), *_fitting(_in_full(one, told), min(room, _LONGEST))]
    if others:
        blocks += [divider(), section(others)]
    if told.unshown:
        blocks.append(context(f"and {told.unshown} more: `/incident list`"))
    if not told.count:
        blocks.append(section("Nothing is open."))
    if ended:
        blocks += [divider(), section(ended)]
    return Message(f"Incident digest: {count}", blocks)


def _in_full(one: Told, told: Digest) -> list[list[str]]:
    """What a manager asks, in this order: how bad and for whom, whose; what is new; how far, what is needed."""
    overview = one.overview
    bad = [_title(overview.incident), _standing(overview), *_impact(overview), _command(overview, told)]
    rest = [*progress_lines(overview.measures, overview.now), update_line(overview)]
    rest += _listed("Asks", need_lines(overview.needs), _MOST_ASKS, told)
    rest += _listed("Vendors", vendor_lines(overview.cases, overview.now), _MOST_CASES, told)
    return [bad, _changed(one, told), [line for line in rest if line]]


def _title(incident: Incident) -> str:
    return f"{mark(incident)} *{label(incident)}* {typed(incident.title, _LONG_TITLE)}"


def _standing(overview: Overview) -> str:
    incident = overview.incident
    age = format_duration(incident.age(overview.now))
    return f"{incident.severity} · {incident.state} · for {age} · {where(incident)}"


def _in_short(overview: Overview, told: Digest) -> str:
    incident, held = overview.incident, overview.command
    command = f" · IC {_name(held.person, told)}" if held else ""
    age = format_duration(incident.age(overview.now))
    title = typed(incident.title, _TITLE)
    late = f" · {words}" if (words := late_mark(overview)) else ""
    about = f"{incident.severity} · {incident.state} · {age}{command}{late}"
    return f"{mark(incident)} *{label(incident)}* {title} · {about}"


def _command(overview: Overview, told: Digest) -> str:
    """Who has command, for how long, and who is next."""
    held = overview.command
    if held is None:
        return "Nobody has command"
    line = f"IC {_name(held.person, told)} for {format_duration(held.length(overview.now))}"
    line += "" if held.confirmed else " (*unconfirmed*)"
    if overview.unanswered:
        return f"{line}; *nobody has accepted command* since {at(overview.unanswered.boundary_at)}"
    if overview.offer:
        offer = overview.offer
        return f"{line}, offered to {_name(offer.offered_to, told)} since {at(offer.boundary_at)}"
    if overview.next_shift:
        return f"{line}, then {_name(overview.next_shift.person, told)} at {at(overview.next_shift.starts_at)}"
    return f"{line}, no handoff planned"


def _changed(one: Told, told: Digest) -> list[str]:
    """What is new since the last digest, at most some lines; of a new incident all is new."""
    impact = [] if one.is_new else since_lines(one.overview.impact, told.since)[-_MOST_IMPACT_CHANGES:]
    # How severity and state moved stands first, then impact.
    moved = [change for change in one.changes if not change.word]
    other = [change for change in one.changes if change.word]
    lines = [_change(change, told) for change in moved] + impact + [_change(change, told) for change in other]
    more = [f"and {one.more} more: `/incident timeline {one.overview.incident.name}`"] if one.more else []
    if one.is_new:
        return [f"*New* since {at(one.overview.incident.declared_at)}", *_bullets([*lines, *more])]
    return ["*What changed*", *_bullets([*lines, *more])] if lines else ["No news since then"]


def _change(change: Change, told: Digest) -> str:
    if not change.word:
        return change.text
    line = " ".join(change.text.split())
    text = _MENTION.sub(lambda found: _name(found[1], told), typed(line))
    return cut(f"{change.word}: {text}", _LINE)


def _impact(overview: Overview) -> list[str]:
    """What is not restored, the most important first, and the downtime of each tier so far."""
    impact = overview.impact
    if len(impact.parts) < 2:
        return [line] if (line := impact_line(impact, overview.now)) else []
    highest = impact.highest
    lead = f"Highest tier not restored: *{highest.name}*" if highest else "*All tiers are restored*"
    return [lead, *_bullets(downtime_lines(impact, overview.now, most=_MOST_TIERS))]


def _listed(heading: str, lines: Sequence[str], most: int, told: Digest) -> list[str]:
    if not lines:
        return []
    more = [f"and {len(lines) - most} more"] if len(lines) > most else []
    shown = (_MENTION.sub(lambda found: _name(found[1], told), line) for line in lines[:most])
    return [f"*{heading}*", *(cut(line, _LINE) for line in shown), *more]


def _bullets(lines: Sequence[str]) -> list[str]:
    return [f"• {line}" for line in lines]


def _fitting(parts: Sequence[Sequence[str]], room: int) -> list[Block]:
    """As many whole lines as fit, the parts apart: a wall of text is not read on a phone."""
    blocks: list[Block] = []
    for lines in parts:
        kept = []
        for line in lines:
            room -= len(line) + 1
            if room < 2:
                kept.append("…")
                break
            kept.append(line)
        blocks += [section("\n".join(kept))] if kept else []
        if room < 2:
            break
    return blocks


def _ended(ended: Sequence[Incident]) -> str:
    lines = [f"{mark(found)} *{label(found)}* {typed(found.title, _TITLE)}, {_end(found)}" for found in ended]
    more = [f"and {len(lines) - _MOST_ENDED} more"] if len(lines) > _MOST_ENDED else []
    return "\n".join(["*Over since then*", *lines[:_MOST_ENDED], *more])


def _end(incident: Incident) -> str:
    if incident.resolved_at is None:
        return str(incident.state)
    return f"resolved {at(incident.resolved_at)} after {format_duration(incident.age(incident.resolved_at))}"


def _name(who: PersonId, told: Digest) -> str:
    """By name: a digest calls nobody."""
    return escape(told.names.get(who, "")) or person(who)
