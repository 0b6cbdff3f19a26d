"""Whoever reads a page: people by name, times on their own wall, and texts in which Slack's marks have become words."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.actions.zones import zone_of
from bot.domain.incident import PersonId
from bot.heard import MENTION
from bot.messages.kit import clock_time
from handlers.slack.plainly import plainly
from storage import people
from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as it is shown: on the reader's wall, and in UTC when that says something else."""

    wall: str
    utc: str
    iso: str


@dataclass(frozen=True)
class Reader:
    """One person, within one transaction."""

    tx: Tx
    person: PersonId
    _names: dict[PersonId, str] = field(default_factory=dict)

    @cached_property
    def zone(self) -> ZoneInfo:
        return zone_of(self.tx, self.person)

    @property
    def own_name(self) -> str:
        """Their full name."""
        return self.name(self.person)

    def name(self, who: PersonId | None) -> str:
        """Somebody's full name; their id as long as Slack has not told us more."""
        if not who:
            return "nobody"
        if who not in self._names:
            known = people.get(self.tx, who)
            self._names[who] = known.name if known else who
        return self._names[who]

    def typed(self, text: str) -> str:
        """What somebody typed: those whom they named by name, everything else as it stands."""
        return MENTION.sub(lambda found: self.name(found[1]), text)

    def ours(self, text: str) -> str:
        """What the bot says in Slack's marks, in plain words; code keeps its marks, for the page to show it as such."""
        return plainly(self.tx, text.replace("`", "\0")).replace("\0", "`").replace("*", "")

    def at(self, when: datetime) -> Moment:
        """A time on their wall, and in UTC."""
        wall = clock_time(when, self.zone)
        local = when.astimezone(self.zone)
        same = local.utcoffset() == when.astimezone(UTC).utcoffset()
        day = "" if local.date() == when.astimezone(UTC).date() else f"{when.astimezone(UTC):%a} "
        return Moment(
            wall, "" if same else f"{day}{when.astimezone(UTC):%H:%M} UTC", when.isoformat(timespec="seconds")
        )
