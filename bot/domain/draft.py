"""The draft of a public update: what changed since the last one, from facts. Pure.

A snapshot of the facts is kept with each update, as JSON under these names: a field that is added needs a default.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from bot.domain.impact import EVERYONE, Impact, Level, PartImpact
from bot.domain.progress import Measure
from bot.domain.text import format_duration, shorten
from bot.domain.timeline import Entry, EntryKind

_MENTION = re.compile(r"<@[UW][A-Z0-9]+>")
# What the words after `412 of 900` end with when they say themselves what is done with them.
_DONE = re.compile(r"\w+(?:ed|ne|lt|ck|up)$", re.IGNORECASE)
_LONGEST = 400
# Customers read a few lines.
_MOST_TOLD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """So many of so many of something, as of `at`."""

    name: str
    value: int
    total: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """How one part does: `name` as in commands, `title` as customers call it."""

    name: str
    title: str
    level: Level
    since: datetime
    affected: int | None = None
    # How long it was down in all, once it works again.
    down: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The facts of one moment. `through`: the number of the last timeline entry there was."""

    at: datetime
    through: int = 0
    counted: tuple[Counted, ...] = ()
    hits: tuple[Hit, ...] = ()
    version: int = 1


def snapshot(
    impact: Impact, measures: Iterable[Measure], titles: Mapping[str, str], through: int, at: datetime
) -> Snapshot:
    """The facts as they are at `at`. `titles`: how customers call components, by name."""
    counted = [(measure.name, measure.last) for measure in measures]
    return Snapshot(
        at=at,
        through=through,
        counted=tuple(Counted(name=name, value=one.value, total=one.total, at=one.at) for name, one in counted),
        hits=tuple(_hit(part, titles) for part in impact.parts),
    )


def title_of(component: str, tier: str, titles: Mapping[str, str]) -> str:
    """`Shared databases (production)`: how customers call one component of one tier."""
    title = titles.get(component) or component.replace("-", " ").capitalize()
    return title if tier == EVERYONE else f"{title} ({tier.replace('-', ' ')})"


def _hit(part: PartImpact, titles: Mapping[str, str]) -> Hit:
    return Hit(
        name=part.name,
        title=title_of(part.part.component, part.part.tier, titles),
        level=part.level,
        since=part.since,
        affected=None if part.is_restored else part.affected,
        down=part.downtime(part.since) if part.is_restored else timedelta(),
    )


@cache
def _stored() -> TypeAdapter[Snapshot]:
    return TypeAdapter(Snapshot)


def to_json(facts: Snapshot) -> dict[str, Any]:
    """Facts as they are kept."""
    kept: dict[str, Any] = _stored().dump_python(facts, mode="json")
    return kept


def from_json(kept: Mapping[str, Any]) -> Snapshot | None:
    """Facts as they were kept; None of an update that was written without any."""
    return _stored().validate_python(kept) if kept else None


def utc(moment: datetime, now: datetime) -> str:
    """`14:00 UTC`, with its date when that is another one than that of `now`: customers live everywhere."""
    there, here = moment.astimezone(UTC), now.astimezone(UTC)
    return there.strftime("%H:%M UTC" if there.date() == here.date() else "%-d %b %H:%M UTC")


def changes(before: Snapshot | None, now: Snapshot, told: Sequence[Entry] = ()) -> tuple[str, ...]:
    """What changed since the facts of the last update, one sentence each, for customers.

    `told`: entries of the timeline since then; of these public decisions and workarounds count.
    """
    lines = [line for counted in now.counted if (line := _progress(before, counted, now.at))]
    lines += [line for hit in now.hits if (line := _impact(before, hit, now.at))]
    lines += [line for entry in told[-_MOST_TOLD:] if (line := _told(entry))]
    return tuple(lines)


def draft(before: Snapshot | None, now: Snapshot, told: Sequence[Entry] = ()) -> str:
    """A text to begin with, a sentence to a line; empty when nothing changed: then a person has to find words."""
    lines = list(changes(before, now, told))
    still = [hit.title for hit in now.hits if hit.level is not Level.OPERATIONAL]
    if before and lines and still:
        lines.append(f"Still affected: {', '.join(still)}.")
    return "\n".join(lines)


def _progress(before: Snapshot | None, counted: Counted, now: datetime) -> str:
    last = next((one for one in before.counted if one.name == counted.name), None) if before else None
    what = counted.name if _DONE.search(counted.name) else f"{counted.name} restored"
    if before is None or last is None:
        return f"{counted.value:,} of {counted.total:,} {what}."
    if (last.value, last.total) == (counted.value, counted.total):
        return ""
    was = f"{last.value:,}" if last.total == counted.total else f"{last.value:,} of {last.total:,}"
    return f"{was} → {counted.value:,} of {counted.total:,} {what} since {utc(before.at, now)}."


def _impact(before: Snapshot | None, hit: Hit, now: datetime) -> str:
    last = next((one for one in before.hits if one.name == hit.name), None) if before else None
    broken, since = hit.level is not Level.OPERATIONAL, utc(hit.since, now)
    affected = f", {hit.affected:,} affected" if hit.affected else ""
    if last is None or last.level is Level.OPERATIONAL:
        return f"{hit.title}: {hit.level.words} since {since}{affected}." if broken else ""
    if not broken:
        after = f", after {format_duration(hit.down, days=False)}" if hit.down else ""
        return f"{hit.title}: working again since {since}{after}."
    if hit.level is not last.level:
        return f"{hit.title}: now {hit.level.words}, was {last.level.words}{affected}."
    if hit.affected is not None and hit.affected != last.affected:
        return f"{hit.title}: {hit.affected:,} affected" + (f", was {last.affected:,}." if last.affected else ".")
    return ""


def _told(entry: Entry) -> str:
    # Customers don't know the people of the workspace.
    text = shorten(" ".join(_MENTION.sub("a colleague", entry.text).split()), _LONGEST)
    text = text if text.endswith((".", "!", "?", "…")) else f"{text}."
    text = text[:1].upper() + text[1:]
    if entry.kind is EntryKind.WORKAROUND:
        return f"Workaround: {text}"
    return text if entry.kind is EntryKind.DECISION and entry.public else ""
