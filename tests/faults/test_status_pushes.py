"""Nothing is lost or doubled on its way to Statuspage: the short form of `python -m tests.faults.status_pushes`."""

import pytest

from tests.faults.status_pushes import Tally, torment

pytestmark = pytest.mark.faults


def test_whatever_happens_each_update_is_there_once() -> None:
    tally = Tally()
    for seed in (1, 2):
        torment(tally, seed)
    assert not tally.findings, tally
    assert tally.updates > 5
    assert tally.kills > 2
