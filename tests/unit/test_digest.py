"""When digests are due over both changes of clocks, which become one, and which are worth sending."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.domain.digest import Issue, Moment, Rhythm, Schedule, counts_at, merged, rhythm_of, soonest
from bot.domain.incident import Incident, Kind, Severity, State
from bot.domain.reminder import Outcome, ReminderState

NINE, FIVE = time(9), time(17)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _moments(schedule: Schedule, after: str, count: int) -> list[str]:
    """The next moments, as `key without its prefix = UTC`."""
    found, at = [], _utc(after)
    for _ in range(count):
        moment = schedule.next(at)
        assert moment
        assert schedule.last(moment.at) == moment
        found.append(f"{moment.key.split(':', 2)[2]} = {moment.at:%d %H:%M}")
        at = moment.at
    return found


@pytest.mark.parametrize(
    ("zone", "times", "after", "expected"),
    [
        # Berlin, clocks back on 25 October 2026: the day has 25 hours, and 02:30 comes twice.
        (
            "Europe/Berlin",
            (time(2, 30), NINE),
            "2026-10-24T12:00",
            ["2026-10-25:02:30 = 25 00:30", "2026-10-25:09:00 = 25 08:00", "2026-10-26:02:30 = 26 01:30"],
        ),
        # Berlin, clocks forward on 29 March 2026: 02:30 does not exist, and is then an hour after 01:30.
        (
            "Europe/Berlin",
            (time(2, 30), NINE),
            "2026-03-28T12:00",
            ["2026-03-29:02:30 = 29 01:30", "2026-03-29:09:00 = 29 07:00", "2026-03-30:02:30 = 30 00:30"],
        ),
        # Two walls that are one instant in the gap are one.
        (
            "Europe/Berlin",
            (time(2, 30), time(3, 30)),
            "2026-03-28T12:00",
            ["2026-03-29:02:30 = 29 01:30", "2026-03-30:02:30 = 30 00:30", "2026-03-30:03:30 = 30 01:30"],
        ),
        # New York, a week later, and on the other side of UTC's midnight.
        (
            "America/New_York",
            (time(1, 30), time(20)),
            "2026-10-31T12:00",
            ["2026-10-31:20:00 = 01 00:00", "2026-11-01:01:30 = 01 05:30", "2026-11-01:20:00 = 02 01:00"],
        ),
        (
            "America/New_York",
            (time(2, 30), time(20)),
            "2026-03-07T12:00",
            ["2026-03-07:20:00 = 08 01:00", "2026-03-08:02:30 = 08 07:30", "2026-03-08:20:00 = 09 00:00"],
        ),
    ],
)
def test_moments_over_changes_of_clocks(zone: str, times: tuple[time, ...], after: str, expected: list[str]) -> None:
    assert _moments(Schedule(times=times, zone=ZoneInfo(zone)), after, 3) == expected


def test_keys_name_whose_it_is() -> None:
    own = Schedule(times=(NINE,), zone=ZoneInfo("Asia/Kolkata"), person="UADA00001").next(_utc("2026-11-21T00:00"))
    assert own == Moment(_utc("2026-11-21T03:30"), "digest:dm:UADA00001:2026-11-21:09:00")
    nobody = Schedule(times=(), zone=ZoneInfo("UTC"))
    assert nobody.next(_utc("2026-11-21T00:00")) is None
    assert nobody.last(_utc("2026-11-21T00:00")) is None


@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    st.sets(st.times().map(lambda wall: wall.replace(second=0, microsecond=0)), min_size=1, max_size=4),
    st.integers(0, 365 * 24 * 60),
)
@examples(max_examples=40)
def test_each_date_has_each_time_once(zone: str, times: set[time], minute: int) -> None:
    schedule, at = (
        Schedule(times=tuple(times), zone=ZoneInfo(zone)),
        _utc("2026-01-01T00:00") + timedelta(minutes=minute),
    )
    found: list[Moment] = []
    for _ in range(3 * len(times)):
        moment = schedule.next(at)
        assert moment
        found.append(moment)
        at = moment.at
    assert len({moment.key for moment in found}) == len(found)
    assert all(one.at < other.at for one, other in pairwise(found))
    assert found[-1].at - found[0].at <= timedelta(days=3, hours=1)


def _incident(
    number: int, severity: Severity, declared: str, *, kind: Kind = Kind.REAL, private: bool = False
) -> Incident:
    at = _utc(declared)
    return Incident(
        number=number,
        title="t",
        summary="",
        severity=severity,
        state=State.INVESTIGATING,
        kind=kind,
        private=private,
        declared_by="UADA00001",
        declared_at=at,
        detected_at=at,
    )


def test_the_oldest_that_is_real_and_public_gives_the_rhythm() -> None:
    every = timedelta(hours=4)
    opened = [
        _incident(1, Severity.SEV3, "2026-11-21T08:00"),
        _incident(2, Severity.SEV1, "2026-11-21T08:10", kind=Kind.DRILL),
        _incident(3, Severity.SEV1, "2026-11-21T08:20", private=True),
        _incident(5, Severity.SEV1, "2026-11-21T09:20"),
        _incident(4, Severity.SEV2, "2026-11-21T09:10"),
    ]
    rhythm = rhythm_of(opened, every)
    assert rhythm
    assert rhythm.incident.number == 4
    assert rhythm_of(opened[:3], every) is None
    assert rhythm_of(opened, None) is None


@pytest.mark.parametrize(
    ("at", "following", "last"),
    [
        ("2026-11-21T09:10", "digest:open:INC-4:1", None),
        ("2026-11-21T13:09", "digest:open:INC-4:1", None),
        ("2026-11-21T13:10", "digest:open:INC-4:2", "digest:open:INC-4:1"),
        ("2026-11-23T09:20", "digest:open:INC-4:13", "digest:open:INC-4:12"),
    ],
)
def test_every_four_hours_from_the_declaration(at: str, following: str, last: str | None) -> None:
    rhythm = Rhythm(_incident(4, Severity.SEV2, "2026-11-21T09:10"), timedelta(hours=4))
    assert rhythm.next(_utc(at)).key == following
    found = rhythm.last(_utc(at))
    assert (found and found.key) == last


def _issue(at: str) -> Issue:
    return Issue(id=1, key="before", person=None, at=_utc(at))


_COVERED_BEFORE: Outcome = (ReminderState.COVERED, "before")
_COVERED_NEXT: Outcome = (ReminderState.COVERED, "next")


@pytest.mark.parametrize(
    ("now", "before", "following", "gives_way", "ending"),
    [
        ("17:00", None, None, False, None),
        ("17:00", "16:01", None, False, _COVERED_BEFORE),
        ("17:00", "16:00", None, False, None),
        # A few seconds after its minute it is on time: an hour after another one it is said.
        ("17:10", "16:00", None, False, None),
        # The times of day are kept; what comes between them gives way.
        ("17:00", None, "17:30", False, None),
        ("17:00", None, "17:30", True, _COVERED_NEXT),
        ("17:00", None, "18:00", True, None),
        # Late: said once, unless the next is near.
        ("18:45", None, "19:30", False, _COVERED_NEXT),
        ("18:45", None, "20:00", False, None),
        ("18:45", "18:00", None, False, _COVERED_BEFORE),
    ],
)
def test_what_becomes_one(
    now: str, before: str | None, following: str | None, gives_way: bool, ending: Outcome | None
) -> None:
    day = "2026-11-21T"
    moment = Moment(_utc(day + following), "next") if following else None
    issue = _issue(day + before) if before else None
    assert merged(_utc(day + "17:00"), _utc(day + now), issue, moment, gives_way) == ending


def test_half_a_day_late_nobody_reads_it() -> None:
    due = _utc("2026-11-21T17:00")
    assert merged(due, due + timedelta(hours=12), None, None, False) is None
    ending = merged(due, due + timedelta(hours=12, minutes=1), None, None, False)
    assert ending
    assert ending[0] is ReminderState.SUPERSEDED
    assert counts_at(due, due + timedelta(minutes=2)) == due
    assert counts_at(due, due + timedelta(hours=2)) == due + timedelta(hours=2)
    assert soonest(None, None) is None
