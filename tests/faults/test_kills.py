"""Whatever call the bot dies or is failed at, everything is done once: nothing lost, nothing doubled."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.boundaries import Case
from tests.faults.books import Finding
from tests.faults.stories import declarations, handoffs
from tests.harness import Workspace

pytestmark = pytest.mark.faults

DECLARATION_CHUNKS = 3
HANDOFF_CHUNKS = 8
DECLARATION_CALLS = set(
    "ack users.info conversations.create conversations.invite chat.postMessage conversations.setTopic response_url"
    " pins.add bookmarks.add".split()
)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Every message is accounted for by its key, so none needs to be expected by its words."""
    with Workspace(tmp_path) as started:
        started.forgive("messages")
        yield started


def check(played: Iterator[tuple[Case, list[Finding]]]) -> None:
    """Each case on its own line, when something is wrong."""
    wrong: list[str] = []
    for case, findings in played:
        print(case, *findings or ["well"], sep="\n    ")
        wrong += [f"{case}: {finding}" for finding in findings]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("chunk", range(DECLARATION_CHUNKS))
def test_a_declaration_survives_a_fault_at_any_call(workspace: Workspace, chunk: int) -> None:
    check(declarations(workspace, chunk, DECLARATION_CHUNKS))


@pytest.mark.parametrize("chunk", range(HANDOFF_CHUNKS))
def test_a_handoff_survives_a_fault_at_any_call(workspace: Workspace, chunk: int) -> None:
    check(handoffs(workspace, chunk, HANDOFF_CHUNKS))
