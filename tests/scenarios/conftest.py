"""Each story has a workspace of its own."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.harness import Starter, Workspace
from tests.outcome import has_failed


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that stands beside this file is a scenario."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("scenario")


@pytest.fixture
def workspace_with(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Starter]:
    """Starts a workspace whose bot has these settings, as TOML."""
    with ExitStack() as stack:
        started: list[Workspace] = []

        def start(config: str) -> Workspace:
            started.append(stack.enter_context(Workspace(tmp_path, config)))
            return started[-1]

        yield start
        for workspace in started:
            workspace.failed = has_failed(request.node)


@pytest.fixture
def workspace(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """A fresh workspace with the bot in it and no settings."""
    with Workspace(tmp_path) as started:
        yield started
        started.failed = has_failed(request.node)
