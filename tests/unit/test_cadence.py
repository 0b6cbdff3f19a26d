"""When public updates are due, and how promises end."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import cadence
from bot.domain.incident import Severity
from bot.domain.update import Promise, PromiseState

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
HALF, HOUR = timedelta(minutes=30), timedelta(hours=1)
HOURS = "09:00-18:00"
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]


def minutes(count: float) -> datetime:
    return NOW + timedelta(minutes=count)


def promise(due: float, *, snoozed: bool = False) -> Promise:
    return Promise(
        id=1,
        incident=1,
        due_at=minutes(due),
        snoozed_from=NOW if snoozed else None,
        state=PromiseState.OPEN,
        kept_by=None,
        settled_at=None,
        made_at=NOW,
    )


@pytest.mark.parametrize(
    ("due", "sent", "repeated", "state"),
    [
        (0, -30, False, PromiseState.KEPT),
        (0, 0, False, PromiseState.KEPT),
        # `by 12:00` is kept at 12:00:59.
        (0, 0.9, False, PromiseState.KEPT),
        (0, 1, False, PromiseState.LATE),
        (0, -30, True, PromiseState.REPEATED),
        (0, 30, True, PromiseState.REPEATED),
    ],
)
def test_how_an_update_keeps_a_promise(due: float, sent: float, repeated: bool, state: PromiseState) -> None:
    assert cadence.kept(promise(due), minutes(sent), repeated=repeated) is state


@pytest.mark.parametrize(
    ("every", "said", "due"), [(HALF, None, 30), (HALF, 90, 90), (None, None, None), (None, 20, 20)]
)
def test_the_next_is_due_by_cadence_or_as_was_said(
    every: timedelta | None, said: float | None, due: float | None
) -> None:
    found = cadence.next_due(NOW, every, minutes(said) if said else None)
    assert found == (minutes(due) if due else None)


@pytest.mark.parametrize(
    ("before", "every", "due"),
    [(None, HALF, 30), (50, HALF, 30), (10, HALF, 10), (-10, HALF, -10), (50, None, 50), (None, None, None)],
)
def test_raising_moves_nothing_later(before: float | None, every: timedelta | None, due: float | None) -> None:
    found = cadence.after_raise(None if before is None else promise(before), every, NOW)
    assert found == (None if due is None else minutes(due))


@pytest.mark.parametrize(
    ("before", "every", "due"),
    # The last update was sent 20 minutes ago.
    [(10, HOUR, 40), (90, HOUR, 90), (10, None, None), (-10, HOUR, -10), (-10, None, None), (None, HOUR, 60)],
)
def test_lowering_cancels_what_is_not_due_any_more(
    before: float | None, every: timedelta | None, due: float | None
) -> None:
    found = cadence.after_lowering(None if before is None else promise(before), every, minutes(-20), NOW)
    assert found == (None if due is None else minutes(due))


def test_what_is_let_go_overdue_was_late() -> None:
    assert cadence.let_go(promise(5), NOW, PromiseState.ENDED) is PromiseState.ENDED
    assert cadence.let_go(promise(-5), NOW, PromiseState.ENDED) is PromiseState.LATE


def test_it_is_put_off_from_when_it_was_due_or_from_now() -> None:
    assert cadence.snoozed(promise(5), 15, NOW) == minutes(20)
    assert cadence.snoozed(promise(-7), 15, NOW) == minutes(15)


@pytest.mark.parametrize(
    ("at", "zone", "told"),
    [
        # Wednesday at noon.
        ("2026-03-04 12:00", "UTC", "2026-03-04 12:00"),
        # In the evening, and in the night: the next morning of their own.
        ("2026-03-04 18:00", "UTC", "2026-03-05 09:00"),
        ("2026-03-04 03:00", "UTC", "2026-03-04 09:00"),
        ("2026-03-04 12:00", "America/New_York", "2026-03-04 14:00"),
        ("2026-03-04 23:30", "Pacific/Auckland", "2026-03-04 23:30"),
        # From Friday evening to Monday; over the change of the clocks on Sunday the 29th.
        ("2026-03-06 19:00", "UTC", "2026-03-09 09:00"),
        ("2026-03-27 19:00", "Europe/Berlin", "2026-03-30 07:00"),
    ],
)
def test_sev3_waits_for_the_morning(at: str, zone: str, told: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    found = cadence.may_say(moment, Severity.SEV3, HOURS, ZoneInfo(zone))
    assert found == datetime.fromisoformat(told).replace(tzinfo=UTC)
    assert cadence.may_say(moment, Severity.SEV1, HOURS, ZoneInfo(zone)) == moment


@settings(max_examples=50)
@given(
    after=st.integers(0, 60 * 24 * 365),
    zone=st.sampled_from(ZONES),
    begin=st.integers(0, 23),
    end=st.integers(0, 23),
)
def test_whoever_is_told_later_is_at_work_then(after: int, zone: str, begin: int, end: int) -> None:
    moment, wall = NOW + timedelta(minutes=after), ZoneInfo(zone)
    found = cadence.may_say(moment, Severity.SEV4, f"{begin:02}:00-{end:02}:00", wall)
    local = found.astimezone(wall)
    assert moment <= found <= moment + timedelta(days=4)
    assert local.weekday() < 5
    # 03:00 may not be there on the day on which the clocks go forward.
    assert local.time() >= time(begin)
    assert end <= begin or local.time() < time(end) or local.time() == time(begin)
    # Whoever is told then need not wait again.
    assert cadence.may_say(found, Severity.SEV4, f"{begin:02}:00-{end:02}:00", wall) == found
