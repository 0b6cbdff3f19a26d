"""Duty rosters against an oracle that walks a year minute by minute, looking at nothing but a clock on the wall.

Each year has both changes of the clocks of its zone; one zone changes by half an hour, one lies at an odd offset.
"""

from array import array
from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.duty import Cover, Duty, DutyEvent, Roster, Schedule, affected, last_date

ZONES = [
    "Africa/Cairo",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Auckland",
]
CHANGING = [zone for zone in ZONES if zone != "Asia/Kathmandu"]
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES = 365 * 1440
MINUTE = timedelta(minutes=1)
PEOPLE = ("UADA00001", "UBOB00001", "UEVE00001", "UIND00001")
_EPOCH = date(1970, 1, 1)
_few = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])


@cache
def wall_clock(zone: str) -> "array[int]":
    """What a clock on the wall shows in each minute of the year, in minutes since 1970 as if there were no zones."""
    there = ZoneInfo(zone)
    shown = array("q")
    # Clocks are put forward or back at quarters of an hour only.
    for minute in range(0, MINUTES, 15):
        local = (YEAR + minute * MINUTE).astimezone(there)
        begin = (local.toordinal() - _EPOCH.toordinal()) * 1440 + local.hour * 60 + local.minute
        shown.extend(range(begin, begin + 15))
    return shown


@cache
def jumps(zone: str) -> list[int]:
    """The minutes in which that clock was put forward or back."""
    shown = wall_clock(zone)
    return [minute for minute in range(1, MINUTES) if shown[minute] != shown[minute - 1] + 1]


def oracle(schedule: Schedule, people: int, begin: int = 0, end: int = MINUTES) -> "array[int]":
    """For each minute, the place in the order of who is on duty: by watching the wall go by, from the first on.

    Duty changes when the wall shows its time for the first time of that date. Where that time is skipped, it changes so
    long after the clock was put forward as the time lies behind the one at which it was.
    """
    shown = wall_clock(schedule.zone.key)
    wanted = (schedule.anchor - _EPOCH).days * 1440 + schedule.wall.hour * 60 + schedule.wall.minute
    held, turn, changes = array("b"), -1, -1
    while wanted <= shown[begin]:
        turn, wanted = turn + 1, wanted + schedule.every_days * 1440
    for minute in range(begin, end):
        now, before = shown[minute], shown[minute - 1] if minute else shown[0]
        if now == wanted:
            changes = minute
        elif before < wanted < now:
            changes = minute + wanted - (before + 1)
        if minute == changes:
            turn, wanted = turn + 1, wanted + schedule.every_days * 1440
        held.append(turn % people if turn >= 0 else -1)
    return held


def roster(schedule: Schedule, people: tuple[str, ...]) -> Roster:
    return Roster(id=1, people=people, schedule=schedule, set_by=PEOPLE[0], set_at=YEAR)


def filled(duty: Duty) -> "array[int]":
    """The same as the oracle says, from the stretches of the year."""
    held = array("b")
    end = YEAR
    for stretch in duty.stretches(YEAR, YEAR + MINUTES * MINUTE):
        assert stretch.starts_at == end
        end = stretch.ends_at
        place = duty.roster.people.index(stretch.person) if stretch.person else -1
        held += array("b", [place]) * ((stretch.ends_at - stretch.starts_at) // MINUTE)
    assert end == YEAR + MINUTES * MINUTE
    return held


walls = st.times().map(lambda wall: wall.replace(second=0, microsecond=0)) | st.sampled_from(
    # When clocks are put forward or back somewhere, and just before and after.
    [time(hour, minute) for hour in (0, 1, 2, 3, 23) for minute in (0, 1, 15, 29, 30, 45, 59)]
)
anchors = st.integers(-40, 300).map(lambda days: YEAR.date() + timedelta(days=days))


def schedules(zone: str) -> st.SearchStrategy[Schedule]:
    often = st.sampled_from([1, 1, 2, 3, 7, 7, 14, 30]) | st.integers(1, 366)
    return st.builds(Schedule, often, anchors, walls, st.just(ZoneInfo(zone)))


@pytest.mark.parametrize("zone", CHANGING)
def test_the_year_has_both_changes(zone: str) -> None:
    by = [wall_clock(zone)[minute] - wall_clock(zone)[minute - 1] - 1 for minute in jumps(zone)]
    assert sorted(by) == ([-30, 30] if zone == "Australia/Lord_Howe" else [-60, 60])


@pytest.mark.parametrize("zone", ZONES)
@settings(_few, max_examples=4)
@given(st.data(), st.integers(1, 4))
def test_who_is_on_duty_in_each_minute_of_a_year(zone: str, data: st.DataObject, many: int) -> None:
    schedule = data.draw(schedules(zone))
    duty = Duty(roster=roster(schedule, PEOPLE[:many]))
    expected = oracle(schedule, many)
    assert filled(duty) == expected
    # Asked for one minute, it says the same: at some of the year, and around the changes of the clocks.
    asked = data.draw(st.lists(st.integers(0, MINUTES - 1), max_size=50))
    around = [minute + near for minute in jumps(zone) for near in range(-90, 91, 5)]
    for minute in [*asked, *around]:
        held = duty.on_duty(at(minute))
        assert held == (PEOPLE[expected[minute]] if expected[minute] >= 0 else None)


@pytest.mark.parametrize("zone", ZONES)
@_few
@given(st.data())
def test_turns_tile_time(zone: str, data: st.DataObject) -> None:
    schedule = data.draw(schedules(zone))
    begins = [schedule.handover(turn) for turn in range(400 // schedule.every_days + 2)]
    days = timedelta(days=schedule.every_days)
    for begin, end in pairwise(begins):
        # A turn is as long as its dates, but for one change of the clocks, or two of a wall time in a gap.
        assert abs(end - begin - days) <= timedelta(hours=2)
    for turn, begin in enumerate(begins[:-1]):
        assert schedule.turn_at(begin) == schedule.turn_at(begins[turn + 1] - timedelta(seconds=1)) == turn
    assert schedule.turn_at(begins[0] - timedelta(seconds=1)) == -1


@pytest.mark.parametrize("zone", CHANGING)
def test_hand_over_on_the_days_of_the_changes(zone: str) -> None:
    """Wall times of the two days, all near midnight and in the first hours: none near a change is left to chance."""
    walls = [*range(0, 300, 5), *range(300, 1320, 60), *range(1320, 1440, 5)]
    for jump in jumps(zone):
        day = (YEAR + jump * MINUTE).astimezone(ZoneInfo(zone)).date()
        for minute in walls:
            schedule = Schedule(1, day, time(minute // 60, minute % 60), ZoneInfo(zone))
            held = oracle(schedule, 3, jump - 2880, jump + 2880)
            assert schedule.handover(0) == at(jump - 2880 + held.index(0))
            assert schedule.handover(1) == at(jump - 2880 + held.index(1))


@pytest.mark.parametrize("zone", ZONES)
@_few
@given(st.data())
def test_the_first_turn_of_a_new_roster_is_running(zone: str, data: st.DataObject) -> None:
    now = YEAR + data.draw(st.integers(20_000, MINUTES - 20_000)) * MINUTE
    wall, there, weekday = data.draw(walls), ZoneInfo(zone), data.draw(st.none() | st.integers(0, 6))
    days = 1 if weekday is None else 7
    schedule = Schedule(days, last_date(now, wall, there, weekday), wall, there)
    assert schedule.turn_at(now) == 0
    assert weekday in (None, schedule.anchor.weekday())


@st.composite
def intervals(draw: st.DrawFn) -> tuple[int, int]:
    """Of minutes of some weeks, so that many overlap."""
    begin = draw(st.integers(-5_000, 40_000))
    return begin, begin + draw(st.integers(1, 10_000))


def naive(duty: Duty, minute: int, spans: list[tuple[int, int]], events: list[tuple[int, int]]) -> str | None:
    """Who is on duty by looking at everything, in the order of what counts."""
    at = YEAR + minute * MINUTE
    for place in reversed(range(len(spans))):
        if spans[place][0] <= minute < spans[place][1] and duty.covers[place].person not in duty.gone:
            return duty.covers[place].person
    if duty.roster.url:
        running = [(begin, place) for place, (begin, end) in enumerate(events) if begin <= minute < end]
        found = [duty.events[place] for _, place in sorted(running, key=lambda one: -one[0])]
        return next((event.person for event in found if event.person and event.person not in duty.gone), None)
    turn = duty.roster.schedule.turn_at(at)
    order = [duty.roster.people[(turn + n) % len(duty.roster.people)] for n in range(len(duty.roster.people))]
    return next((person for person in order if turn >= 0 and person not in duty.gone), None)


@settings(max_examples=40)
@given(st.data(), st.lists(intervals(), max_size=6), st.lists(intervals(), max_size=8, unique_by=lambda one: one[0]))
def test_covers_calendars_and_who_is_gone(
    data: st.DataObject, spans: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    person = st.sampled_from(PEOPLE)
    plan = roster(data.draw(schedules("Europe/Berlin")), PEOPLE)
    calendar = data.draw(st.booleans())
    if calendar:
        plan = Roster(id=1, people=(), schedule=plan.schedule, set_by=PEOPLE[0], set_at=YEAR, url="https://c.example")
    covers = [
        Cover(id=n, person=data.draw(person), starts_at=at(begin), ends_at=at(end), set_by=PEOPLE[0])
        for n, (begin, end) in enumerate(spans)
    ]
    others = others if calendar else []
    events = [DutyEvent(data.draw(st.none() | person), "who", at(begin), at(end)) for begin, end in others]
    gone = frozenset(data.draw(st.sets(person, max_size=2)))
    duty = Duty(roster=plan, covers=covers, events=events, gone=gone)
    edges = sorted({edge for both in (*spans, *others) for edge in both} | {0, 20_000})
    for edge in edges:
        for minute in (edge - 1, edge, edge + 1):
            assert duty.on_duty(at(minute)) == naive(duty, minute, spans, others)
    stretches = duty.stretches(at(0), at(30_000))
    assert [stretch.starts_at for stretch in stretches[1:]] == [stretch.ends_at for stretch in stretches[:-1]]
    assert (stretches[0].starts_at, stretches[-1].ends_at) == (at(0), at(30_000))
    for minute in (
        *data.draw(st.lists(st.integers(0, 29_999), max_size=20)),
        *[one for one in edges if 0 <= one < 30_000],
    ):
        begins = [stretch.starts_at for stretch in stretches]
        there = stretches[bisect_right(begins, at(minute)) - 1]
        assert there.person == duty.on_duty(at(minute))
        # The next change is where the stretch ends, wherever one asks.
        until = duty.until(at(minute))
        if there is not stretches[-1] and there.person != stretches[stretches.index(there) + 1].person:
            assert until == there.ends_at
            assert duty.incoming(there.ends_at) == duty.on_duty(there.ends_at)
    assert affected(duty, duty, at(0), at(30_000)) == []


def at(minute: int) -> datetime:
    return YEAR + minute * MINUTE
