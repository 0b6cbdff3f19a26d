"""Killed at any moment of writing, the copy is whole and of one snapshot: `python -m tests.status.kills` in short."""

from pathlib import Path

import pytest

from tests.status.kills import kill_often


@pytest.mark.faults
def test_twenty_kills(tmp_path: Path) -> None:
    found = kill_often(tmp_path, 20, seed=7)
    assert found["damaged"] == found["mixed"] == found["went back"] == 0
    # Else nothing was tried.
    assert found["switched"] > 2
