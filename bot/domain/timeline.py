"""The timeline: what happened, who says so, and what kind of fact it is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.incident import PersonId


class EntryKind(StrEnum):
    """What an entry is; the words people use for it are the command names."""

    SYSTEM = "system"
    NOTE = "note"
    DECISION = "decision"
    HYPOTHESIS = "hypothesis"
    RULED_OUT = "ruled-out"
    COMMAND = "command"
    UPDATE = "update"
    IMPACT = "impact"
    PROGRESS = "progress"
    PAGE = "page"
    VENDOR = "vendor"
    WORKAROUND = "workaround"
    ASK = "ask"
    PINNED = "pinned"


# Stands where somebody's words were taken back.
REMOVED = "(removed)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of an incident's timeline; `number` counts from 1 within the incident."""

    incident: int
    number: int
    at: datetime
    who: PersonId | None
    kind: EntryKind
    text: str
    # Whether customers may be told: a decision can be public.
    public: bool = False
