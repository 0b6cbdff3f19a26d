"""The briefing: what whoever takes a role must know, as facts of one moment, and two short answers from a human."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from bot.domain.command import Tenure
from bot.domain.handoff import Handoff
from bot.domain.impact import Impact
from bot.domain.incident import Incident, PersonId
from bot.domain.need import Need
from bot.domain.progress import Measure
from bot.domain.rota import Shift
from bot.domain.text import alike, shorten
from bot.domain.timeline import REMOVED, Entry, EntryKind
from bot.domain.vendor import VendorCase

# Of each list the newest are kept, and of each text the beginning: the timeline has the rest.
LISTED = 30
LONGEST = 300
# Two short answers.
ANSWER_LIMIT = 2000
_COMPARED = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The newest entries of some kinds, in order of time, and how many there are in all."""

    entries: tuple[Entry, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One incident for whoever takes `role`, as of a moment; `since` is when the period began that it sums up.

    Kept as JSON under these names: a field that is added needs a default. `through`: the number of the last timeline
    entry there was. `objectives`: what the last accepted briefing said is to be done first. `notes` and `pinned`: how
    many of the period. `names`: full names, as far as known.
    """

    incident: Incident
    role: str
    as_of: datetime
    since: datetime
    through: int = 0
    tenures: tuple[Tenure, ...] = ()
    following: Shift | None = None
    offers: tuple[Handoff, ...] = ()
    changed: Listed = Listed()
    decisions: Listed = Listed()
    hypotheses: Listed = Listed()
    ruled_out: Listed = Listed()
    workarounds: Listed = Listed()
    needs: tuple[Need, ...] = ()
    cases: tuple[VendorCase, ...] = ()
    measures: tuple[Measure, ...] = ()
    notes: int = 0
    pinned: int = 0
    objectives: str = ""
    impact: Impact = field(default_factory=Impact)
    # The last public update, and when the next is due.
    updated_at: datetime | None = None
    update_text: str = ""
    update_due: datetime | None = None
    names: Mapping[PersonId, str] = field(default_factory=dict)

    @property
    def held(self) -> Tenure | None:
        """The open tenure of the role; None when nobody holds it."""
        return next((tenure for tenure in self.tenures if tenure.role == self.role), None)

    @property
    def others(self) -> tuple[Tenure, ...]:
        """The open tenures of the other roles."""
        return tuple(tenure for tenure in self.tenures if tenure.role != self.role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """The briefing of one boundary (`shift`: the one that begins there) or of one handoff by hand.

    `prepared_by`: who wrote in it last, or asked for it. Once accepted, it never changes.
    """

    id: int
    incident: int
    role: str
    shift: int | None
    prepared_by: PersonId | None
    prepared_at: datetime
    facts: Facts
    worries: str
    do_first: str
    accepted_at: datetime | None
    message_channel: str | None
    message_ts: str | None
    details_ts: str | None

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None

    @property
    def is_written(self) -> bool:
        """Whether a human has said something in it."""
        return bool(self.worries or self.do_first)


def cut(entry_text: str) -> str:
    """As much of an entry's text as facts keep."""
    return shorten(entry_text, LONGEST)


def revised(facts: Facts, entry: Entry, text: str | None) -> Facts:
    """The facts with the words of an entry taken back: `text` instead, or no such entry.

    An ask and the last note of a vendor case say what their entries say.
    """
    changes: dict[str, Any] = {}
    for field_ in fields(facts):
        listed = getattr(facts, field_.name)
        if isinstance(listed, Listed) and any(one.number == entry.number for one in listed.entries):
            changes[field_.name] = _without(listed, entry.number, text)
    words = cut(entry.text.partition(": ")[2])
    if entry.kind is EntryKind.ASK:
        changes["needs"] = tuple(replace(one, text=REMOVED) if one.text == words else one for one in facts.needs)
    if entry.kind is EntryKind.VENDOR:
        changes["cases"] = tuple(replace(one, note="") if one.note == words else one for one in facts.cases)
    return replace(facts, **changes)


def _without(listed: Listed, number: int, text: str | None) -> Listed:
    if text is not None:
        said = cut(text)
        return replace(
            listed, entries=tuple(replace(e, text=said) if e.number == number else e for e in listed.entries)
        )
    kept = tuple(entry for entry in listed.entries if entry.number != number)
    return Listed(entries=kept, total=listed.total - 1)


def still_open(hypotheses: Sequence[Entry], ruled_out: Sequence[Entry]) -> list[Entry]:
    """The hypotheses that nothing ruled out later says are wrong.

    One is closed only when it is surely meant: whoever reads of one too many loses a minute, of one too few an hour.
    """
    return [
        guess
        for guess in hypotheses
        if not any(answer.number > guess.number and _the_same(guess.text, answer.text) for answer in ruled_out)
    ]


def _the_same(one: str, other: str) -> bool:
    """Whether two texts are alike, and all words that tell things apart in one of them stand in the other."""
    mine, theirs = _telling(one), _telling(other)
    contained = bool(mine and theirs) and (mine <= theirs or theirs <= mine)
    return contained and alike(one[:_COMPARED], other[:_COMPARED])


def _telling(text: str) -> set[str]:
    """`db-3` and `pool` tell things apart, `the` and `not` don't."""
    words = (word.strip(".,;:!?()\"'`*_") for word in text[:LONGEST].lower().split())
    return {word for word in words if len(word) > 3 or any(letter.isdigit() for letter in word)}


@cache
def _stored() -> TypeAdapter[Facts]:
    return TypeAdapter(Facts)


def to_json(facts: Facts) -> dict[str, Any]:
    """Facts as they are kept."""
    kept: dict[str, Any] = _stored().dump_python(facts, mode="json")
    return kept


def from_json(kept: Mapping[str, Any]) -> Facts:
    """Facts as they were kept; what an older version did not know has its default."""
    return _stored().validate_python(kept)
