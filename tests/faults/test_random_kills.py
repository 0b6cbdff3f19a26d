"""kill -9 at random moments: the short form of `python -m tests.faults.random_kills`."""

import pytest

from tests.faults.random_kills import Tally, torment
from tests.harness import Workspace

pytestmark = pytest.mark.faults

KILLS = 8


def test_random_kills_lose_and_double_nothing(workspace: Workspace) -> None:
    tally = Tally(seed=8)
    print("seed", tally.seed)
    torment(workspace, tally, KILLS)
    assert not tally.findings, tally.table
    assert tally.kills >= KILLS
