"""Downtime by day, computed from the incidents of a snapshot. Days are days in UTC."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.impact import Level
from bot.status.snapshot import DAYS, Incident, Service, Snapshot, Span, worst

_DAY = timedelta(days=1)
_NONE = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of one service. `known` is False before anything was watched: then it says nothing."""

    day: date
    down: timedelta = _NONE
    level: Level = Level.OPERATIONAL
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The last 90 days of one service, oldest first."""

    days: tuple[Day, ...]
    watched: timedelta

    @property
    def down(self) -> timedelta:
        return sum((day.down for day in self.days), _NONE)

    @property
    def uptime(self) -> float | None:
        """In percent of the time that was watched; None when nothing was."""
        return 100 * (1 - self.down / self.watched) if self.watched else None

    @property
    def bad(self) -> tuple[Day, ...]:
        """Days on which not all was well, the newest first."""
        return tuple(day for day in reversed(self.days) if day.level is not Level.OPERATIONAL)


def histories(snapshot: Snapshot) -> dict[Service, History]:
    """The history of each service of the page. Incidents that overlap count once."""
    today = snapshot.written_at.astimezone(UTC).date()
    dates = [today - _DAY * back for back in range(DAYS - 1, -1, -1)]
    begins = max(_midnight(dates[0]), _midnight(snapshot.since))
    spans: dict[Service, list[Span]] = defaultdict(list)
    for incident in snapshot.incidents:
        for damage in incident.damage:
            spans[damage.service] += [
                span
                for span in damage.spans
                if span.level is not Level.OPERATIONAL and (span.end is None or span.end > begins)
            ]
    watched = max(snapshot.written_at - begins, _NONE)
    return {
        service: History(days=_days(dates, spans[service], snapshot), watched=watched) for service in snapshot.services
    }


def _days(dates: Sequence[date], spans: Sequence[Span], snapshot: Snapshot) -> tuple[Day, ...]:
    known = [Day(day=day, known=day >= snapshot.since) for day in dates]
    return tuple(_filled(day, spans, snapshot.written_at) for day in known) if spans else tuple(known)


def _filled(day: Day, spans: Sequence[Span], now: datetime) -> Day:
    start = _midnight(day.day)
    end = min(start + _DAY, now)
    here = [span for span in spans if span.start < end and (span.end or now) > start]
    if not here or not day.known:
        return day
    down = _union((max(span.start, start), min(span.end or now, end)) for span in here if span.is_down)
    return Day(day=day.day, down=down, level=worst(span.level for span in here))


def _union(intervals: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """How long any of them lasted."""
    total, until = _NONE, None
    for start, end in sorted(intervals):
        begin = start if until is None else max(start, until)
        if end > begin:
            total, until = total + (end - begin), end
    return total


def outage(incident: Incident, now: datetime) -> tuple[timedelta, bool] | None:
    """How long it took from the first downtime until all of it was over, and whether it is; None: nothing was down."""
    down = [span for span in incident.spans if span.is_down]
    if not down:
        return None
    over = all(span.end for span in down)
    return max(span.end or now for span in down) - min(span.start for span in down), over


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
