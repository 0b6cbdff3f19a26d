"""When a failed effect is tried again, and when Slack is asked first."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.effect import LOOKS, Effect, EffectKind, backoff, must_look_first
from tests.support.clock import START

EFFECT = Effect(
    id=1,
    key="INC-7:card:declared",
    kind=EffectKind.CARD,
    lane="INC-7:card",
    incident=7,
    intent={},
    sends=0,
    absences=0,
    failures=0,
    first_try_at=None,
    created_at=START,
)


@pytest.mark.parametrize(("failures", "seconds"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (100_000, 60)])
def test_back_off_doubles_to_a_minute(failures: int, seconds: int) -> None:
    assert backoff(failures) == timedelta(seconds=seconds)


@given(st.integers(1, 10**6))
def test_back_off_never_shrinks(failures: int) -> None:
    assert timedelta(seconds=1) <= backoff(failures) <= backoff(failures + 1) <= timedelta(minutes=1)


@pytest.mark.parametrize(
    ("sends", "absences", "look"),
    [(0, 0, False), (1, 0, True), (1, 1, True), (1, LOOKS, False), (2, 0, True), (0, 2, False)],
)
def test_slack_is_asked_before_a_repeat(sends: int, absences: int, look: bool) -> None:
    assert must_look_first(replace(EFFECT, sends=sends, absences=absences)) is look
