"""Slack delivers twice, the bot dies in between: the short form of `python -m tests.faults.deliveries`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.deliveries import Deliveries, Tally
from tests.harness import Workspace

pytestmark = pytest.mark.faults

DELIVERIES = 8


@pytest.fixture(params=["socket", "http"])
def workspace(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """Both ways in which Slack delivers."""
    with Workspace(tmp_path, mode=request.param) as started:
        started.forgive("messages")
        yield started


def test_every_delivery_is_worked_exactly_once(workspace: Workspace) -> None:
    tally = Tally(seed=8)
    print("seed", tally.seed)
    Deliveries(workspace, tally).run(DELIVERIES)
    print(tally.summary)
    assert not tally.findings, "\n".join(tally.findings)
    assert tally.deliveries == DELIVERIES
