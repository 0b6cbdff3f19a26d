"""An incident at a glance: what cards, digests and answers are made from."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.command import COMMANDER, Handoff, Shift, Tenure
from bot.domain.incident import Incident, PersonId
from bot.domain.timeline import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """One incident with who holds which role, who is next, and what was last said, as of `now`."""

    incident: Incident
    tenures: tuple[Tenure, ...]
    next_shift: Shift | None
    offer: Handoff | None
    last_commander: PersonId | None
    latest: tuple[Entry, ...]
    now: datetime

    @property
    def command(self) -> Tenure | None:
        """The open tenure of the incident commander; None when the incident is over."""
        return next((tenure for tenure in self.tenures if tenure.role == COMMANDER), None)

    @property
    def others(self) -> tuple[Tenure, ...]:
        """The open tenures of the other roles."""
        return tuple(tenure for tenure in self.tenures if tenure.role != COMMANDER)
