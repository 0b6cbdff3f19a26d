"""Trades by example: how long somebody is given to answer, and who is asked first."""

from datetime import timedelta

import pytest

from bot.domain.trade import in_order, time_to_answer
from tests.support.clock import START

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours_before", "left", "minutes"),
    [
        # Shared out until an hour before the shift …
        (3, 2, 60),
        (2, 3, 20),
        (2.5, 3, 30),
        (6, 5, 60),
        # … two hours at the most …
        (5, 2, 120),
        (48, 1, 120),
        # … and ten minutes at least.
        (2, 6, 10),
        (2, 7, 10),
        (1, 1, 10),
        (0.5, 3, 10),
        (0, 1, 10),
        (-1, 1, 10),
        # Nobody left counts as one.
        (2, 0, 60),
    ],
)
def test_the_time_that_is_left_is_shared_out(hours_before: float, left: int, minutes: int) -> None:
    assert time_to_answer(START + hours_before * HOUR, START, left) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("candidates", "rested", "expected"),
    [("abc", "abc", "abc"), ("abc", "", "abc"), ("abc", "c", "cab"), ("abc", "cb", "bca"), ("", "a", "")],
)
def test_the_rested_are_asked_first(candidates: str, rested: str, expected: str) -> None:
    assert "".join(in_order(candidates, rested)) == expected
