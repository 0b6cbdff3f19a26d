"""A workspace whose messages are accounted for by their keys, so that none needs to be expected by its words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A fresh workspace with the bot in it; its log and its outbox are looked at in the end."""
    with Workspace(tmp_path) as started:
        started.forgive("messages")
        yield started
