"""Impact: said, taken back, and put together from what was said."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.actions import effects
from bot.domain.impact import (
    Impact,
    Level,
    Part,
    PartImpact,
    Statement,
    impact_from,
    intervals,
)
from bot.domain.incident import Incident, PersonId
from bot.domain.timeline import Entry, EntryKind
from bot.errors import WrongState, WrongWords
from bot.settings import Settings
from storage import impacts, timeline
from storage.store import Tx

# How many may be affected: more is a typing error.
MOST_AFFECTED = 1_000_000_000


def impact_of(tx: Tx, incident: Incident) -> Impact:
    """The impact of this incident as far as it was said; one query."""
    return impact_from(impacts.said_of(tx, incident.number))


def known_parts(tx: Tx, settings: Settings, incident: Incident) -> tuple[Part, ...]:
    """What can be said something of: the parts of the settings, and those of which something was said before."""
    known = settings.parts
    return known + tuple(one.part for one in impact_of(tx, incident).parts if one.part not in known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What somebody says: from `since` on these parts are at this level. `affected`: how many; of one part only."""

    parts: Sequence[Part]
    level: Level
    since: datetime
    affected: int | None = None


def report(tx: Tx, settings: Settings, incident: Incident, said: Report, by: PersonId) -> Sequence[PartImpact]:
    """Keep it, and say it in the channel; what became of those parts that it changes.

    Possible in every state, and of a time before the incident was detected: what is learned later counts too. Raises
    WrongWords for a time to come or a number that can't be, and WrongState when nothing would change.
    """
    changed = keep(tx, settings, incident, said, by)
    if changed is None:
        was = "was" if len(said.parts) == 1 else "were"
        raise WrongState(f"{_named(said.parts)} {was} {said.level.words} then already.", "Nothing was changed.")
    kept, entry = changed
    _tell(tx, incident, "impact", kept, entry, by)
    return [one for one in impact_of(tx, incident).parts if one.part in kept.parts]


def end(tx: Tx, settings: Settings, incident: Incident, ends: Mapping[Part, datetime], by: PersonId) -> None:
    """These parts have been operational since these times. Nothing is posted: whoever resolves says it all at once.

    Raises WrongWords for a time to come, or one at which the part was not affected yet.
    """
    now = impact_of(tx, incident)
    for part, at in ends.items():
        check_end(now.of(part), at)
    for at in sorted(set(ends.values())):
        parts = [part for part, its_end in ends.items() if its_end == at]
        keep(tx, settings, incident, Report(parts=parts, level=Level.OPERATIONAL, since=at), by)


def check_end(part: PartImpact | None, at: datetime) -> None:
    """Raise WrongWords unless that time is after the last one said of the part, which it would not end otherwise."""
    if part and at <= part.newest:
        raise WrongWords(
            f"{part.name} was {part.level.words} at {_utc(part.newest)}.",
            f"Name a later time, or take that back first: `/incident impact undo {part.name}`",
        )


def undo(tx: Tx, incident: Incident, parts: Collection[Part], by: PersonId) -> Report:
    """Take back what was said last (of these parts, if any are named); what that was. Raises WrongState for nothing."""
    said = [one for one in impacts.said_of(tx, incident.number) if not parts or one.part in parts]
    if not said:
        raise WrongState("Nothing was said there that could be taken back.", "See what was: `/incident impact show`")
    last = max(said, key=lambda one: (one.said_at, one.id))
    together = [one for one in said if _as_one(one) == _as_one(last)]
    impacts.take_back(tx, together)
    taken = Report(parts=[one.part for one in together], level=last.level, since=last.since, affected=last.affected)
    entry = timeline.add(tx, incident.number, EntryKind.IMPACT, f"Taken back: {_text(taken)}", by)
    _tell(tx, incident, "impact-undone", taken, entry, by)
    return taken


def _as_one(one: Statement) -> tuple[object, ...]:
    """What statements made by one command have in common."""
    return one.said_at, one.said_by, one.level, one.since


def keep(tx: Tx, settings: Settings, incident: Incident, said: Report, by: PersonId) -> tuple[Report, Entry] | None:
    """Store what changes something, and the timeline's entry of it, and tell nobody; None when nothing changes.

    Raises WrongWords as `report` does.
    """
    _check(tx, said)
    before = impacts.said_of(tx, incident.number)
    added = [_statement(tx, settings, said, part, by) for part in said.parts]
    new = [one for one in added if _changes([told for told in before if told.part == one.part], one)]
    if not new:
        return None
    impacts.say(tx, incident.number, new)
    kept = replace(said, parts=[one.part for one in new])
    return kept, timeline.add(tx, incident.number, EntryKind.IMPACT, _text(kept), by)


def _check(tx: Tx, said: Report) -> None:
    if said.since > tx.now:
        raise WrongWords(f"{_utc(said.since)} has not come yet.", "Name a time that has passed: impact is what is so.")
    if said.affected is None:
        return
    if not 0 <= said.affected <= MOST_AFFECTED:
        raise WrongWords("That many can't be affected.", f"Name a number up to {MOST_AFFECTED:,}.")
    if said.level is Level.OPERATIONAL and said.affected:
        raise WrongWords("Nobody is affected by what is operational.", "Say `degraded` while some still are.")
    if len(said.parts) > 1:
        hint = f"For example: `/incident impact {said.parts[0].name} {said.level} affected {said.affected}`"
        raise WrongWords(f"Of which tier are {said.affected:,} affected?", hint)


def _statement(tx: Tx, settings: Settings, said: Report, part: Part, by: PersonId) -> Statement:
    return Statement(
        part=part,
        level=said.level,
        since=said.since,
        affected=said.affected,
        is_down=said.level in settings.updates.downtime,
        said_by=by,
        said_at=tx.now,
    )


def _changes(before: Sequence[Statement], said: Statement) -> bool:
    """Whether anything is different with it. That something works of which nobody said otherwise is no news."""
    if not before:
        return said.level is not Level.OPERATIONAL
    # It is said after all of these, also when the clock stood still meanwhile.
    said = replace(said, id=max(one.id for one in before) + 1)
    old, new = (
        [(one.level, one.is_down, one.affected, one.start) for one in intervals(statements)]
        for statements in (before, [*before, said])
    )
    return old != new


def _tell(tx: Tx, incident: Incident, what: str, said: Report, entry: Entry, by: PersonId) -> None:
    """One line in the channel; card and announcement as they are now."""
    about = {
        "names": [part.name for part in said.parts],
        "level": said.level,
        "since": said.since.timestamp(),
        "affected": said.affected,
    }
    effects.say(tx, incident, what, f"t{entry.number}", by=by, **about)
    effects.after_entry(tx, incident, entry)


def _text(said: Report) -> str:
    """As the timeline has it."""
    many = f", {said.affected:,} affected" if said.affected else ""
    return f"{_named(said.parts)} {said.level.words} from {_utc(said.since)}{many}"


def _named(parts: Sequence[Part]) -> str:
    return ", ".join(part.name for part in parts)


def _utc(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")
