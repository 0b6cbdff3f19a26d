"""The dead-man, played: nobody is never reached, and nothing stands twice."""

import pytest

from tests.faults.deadman_simulation import simulate

pytestmark = pytest.mark.faults


def test_nobody_is_missed_and_nothing_stays_double() -> None:
    tally = simulate(300, seed=11)
    assert tally.handoffs == 300
    assert (tally.never, tally.doubled, tally.left_double) == (0, 0, 0), tally.table
    assert tally.cut_off <= 1, "it takes a host that dies between two calls"
    assert min(tally.by["Slack's timer"], tally.by["the bot"]) > 60, "both must be needed"


def test_without_the_freeze_many_would_see_it_twice() -> None:
    tally = simulate(60, seed=11, naive=True)
    assert tally.never == 0
    assert tally.doubled > 5
