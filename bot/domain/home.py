"""App Home: everything that concerns one person, as of one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.command import Tenure
from bot.domain.handoff import Handoff, Taking
from bot.domain.incident import Incident, PersonId
from bot.domain.overview import Overview
from bot.domain.page import Page
from bot.domain.rota import Shift
from bot.domain.trade import Trade

# From then on before a shift its person is asked whether they are up.
UP_FROM = timedelta(minutes=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeAsked:
    """Somebody is asked to take `shift`, and to give `own` (None: nothing) in return."""

    trade: Trade
    shift: Shift
    own: Shift | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """What waits for this person, their shifts and roles, who is on duty, and the open incidents that they may see.

    `incidents` are those that the rest is about, by number. `opened` are the worst of the open ones; `more` are left
    out. `pages` are those that no offer here answers.
    """

    person: PersonId
    now: datetime
    zone: ZoneInfo
    incidents: Mapping[int, Incident]
    offers: tuple[Handoff, ...] = ()
    takings: tuple[Taking, ...] = ()
    trades: tuple[TradeAsked, ...] = ()
    pages: tuple[Page, ...] = ()
    shifts: tuple[Shift, ...] = ()
    roles: tuple[Tenure, ...] = ()
    on_duty: PersonId | None = None
    opened: tuple[Overview, ...] = ()
    more: int = 0

    def is_paged_for(self, shift: Shift) -> bool:
        """Whether this person is being woken for that shift."""
        return any(page.about.get("shift") == shift.id for page in self.pages)

    def is_soon(self, shift: Shift) -> bool:
        """Whether its boundary is so near that whoever takes it should be up."""
        return self.now < shift.starts_at <= self.now + UP_FROM
