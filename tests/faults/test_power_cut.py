"""Power cuts: the short form of `python -m tests.faults.power_cut`."""

import random
from pathlib import Path

import pytest

from tests.faults.power_cut import HEADER, Tally, cut, record

pytestmark = pytest.mark.faults

CUTS = 200


def test_what_was_committed_survives_a_power_cut_and_nothing_else_is_there(tmp_path: Path) -> None:
    tally = Tally(seed=random.SystemRandom().randrange(10**6))
    print("seed", tally.seed)
    recording = record(tmp_path)
    sizes = [size for size, _ in recording.states]
    assert sizes == sorted(sizes)
    assert sizes[-1] == len(recording.log) > HEADER
    assert len({state for _, state in recording.states}) > 20
    cut(recording, tmp_path, tally, CUTS)
    assert not tally.findings, "\n".join(tally.findings)
    assert tally.cuts == CUTS


def test_the_cuts_find_what_is_lost(tmp_path: Path) -> None:
    """A commit that returned before its frames were on the disk would be found."""
    recording = record(tmp_path)
    early = [(max(0, size - 20_000), state) for size, state in recording.states]
    early[0] = (0, early[0][1])
    tally = Tally(seed=1)
    cut(type(recording)(recording.database, recording.log, recording.checkpointed, early), tmp_path, tally, 60)
    assert tally.findings
