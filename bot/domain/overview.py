"""An incident at a glance: what cards, digests and answers are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.command import COMMANDER, Tenure
from bot.domain.handoff import OF_THE_HOLDER, Handoff
from bot.domain.impact import Impact
from bot.domain.incident import Incident, PersonId
from bot.domain.need import Need
from bot.domain.progress import Measure
from bot.domain.rota import Rota, Shift
from bot.domain.timeline import Entry
from bot.domain.update import Promise, Update
from bot.domain.vendor import VendorCase


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """One incident with who holds which role, who is next, and what was last said, as of `now`."""

    incident: Incident
    tenures: tuple[Tenure, ...]
    next_shift: Shift | None
    open_offer: Handoff | None
    last_commander: PersonId | None
    latest: tuple[Entry, ...]
    now: datetime
    rotas: Mapping[str, Rota] = field(default_factory=dict)
    measures: tuple[Measure, ...] = ()
    impact: Impact = field(default_factory=Impact)
    # The open ones.
    needs: tuple[Need, ...] = ()
    cases: tuple[VendorCase, ...] = ()
    # The last ones sent, to customers and inside; and what is promised to customers now.
    last_update: Update | None = None
    last_internal: Update | None = None
    promise: Promise | None = None

    @property
    def command(self) -> Tenure | None:
        """The open tenure of the incident commander; None when the incident is over."""
        return next((tenure for tenure in self.tenures if tenure.role == COMMANDER), None)

    @property
    def others(self) -> tuple[Tenure, ...]:
        """The open tenures of the other roles."""
        return tuple(tenure for tenure in self.tenures if tenure.role != COMMANDER)

    @property
    def offer(self) -> Handoff | None:
        """The open offer of command to somebody who does not have it."""
        return self.open_offer if self.open_offer and self.open_offer.kind not in OF_THE_HOLDER else None

    @property
    def unanswered(self) -> Handoff | None:
        """The open question of command to which everybody who could be asked has said nothing."""
        return self.open_offer if self.open_offer and self.open_offer.exhausted_at else None
