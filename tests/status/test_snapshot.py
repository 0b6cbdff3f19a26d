"""What a snapshot says by itself, and what is computed from it."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from bot.domain.impact import Level
from bot.domain.incident import State
from bot.status.safe import public_id, safe
from bot.status.snapshot import Damage, Incident, Snapshot, Span, from_json, to_json
from bot.status.uptime import histories, outage
from bot.status.wording import overall, percent
from tests.status.pages import CALM, DOWN, LATE, NOW, OUTAGE, PAGE, PAST, SERVICES, ended, hours, said, span

TRICKY = replace(DOWN, page=replace(PAGE, about='"incidents":[] \\"incidents":[]'), services=())


@pytest.mark.parametrize("snapshot", [CALM, DOWN, LATE, TRICKY, replace(TRICKY, incidents=())])
def test_it_is_the_same_again_when_read(snapshot: Snapshot) -> None:
    assert from_json(to_json(snapshot)) == snapshot


def test_a_newer_format_with_more_in_it_is_read_too() -> None:
    text = to_json(CALM).replace(b'{"page":', b'{"weather":"fine","page":', 1)
    assert from_json(text) == CALM


def test_what_is_no_snapshot_is_refused() -> None:
    with pytest.raises(ValueError, match="page"):
        from_json(b"{}")


def test_a_correction_holds_in_the_place_of_what_it_corrects() -> None:
    assert OUTAGE.current.id == public_id("update", "7-4")
    last = said("9-1", 0.2, State.MONITORING, "Nearly all is back.", corrects=OUTAGE.updates[2].id)
    assert replace(OUTAGE, updates=(last, *OUTAGE.updates)).current.id == OUTAGE.current.id
    first = replace(OUTAGE.updates[0], corrected_at=NOW)
    last = replace(last, corrects=first.id)
    assert replace(OUTAGE, updates=(last, first, *OUTAGE.updates[1:])).state is State.MONITORING


def test_late_from_a_minute_on_and_never_when_over() -> None:
    due = replace(OUTAGE, next_at=NOW)
    assert due.late(NOW + timedelta(seconds=59)) is None
    assert due.late(NOW + timedelta(minutes=12)) == timedelta(minutes=12)
    assert replace(due, ended_at=NOW).late(NOW + timedelta(hours=1)) is None
    assert replace(due, next_at=None).late(NOW + timedelta(hours=1)) is None


def test_levels_are_the_worst_of_what_is_open() -> None:
    levels = [DOWN.levels[service] for service in SERVICES]
    ok, part, major = Level.OPERATIONAL, Level.PARTIAL_OUTAGE, Level.MAJOR_OUTAGE
    assert levels == [ok, ok, ok, part, major, part, ok]
    other = replace(PAST[0], ended_at=None, damage=(Damage(service=SERVICES[3], spans=(span(major, 1),)),))
    assert replace(DOWN, incidents=(other, *DOWN.incidents)).levels[SERVICES[3]] is major


def test_it_is_never_called_operational_while_an_incident_is_open() -> None:
    assert overall(CALM)[0] is Level.OPERATIONAL
    assert overall(DOWN) == (Level.MAJOR_OUTAGE, "Major outage")
    level, words = overall(replace(CALM, incidents=(replace(OUTAGE, damage=()),)))
    assert (level, words) == (Level.DEGRADED_PERFORMANCE, "We are working on an incident")


def test_how_long_until_all_were_back() -> None:
    assert outage(OUTAGE, NOW) == (timedelta(hours=6), False)
    assert outage(PAST[2], NOW) == (timedelta(hours=4), True)
    assert outage(PAST[0], NOW) is None


def test_downtime_by_day_is_what_counting_minutes_gives() -> None:
    chance = random.Random(3)
    service = SERVICES[0]
    levels = [Level.MAJOR_OUTAGE, Level.PARTIAL_OUTAGE, Level.DEGRADED_PERFORMANCE]
    incidents, down = [], set()
    for _ in range(60):
        start = NOW - timedelta(minutes=chance.randrange(100 * 24 * 60))
        end = start + timedelta(minutes=chance.randrange(1, 3000))
        level, open_ = chance.choice(levels), end > NOW
        is_down = level is not Level.DEGRADED_PERFORMANCE
        one = Span(level=level, is_down=is_down, start=start, end=None if open_ else end)
        updates = (said(str(uuid4()), 1, State.INVESTIGATING, "We look into it."),)
        damage = (Damage(service=service, spans=(one,)),)
        incidents.append(Incident(id=updates[0].id, title="t", updates=updates, damage=damage))
        if is_down:
            minutes = int((min(end, NOW) - start) / timedelta(minutes=1))
            down |= {start + timedelta(minutes=minute) for minute in range(minutes)}
    history = histories(replace(CALM, incidents=tuple(incidents)))[service]
    for day in history.days:
        midnight = datetime(day.day.year, day.day.month, day.day.day, tzinfo=UTC)
        naive = sum(1 for minute in range(24 * 60) if midnight + timedelta(minutes=minute) in down)
        assert day.down == timedelta(minutes=naive)
    assert len(history.days) == 90
    assert history.uptime is not None
    assert history.uptime < 100


def test_days_before_it_watched_say_nothing() -> None:
    new = replace(CALM, since=NOW.date() - timedelta(days=1), incidents=(ended(1, 200, 3, Level.MAJOR_OUTAGE),))
    history = histories(new)[SERVICES[1]]
    assert [day.known for day in history.days] == [False] * 88 + [True, True]
    assert not history.bad
    assert history.watched == timedelta(days=1, hours=14, minutes=5)
    assert histories(replace(new, since=NOW.date() + timedelta(days=1)))[SERVICES[0]].uptime is None


@pytest.mark.parametrize(
    ("share", "shown"), [(100.0, "100 %"), (99.999, "99.99 %"), (99.5, "99.50 %"), (0.0, "0 %"), (None, "no data")]
)
def test_uptime_is_never_rounded_up(share: float | None, shown: str) -> None:
    assert percent(share) == shown


def test_ids_are_as_statuspages_and_stay() -> None:
    assert public_id("incident", 7) == public_id("incident", "7") == "8wu4q9t5fr9q"
    assert len({public_id("incident", number) for number in range(1000)}) == 1000


def test_text_loses_what_is_not_seen_and_nothing_else() -> None:
    assert safe("a\x00b\u202ec\u200bd\ud800e\x1b[31m\ufeff") == "abcde[31m"
    kept = "Größe שלום 你好 👩\u200d💻 ❤\ufe0f\tend\nof it"
    assert safe(kept) == kept
    assert hours(1) == NOW - timedelta(hours=1)
