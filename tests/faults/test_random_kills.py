"""kill -9 at random moments: the short form of `python -m tests.faults.random_kills`."""

import random

import pytest

from tests.faults.random_kills import Tally, torment
from tests.harness import Workspace

pytestmark = pytest.mark.faults

KILLS = 12


def test_random_kills_lose_and_double_nothing(workspace: Workspace) -> None:
    tally = Tally(seed=random.SystemRandom().randrange(10**6))
    print("seed", tally.seed)
    torment(workspace, tally, KILLS)
    assert not tally.findings, tally.table
    assert tally.kills >= KILLS
