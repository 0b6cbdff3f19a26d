"""Digests planned and decided: once for each date, across absences, changes of mind and of zone."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.actions.communication import digest_plan, digest_subscription
from bot.actions.incident import change, declare, ending, membership
from bot.actions.remind import run_due
from bot.domain.incident import Incident, Kind, Severity
from bot.domain.people import Person
from bot.domain.reminder import ReminderState
from bot.settings import Settings
from bot.settings_tables import DigestSettings
from storage import digests, incidents, people, reminders
from storage.store import Store
from tests.support.clock import START, MovableClock
from tests.support.story import BOB, IC, settings

# START is Monday, 2 March 2026, 08:00 UTC: 09:00 in Berlin.
BERLIN = settings(digest=DigestSettings(times=("10:00", "18:00"), zone="Europe/Berlin", every_hours=4))
CALM = settings(digest=DigestSettings(times=("10:00",), every_hours=0, calm=True))


def start(store: Store, wanted: Settings = BERLIN) -> None:
    with store.write() as tx:
        digest_plan.on_start(tx, wanted)


def opened(store: Store, severity: Severity = Severity.SEV3, **more: object) -> Incident:
    wanted = declare.Declaration(title="Checkout is down", severity=severity, **more)  # type: ignore[arg-type]
    with store.write() as tx:
        return declare.declare(tx, BERLIN, wanted, IC)


def until(store: Store, clock: MovableClock, at: str, wanted: Settings = BERLIN) -> None:
    """Move the clock there in one step, as if the bot had been away, and let it do what is due."""
    clock.move(seconds=(datetime.fromisoformat(at).replace(tzinfo=UTC) - clock.now()).total_seconds())
    with store.write() as tx:
        while run_due(tx, wanted):
            pass


def ends(store: Store, prefix: str = "digest:") -> list[tuple[str, str]]:
    """How the digests that are over ended."""
    with store.read() as tx:
        found = reminders.under(tx, prefix)
    return [(row.key.removeprefix(prefix), row.state.value) for row in found if row.state is not ReminderState.PENDING]


def waiting(store: Store) -> list[str]:
    with store.read() as tx:
        return sorted(row.key for row in reminders.under(tx, "digest:") if row.state is ReminderState.PENDING)


def test_twice_a_day_and_nothing_on_a_calm_one(store: Store, clock: MovableClock) -> None:
    start(store)
    until(store, clock, "2026-03-02T09:00")
    assert ends(store) == [("channel:2026-03-02:10:00", "superseded")]
    opened(store)
    until(store, clock, "2026-03-02T17:00")
    assert ends(store)[-1] == ("channel:2026-03-02:18:00", "delivered")
    assert waiting(store) == ["digest:channel:2026-03-03:10:00"]
    with store.read() as tx:
        assert digests.newest(tx, None) is not None
        assert digests.newest_sent(tx, None) is None


def test_where_it_is_set_a_calm_day_has_one_too(store: Store, clock: MovableClock) -> None:
    start(store, CALM)
    until(store, clock, "2026-03-02T10:00", CALM)
    assert ends(store) == [("channel:2026-03-02:10:00", "delivered")]


def test_after_days_away_only_the_last_is_sent(store: Store, clock: MovableClock) -> None:
    start(store)
    opened(store)
    until(store, clock, "2026-03-05T19:00")
    assert set(ends(store)) == {("channel:2026-03-02:10:00", "covered"), ("channel:2026-03-05:18:00", "delivered")}
    until(store, clock, "2026-03-06T08:10")
    until(store, clock, "2026-03-06T09:00")
    assert ("channel:2026-03-06:10:00", "delivered") in ends(store)


def test_the_last_is_not_sent_shortly_before_the_next(store: Store, clock: MovableClock) -> None:
    start(store)
    opened(store)
    until(store, clock, "2026-03-03T08:30")
    assert ends(store) == [("channel:2026-03-02:10:00", "covered"), ("channel:2026-03-02:18:00", "covered")]
    assert waiting(store) == ["digest:channel:2026-03-03:10:00"]


def test_every_four_hours_between_the_times_of_day(store: Store, clock: MovableClock) -> None:
    """From 08:30 UTC on: at 12:30; 16:30 gives way to 17:00; 20:30, 00:30, 04:30; 08:30 gives way to 09:00."""
    clock.move(minutes=30)
    start(store)
    first = opened(store, Severity.SEV1)
    opened(store, Severity.SEV1, kind=Kind.DRILL)
    for half in range(1, 50):
        until(store, clock, (START + timedelta(minutes=30 * (half + 1))).strftime("%Y-%m-%dT%H:%M"))
    day, night = ["channel:2026-03-02:10:00", "channel:2026-03-02:18:00"], ["channel:2026-03-03:10:00"]
    assert {key for key, state in ends(store) if state == "delivered"} == {
        *(*day, *night),
        *(f"open:INC-1:{number}" for number in (1, 3, 4, 5)),
    }
    assert {key for key, state in ends(store) if state == "covered"} == {"open:INC-1:2", "open:INC-1:6"}
    with store.write() as tx:
        ending.resolve(tx, incidents.get(tx, first.number), "", IC)
    until(store, clock, "2026-03-03T12:30")
    assert ends(store)[-1] == ("open:INC-1:7", "superseded")
    assert waiting(store) == ["digest:channel:2026-03-03:18:00"]
    with store.write() as tx:
        ending.reopen(tx, BERLIN, incidents.get(tx, first.number), IC)
    assert waiting(store) == ["digest:channel:2026-03-03:18:00", "digest:open:INC-1:8"]


def test_what_is_raised_begins_it_and_a_newer_one_is_not_told_too_soon(store: Store, clock: MovableClock) -> None:
    first = opened(store)
    assert waiting(store) == []
    clock.move(hours=1)
    with store.write() as tx:
        change.set_severity(tx, BERLIN, first, Severity.SEV2, IC)
    assert waiting(store) == ["digest:open:INC-1:1"]
    clock.move(hours=2)
    with store.write() as tx:
        ending.resolve(tx, incidents.get(tx, first.number), "", IC)
    opened(store, Severity.SEV1)
    assert waiting(store) == ["digest:open:INC-2:1"]


@pytest.mark.parametrize(
    ("zone", "first", "utc"),
    [
        ("Asia/Kolkata", "2026-03-03:08:00", "2026-03-03T02:30"),
        ("America/New_York", "2026-03-02:08:00", "2026-03-02T13:00"),
    ],
)
def test_a_subscriber_has_it_at_their_own_time(
    store: Store, clock: MovableClock, zone: str, first: str, utc: str
) -> None:
    with store.write() as tx:
        people.save(tx, _person(zone))
        digest_subscription.subscribe(tx, BERLIN, BOB, "sev3 at 08:00")
    assert waiting(store) == [f"digest:dm:{BOB}:{first}"]
    opened(store)
    opened(store, private=True)
    until(store, clock, utc)
    assert ends(store, f"digest:dm:{BOB}:") == [(first, "delivered")]


def _person(zone: str, *, gone: bool = False) -> Person:
    return Person(id=BOB, name="Bob", zone=zone, deactivated=gone, bot=False, foreign=False, fetched_at=START)


def _do(store: Store, words: str) -> None:
    with store.write() as tx:
        digest_subscription.subscribe(tx, BERLIN, BOB, words) if words else digest_subscription.unsubscribe(tx, BOB)


def test_who_changes_their_mind_or_travels_has_one_for_each_date(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        people.save(tx, _person("UTC"))
    opened(store)
    _do(store, "at 10:00")
    _do(store, "")
    assert waiting(store) == []
    _do(store, "at 10:00")
    _do(store, "sev3 at 10:00 23:00")
    assert waiting(store) == [f"digest:dm:{BOB}:2026-03-02:10:00"]
    until(store, clock, "2026-03-02T10:00")
    with store.write() as tx:
        membership.learned(tx, BERLIN, _person("America/New_York"))
    # 10:00 of that date was had in UTC; 23:00 in New York is 04:00 UTC.
    assert waiting(store) == [f"digest:dm:{BOB}:2026-03-02:23:00"]
    until(store, clock, "2026-03-03T04:00")
    assert [state for _, state in ends(store, f"digest:dm:{BOB}:")] == ["delivered", "delivered"]


def test_who_has_left_has_none(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        people.save(tx, _person("UTC"))
    opened(store)
    _do(store, "at 10:00")
    with store.write() as tx:
        membership.learned(tx, BERLIN, _person("UTC", gone=True))
    until(store, clock, "2026-03-02T10:00")
    assert ends(store, f"digest:dm:{BOB}:") == [("2026-03-02:10:00", "superseded")]
    assert waiting(store) == []


def test_other_settings_are_followed_from_the_start_on(store: Store, clock: MovableClock) -> None:
    start(store)
    start(store, CALM)
    assert waiting(store) == ["digest:channel:2026-03-02:10:00"]
    start(store, settings())
    assert waiting(store) == []
    start(store, settings(digest=DigestSettings(times=("10:00",), zone="America/New_York", every_hours=0)))
    with store.read() as tx:
        (row,) = reminders.under(tx, "digest:channel:")
    assert row.due_at == START.replace(hour=15)


def test_private_ones_are_nobodys(store: Store) -> None:
    opened(store, Severity.SEV1, private=True)
    assert waiting(store) == []
