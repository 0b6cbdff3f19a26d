"""Handoffs: the question who takes a role, from whom, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.incident import PersonId, Severity


class HandoffKind(StrEnum):
    """Why the question is asked. The names are kept in the database: never rename one."""

    BOUNDARY = "boundary"
    OFFER = "offer"
    DUTY = "duty"
    CONFIRM = "confirm"
    PRESENCE = "presence"
    TAKING = "taking"


class HandoffState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


# Those whose question stands in the channel; the others are asked by DM only.
IN_CHANNEL = frozenset({HandoffKind.BOUNDARY, HandoffKind.OFFER})
# Those asked of whoever holds the role: they keep it by answering.
OF_THE_HOLDER = frozenset({HandoffKind.PRESENCE, HandoffKind.TAKING, HandoffKind.CONFIRM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """A role offered to one person, then by the ladder to others, until one of them accepts."""

    id: int
    incident: int
    role: str
    kind: HandoffKind
    offered_to: PersonId
    offered_at: datetime
    boundary_at: datetime
    state: HandoffState
    offered_by: PersonId | None = None
    shift: int | None = None
    accepted_by: PersonId | None = None
    reason: str = ""
    exhausted_at: datetime | None = None
    briefing: int | None = None
    message_channel: str | None = None
    message_ts: str | None = None

    @property
    def is_open(self) -> bool:
        return self.state is HandoffState.OPEN


class TakingState(StrEnum):
    OPEN = "open"
    HANDED = "handed"
    KEPT = "kept"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """Somebody asks the holder for a role. From `confirm_at` on they may take it, unless the holder has spoken."""

    id: int
    incident: int
    role: str
    person: PersonId
    holder: PersonId
    reason: str
    asked_at: datetime
    confirm_at: datetime
    state: TakingState


def silence_before_taking(severity: Severity) -> timedelta:
    """How long the holder is given to answer before the asker may take command."""
    return timedelta(minutes=5 if severity in {Severity.SEV1, Severity.SEV2} else 15)
