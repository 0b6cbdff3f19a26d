"""Whatever call the bot dies at or is failed at, everything is done once: nothing lost, nothing doubled."""

from collections.abc import Mapping, Sequence

import pytest

from tests.faults.boundaries import EVERY_FAULT, KILLS, Boundary
from tests.faults.stories import learned, loaded, play
from tests.harness import Workspace

pytestmark = pytest.mark.faults

CHUNKS = 4 if EVERY_FAULT else 2
CALLS = {
    "declare": "ack users.info conversations.create conversations.invite chat.postMessage conversations.setTopic"
    " response_url pins.add bookmarks.add",
    "rota": "ack users.info conversations.invite chat.postMessage chat.update",
    "hour": "chat.postMessage",
    "half": "chat.postMessage",
    "up": "ack users.info response_url",
    "quarter": "chat.postMessage",
    "offer": "chat.postMessage chat.update",
    "accept": "ack response_url chat.update chat.postMessage conversations.setTopic",
}
"""What the story is known to call; whatever else is learned is covered too."""
Boundaries = Mapping[str, Sequence[Boundary]]


@pytest.fixture(scope="module")
def boundaries(tmp_path_factory: pytest.TempPathFactory) -> Boundaries:
    """Of each step, as learned from a story in which nothing fails."""
    with Workspace(tmp_path_factory.mktemp("learned")) as workspace:
        workspace.forgive("messages")
        return learned(workspace)


def test_what_the_story_calls_is_known(boundaries: Boundaries) -> None:
    for step, found in boundaries.items():
        assert {boundary.on for boundary in found} >= set(CALLS[step].split()), step


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_fault_at_any_call_loses_and_doubles_nothing(
    workspace: Workspace, boundaries: Boundaries, chunk: int
) -> None:
    wrong: list[str] = []
    for number, faults in list(enumerate(loaded(boundaries)))[chunk::CHUNKS]:
        findings = play(workspace, f"case {number}", faults)
        print(*faults, *(findings or ("well",)), sep="\n    ")
        wrong += [f"{[str(fault) for fault in faults]}: {finding}" for finding in findings]
    assert not wrong, "\n".join(wrong)


def test_every_call_meets_every_fault(boundaries: Boundaries) -> None:
    stories = loaded(boundaries)
    played = [case for chunk in range(CHUNKS) for story in stories[chunk::CHUNKS] for case in story]
    calls = [boundary for found in boundaries.values() for boundary in found]
    assert len(played) == len(set(played))
    assert {case.boundary for case in played if case.kills} == set(calls)
    otherwise = {case.boundary for case in played if not case.kills}
    assert otherwise == set(calls) if EVERY_FAULT else otherwise
    if EVERY_FAULT:
        for fault in KILLS:
            assert {case.boundary for case in played if case.fault == fault} == set(calls)
    assert all(len({case.boundary.step for case in story}) == len(story) for story in stories)
