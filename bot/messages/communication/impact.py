"""Impact in words: one line for cards, lines by tier for digests and briefings, what changed since a moment.

`now` None leaves out what grows by the minute, for messages that stand still. `when` shows a time for its reader.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.domain.impact import Impact, Level, PartImpact
from bot.domain.text import format_duration
from bot.messages.kit import at

When = Callable[[datetime], str]
# So many parts are named where the whole list would push everything else away.
_MOST = 8
_NAMED = 3


def impact_line(impact: Impact, now: datetime | None, when: When = at) -> str:
    """One line of mrkdwn that leads with the highest tier not restored; empty when nothing was said of impact."""
    highest, outage = impact.highest, impact.outage
    if highest:
        others = [one.name for one in impact.open[1:]]
        lead = "Highest tier not restored" if len(impact.parts) > 1 else "Not restored"
        text = f"{lead}: *{highest.name}*, {_state(highest, now, when)}"
        return text + (f"; nor are {_few(others)}" if len(others) > 1 else f"; nor is {others[0]}" if others else "")
    if outage and outage.end:
        return f"All restored: 100 % were back {when(outage.end)}, after {_length(outage.length(outage.end))}"
    return "Everything works again" if impact.parts else ""


def downtime_lines(impact: Impact, now: datetime | None, when: When = at, most: int = _MOST) -> list[str]:
    """Each part on a line, those not restored first, with its downtime; last, how long until 100 % were back."""
    ordered = [*impact.open, *(one for one in impact.parts if one.is_restored)]
    lines = [part_line(one, now, when) for one in ordered[:most]]
    if len(ordered) > most:
        lines.append(f"and {len(ordered) - most} more: `/incident impact show`")
    outage = impact.outage
    if outage and len(impact.parts) > 1:
        if outage.end:
            lines.append(f"Until 100 % were back: {_length(outage.length(outage.end))}")
        elif now:
            lines.append(f"Not all are back yet, after {_length(outage.length(now))}")
    return lines


def part_line(part: PartImpact, now: datetime | None, when: When = at) -> str:
    """One component and tier: how it does since when, its downtime, how many are affected."""
    if not part.is_restored:
        return f"*{part.name}*: {_state(part, now, when)}"
    down = f"down {_length(part.downtime(part.since))}" if part.down else "never down"
    counts = f", {part.peak:,} affected" if part.peak else ""
    return f"{part.name}: {down}{counts}, restored {when(part.since)}"


def since_lines(impact: Impact, since: datetime, when: When = at) -> list[str]:
    """What was said of impact after `since`, late entries too: `deploys: major outage → operational, from 14:05`."""
    found: list[tuple[datetime, str]] = []
    for part in impact.parts:
        before: Level | None = None
        for one in part.intervals:
            if one.said_at > since:
                change = one.level.words if before in (None, one.level) else f"{before.words} → {one.level.words}"
                many = f", {one.affected:,} affected" if one.affected else ""
                found.append((one.start, f"{part.name}: {change} from {when(one.start)}{many}"))
            before = one.level
    return [line for _, line in sorted(found)]


def _state(part: PartImpact, now: datetime | None, when: When) -> str:
    """`major outage since 14:05, down 2 h so far, 300 of 900 still affected`."""
    told = [f"{part.level.words} since {when(part.since)}"]
    goes_on = part.intervals[-1].is_down
    if part.down and (now or not goes_on):
        told.append(f"down {_length(part.downtime(now or part.since))}{' so far' if goes_on else ''}")
    if part.affected is not None and part.peak:
        told.append(
            f"{part.affected:,} of {part.peak:,} still affected" if part.restored else f"{part.affected:,} affected"
        )
    return ", ".join(told)


def _length(duration: timedelta) -> str:
    return format_duration(duration, days=False)


def _few(names: Sequence[str]) -> str:
    if len(names) <= _NAMED:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
