"""Command, and the other roles: tenures, the fact of who held what and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.incident import PersonId

COMMANDER = "ic"
DEPUTY = "deputy"


class How(StrEnum):
    """How somebody came to hold a role."""

    DECLARED = "declared"
    OPENED = "opened"
    ACCEPTED = "accepted"
    TOOK = "took"
    RELIEVED = "relieved"
    ASSIGNED = "assigned"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """One person holding one role of one incident, from a time until a time or until now.

    `late_seconds`: how long after the boundary, or after being asked, it was accepted. `handoff`: the one accepted.
    `confirmed` is false only for whom a machine put in command and who has not said a word yet.
    """

    id: int
    incident: int
    role: str
    person: PersonId
    how: How
    started_at: datetime
    ended_at: datetime | None
    late_seconds: int = 0
    reason: str = ""
    handoff: int | None = None
    confirmed: bool = True
    quiet_until: datetime | None = None

    def length(self, now: datetime) -> timedelta:
        return (self.ended_at or now) - self.started_at


def role_name(role: str) -> str:
    """How a role is called in a sentence: `command`, `communications`."""
    return "command" if role == COMMANDER else role


def rota_name(role: str) -> str:
    """How the rota of a role is called at the beginning of a sentence: `Command rota`."""
    return f"{role_name(role).capitalize()} rota"


def holder_of(tenures: Sequence[Tenure], role: str = COMMANDER) -> PersonId | None:
    """Who holds that role by these open tenures."""
    return next((tenure.person for tenure in tenures if tenure.role == role), None)
