"""What a digest tells: open incidents and what changed in them, and what has ended."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.incident import Incident, PersonId
from bot.domain.overview import Overview
from bot.domain.timeline import Entry, EntryKind

# So many open ones are told in full; so many more on two lines each; the rest is a number.
IN_FULL = 6
IN_SHORT = 20
MOST_CHANGES = 3
# Of these kinds is what changed; impact, progress, asks and vendors have lines of their own.
TOLD = frozenset({EntryKind.SYSTEM, EntryKind.DECISION, EntryKind.WORKAROUND, EntryKind.UPDATE})
# How entries about public updates begin; any other update was told inside.
_PUBLIC = re.compile(r"(Public update \d+[^:\n]*): ")
_PUT_OFF = "The public update due at "
_FROM_TO = re.compile(r"(Severity|State) (\S+) → (\S+)")


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened since: `text` is as somebody typed it, unless there is no `word` for what it is."""

    word: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One open incident, and what happened in it since the last digest, the oldest first; `more` was left out."""

    overview: Overview
    changes: tuple[Change, ...] = ()
    more: int = 0
    is_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a digest tells: open incidents in full and (`others`) in short, then what ended `since`. Never private ones.

    `unshown`: how many more are open. `names`: full names of those whom it names, as far as known.
    """

    now: datetime
    since: datetime
    opened: tuple[Told, ...] = ()
    others: tuple[Overview, ...] = ()
    unshown: int = 0
    ended: tuple[Incident, ...] = ()
    names: Mapping[PersonId, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many incidents are open."""
        return len(self.opened) + len(self.others) + self.unshown


def changes(entries: Sequence[Entry], commanders: int) -> tuple[tuple[Change, ...], int]:
    """The changes that matter, at most MOST_CHANGES, and how many more there were.

    First how severity and state moved, in one line; then the newest of the rest, the oldest of them first; then, where
    there is room, that command changed hands (`commanders`: how often).
    """
    moved = _moved(entries)
    other = [change for entry in entries if (change := _said(entry))]
    room = MOST_CHANGES - len(moved)
    found = [*moved, *other[-room:]]
    if commanders and len(found) < MOST_CHANGES:
        times = "once" if commanders == 1 else "twice" if commanders == 2 else f"{commanders} times"
        found.append(Change("", f"Command changed hands {times}"))
    return tuple(found), max(0, len(other) - room)


def _said(entry: Entry) -> Change | None:
    """What somebody decided, found or told; None for what an incident's own lines show."""
    if entry.kind is EntryKind.SYSTEM or entry.text.startswith(_PUT_OFF):
        return None
    if entry.kind is not EntryKind.UPDATE:
        return Change(str(entry.kind).capitalize(), entry.text)
    found = _PUBLIC.match(entry.text)
    return Change(found[1], entry.text[found.end() :]) if found else Change("Internal update", entry.text)


def _moved(entries: Sequence[Entry]) -> list[Change]:
    """From what to what severity and state went, however often."""
    ends: dict[str, tuple[str, str]] = {}
    for entry in entries:
        if entry.kind is EntryKind.SYSTEM and (found := _FROM_TO.fullmatch(entry.text)):
            what, old, new = found.groups()
            ends[what] = ends[what][0] if what in ends else old, new
    steps = [f"{what} {old} → {new}" for what, (old, new) in ends.items() if old != new]
    if any(entry.kind is EntryKind.SYSTEM and entry.text == "Reopened" for entry in entries):
        steps.insert(0, "Reopened")
    return [Change("", "; ".join(steps))] if steps else []
