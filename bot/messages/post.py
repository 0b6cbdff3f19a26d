"""What a text that is said once is made from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.command import COMMANDER, role_name, rota_name
from bot.domain.handoff import Handoff
from bot.domain.incident import PersonId
from bot.domain.overview import Overview
from bot.domain.page import Page
from bot.domain.rota import Shift
from bot.domain.text import format_duration
from bot.domain.update import Update
from bot.messages.card import label
from bot.messages.kit import Message, clock_time, escape, person, span, typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The incident now, what the promise said (`about`), and the reader's zone in a DM.

    `shifts`: the reader's own that have not ended, in the rota it is about. `names`: full names, as far as known.
    """

    overview: Overview
    about: Mapping[str, Any]
    zone: ZoneInfo
    to: PersonId | None = None
    shift: Shift | None = None
    shifts: tuple[Shift, ...] = ()
    other_shift: Shift | None = None
    handoff: Handoff | None = None
    page: Page | None = None
    update: Update | None = None
    asked: tuple[PersonId, ...] = ()
    names: Mapping[PersonId, str] = field(default_factory=dict)

    @property
    def by(self) -> str:
        """Whoever did it, by name: nobody needs a notification about what they have just done themselves."""
        return self.name_of(self.about.get("by"))

    @property
    def name(self) -> str:
        return label(self.overview.incident)

    @property
    def title(self) -> str:
        return typed(self.overview.incident.title)

    @property
    def now(self) -> datetime:
        return self.overview.now

    def name_of(self, who: PersonId | None) -> str:
        """Somebody's full name; a mention when it is not known."""
        return escape(self.names.get(who or "", "")) or person(who)

    @property
    def holder(self) -> str:
        """Who has command, by name."""
        held = self.overview.command
        return self.name_of(held.person) if held else "nobody"

    @property
    def role(self) -> str:
        """The role that it is about, as it is called in a sentence."""
        shift = self.shift or (self.shifts[0] if self.shifts else None)
        return role_name(str(self.about.get("role") or (shift.role if shift else COMMANDER)))

    @property
    def rota_name(self) -> str:
        """The rota that it is about: `Command rota`."""
        return rota_name(str(self.about.get("role") or COMMANDER))

    def clock(self, when: datetime) -> str:
        """A time on the reader's own wall."""
        return clock_time(when, self.zone)

    def span(self, shift: Shift) -> str:
        """When a shift begins and ends, on the reader's own wall."""
        return span(shift.starts_at, shift.ends_at, self.zone)


def minutes(duration: timedelta) -> str:
    """A duration to the nearest minute: what is due at a minute is said some milliseconds after it."""
    return format_duration(timedelta(minutes=round(duration.total_seconds() / 60)))


GONE = "That is not planned any more; nothing is expected of you."
Text = Callable[[Post], Message]
