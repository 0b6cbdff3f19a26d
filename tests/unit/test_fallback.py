"""Fallbacks: when one may be changed, when the bot may speak beside it, and what a look decides."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.fallback import (
    AfterLook,
    after_look,
    look_at,
    may_be_changed,
    may_be_said,
    post_time,
    ref_of,
)

BOUNDARY = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_it_is_due_ten_minutes_after_the_boundary_in_whole_seconds() -> None:
    assert post_time(BOUNDARY) == BOUNDARY + 10 * MINUTE
    assert post_time(BOUNDARY + timedelta(microseconds=1)) == BOUNDARY + 10 * MINUTE + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("minutes", "changed", "said"),
    [(-60, True, True), (2.9, True, True), (3, True, False), (3.9, True, False), (4, False, False), (30, False, False)],
)
def test_it_freezes_six_minutes_before(minutes: float, changed: bool, said: bool) -> None:
    now, post_at = BOUNDARY + minutes * MINUTE, post_time(BOUNDARY)
    assert may_be_changed(post_at, now) is changed
    assert may_be_said(post_at, now) is said, "a minute earlier: what is said must leave time to take it back"


def test_slack_is_looked_at_a_minute_after_its_time() -> None:
    assert look_at(post_time(BOUNDARY)) == BOUNDARY + 11 * MINUTE


@pytest.mark.parametrize(
    ("found", "wanted", "said", "ended", "then"),
    [
        (True, True, False, False, AfterLook.ADOPT),
        (True, False, False, True, AfterLook.ADOPT),
        (True, False, False, False, AfterLook.SET_RIGHT),
        (True, True, True, False, AfterLook.DELETE),
        (True, False, True, True, AfterLook.DELETE),
        (False, True, False, False, AfterLook.SAY),
        (False, False, False, True, AfterLook.NOTHING),
        (False, True, True, False, AfterLook.NOTHING),
    ],
)
def test_what_a_look_decides(found: bool, wanted: bool, said: bool, ended: bool, then: AfterLook) -> None:
    assert after_look(found=found, wanted=wanted, said=said, ended=ended) is then


def test_a_ref_is_short_and_the_same_each_time() -> None:
    assert ref_of("a") == ref_of("a") != ref_of("b")
    assert len(ref_of("a")) == 10
