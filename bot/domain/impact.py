"""Impact: what is how broken for whom, from when to when.

People say how one component does for one tier from a moment on; late, and wrongly at times. What they said resolves
into intervals that follow each other without overlap or gap, from the first moment named on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.incident import PersonId

# The tier of what has no tiers; and the component of a workspace that has set none.
EVERYONE = "everyone"
SERVICE = "service"


class Level(StrEnum):
    """How a component does, in the words of public status pages."""

    OPERATIONAL = "operational"
    DEGRADED_PERFORMANCE = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"
    UNDER_MAINTENANCE = "under_maintenance"

    @property
    def words(self) -> str:
        """`major outage`."""
        return self.replace("_", " ")


# What people type for a level. The short ones come first in hints.
LEVEL_WORDS: Mapping[str, Level] = {
    "major": Level.MAJOR_OUTAGE,
    "partial": Level.PARTIAL_OUTAGE,
    "degraded": Level.DEGRADED_PERFORMANCE,
    "operational": Level.OPERATIONAL,
    "maintenance": Level.UNDER_MAINTENANCE,
    "down": Level.MAJOR_OUTAGE,
    "slow": Level.DEGRADED_PERFORMANCE,
    "ok": Level.OPERATIONAL,
    "up": Level.OPERATIONAL,
    "restored": Level.OPERATIONAL,
    **{level.value: level for level in Level},
}


def read_level(words: str) -> Level | None:
    """The level that these words name: `major`, `Major outage`, `major-outage`; None when they name none."""
    return LEVEL_WORDS.get("_".join(words.lower().replace("-", " ").replace("_", " ").split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One component for one tier. `place` orders them: the smaller, the more it matters that it is restored first."""

    component: str
    tier: str = EVERYONE
    place: int = field(default=0, compare=False)

    @property
    def name(self) -> str:
        """`dedicated-databases/production`; `deploys` for what has no tiers. Made of names from the settings."""
        return self.component if self.tier == EVERYONE else f"{self.component}/{self.tier}"


def place_of(component: int, tier: int) -> int:
    """The place of the n-th tier of the n-th component: every first tier matters more than any second one."""
    return tier * 1000 + component


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What somebody said: from `since` on the part is at this level. `affected`: how many; None when it was not said.

    `is_down`: whether the level counted as downtime by the settings when it was said.
    """

    id: int = 0
    part: Part
    level: Level
    since: datetime
    affected: int | None = None
    is_down: bool
    said_by: PersonId
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A part was at one level from `start` to `end` (None: still is). `said_at`: when its beginning was said."""

    level: Level
    is_down: bool
    affected: int | None
    start: datetime
    end: datetime | None
    said_at: datetime


def intervals(statements: Iterable[Statement]) -> tuple[Interval, ...]:
    """What was said of one part, in order of time: each interval begins where the one before ends, the last is open.

    Of several statements about the same moment the one said last counts. How many are affected holds until it is said
    anew, or the part is operational.
    """
    standing = {one.since: one for one in sorted(statements, key=lambda one: (one.said_at, one.id))}
    found: list[Interval] = []
    carried: int | None = None
    for one in sorted(standing.values(), key=lambda one: one.since):
        works = one.level is Level.OPERATIONAL
        affected = one.affected if one.affected is not None else carried
        carried = None if works else affected
        began = Interval(
            level=one.level,
            is_down=one.is_down,
            affected=0 if works else affected,
            start=one.since,
            end=None,
            said_at=one.said_at,
        )
        if found and _same(found[-1], began):
            continue
        if found:
            found[-1] = replace(found[-1], end=began.start)
        found.append(began)
    return tuple(found)


def _same(one: Interval, other: Interval) -> bool:
    return (one.level, one.is_down, one.affected) == (other.level, other.is_down, other.affected)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartImpact:
    """All that one part went through; there is at least one interval. `newest`: the last moment that was spoken of."""

    part: Part
    intervals: tuple[Interval, ...]
    newest: datetime

    @property
    def name(self) -> str:
        return self.part.name

    @property
    def level(self) -> Level:
        """How it does now."""
        return self.intervals[-1].level

    @property
    def is_restored(self) -> bool:
        return self.level is Level.OPERATIONAL

    @property
    def since(self) -> datetime:
        """Since when it has been at its level, however many were affected meanwhile."""
        start = self.intervals[-1].start
        for one in reversed(self.intervals):
            if one.level is not self.level:
                break
            start = one.start
        return start

    @property
    def affected(self) -> int | None:
        """How many are affected now; None when nobody said."""
        return self.intervals[-1].affected

    @property
    def peak(self) -> int | None:
        """The most that were affected at a time; None when nobody said."""
        broken = [one for one in self.intervals if one.level is not Level.OPERATIONAL]
        return max((one.affected for one in broken if one.affected is not None), default=None)

    @property
    def restored(self) -> int | None:
        """How many of the most are not affected any more; None when nobody said how many were."""
        return self.peak - (self.affected or 0) if self.peak is not None else None

    @property
    def down(self) -> tuple[Interval, ...]:
        """The intervals that count as downtime."""
        return tuple(one for one in self.intervals if one.is_down)

    def downtime(self, now: datetime) -> timedelta:
        """How long it was down until `now`, which is not before anything said of it."""
        return sum((max((one.end or now) - one.start, timedelta()) for one in self.down), timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """From the first start of downtime to its last end over all parts; None: something is still down."""

    start: datetime
    end: datetime | None

    def length(self, now: datetime) -> timedelta:
        """How long it took until 100 % were back; until `now` while they are not."""
        return (self.end or now) - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """The impact of one incident, the most important part first. Kept in briefings as JSON under these names."""

    parts: tuple[PartImpact, ...] = ()

    @property
    def open(self) -> tuple[PartImpact, ...]:
        """The parts that are not restored, the most important first."""
        return tuple(one for one in self.parts if not one.is_restored)

    @property
    def highest(self) -> PartImpact | None:
        """The highest tier not restored; None when everything works."""
        return next(iter(self.open), None)

    @property
    def outage(self) -> Outage | None:
        """The downtime over all parts; None when nothing was down."""
        down = [one for part in self.parts for one in part.down]
        if not down:
            return None
        ends = [one.end for one in down if one.end is not None]
        return Outage(start=min(one.start for one in down), end=max(ends) if len(ends) == len(down) else None)

    def of(self, part: Part) -> PartImpact | None:
        """What this part went through; None when nothing was said of it."""
        return next((one for one in self.parts if one.part == part), None)


def impact_from(statements: Iterable[Statement]) -> Impact:
    """What was said of an incident, resolved. The place of a part is the one that was said last."""
    by_part: dict[Part, list[Statement]] = {}
    for one in sorted(statements, key=lambda one: (one.said_at, one.id)):
        # Parts are equal whatever their place: the key that stays must have the newest.
        before = by_part.pop(one.part, [])
        by_part[one.part] = [*before, one]
    parts = (
        PartImpact(part=part, intervals=intervals(said), newest=max(one.since for one in said))
        for part, said in by_part.items()
    )
    return Impact(parts=tuple(sorted(parts, key=lambda one: (one.part.place, one.name))))
