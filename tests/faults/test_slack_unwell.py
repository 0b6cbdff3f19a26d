"""Slack is unwell around an offer: the short form of `python -m tests.faults.slack_unwell`."""

from pathlib import Path

import pytest

from tests.faults.boundaries import EVERY_FAULT
from tests.faults.slack_unwell import KINDS, Tally, suffer
from tests.faults.stories import STEPS
from tests.harness import Workspace

pytestmark = pytest.mark.faults


# A frozen Slack is a quarter of a minute of waiting, in real time.
@pytest.mark.parametrize("trouble", [kind for kind in KINDS if EVERY_FAULT or kind != "frozen"])
def test_an_unwell_slack_loses_and_doubles_nothing(tmp_path: Path, trouble: str) -> None:
    tally = Tally(seed=8)
    steps = frozenset(STEPS) if EVERY_FAULT else frozenset({"offer"})
    with Workspace(tmp_path) as workspace:
        workspace.forgive("messages")
        suffer(workspace, tally, trouble, steps)
    assert not tally.findings, tally.table
    assert tally.troubles == len(steps)
