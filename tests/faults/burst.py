"""A burst of messages while Slack limits the bot: how many requests one message takes.

    python -m tests.faults.burst --messages 200 --incidents 20

- always: twenty incidents are open, and so many decisions are kept at once, each of which is said in its incident's
  channel: twenty-five in some channels, one in others. Slack takes a message a second into one channel after five at
  once, and so many requests a minute of each kind (docs/sandbox.md).
- sixty: the same, and Slack answers 429 to everything in 30 s of each 50 s.
- storm: twenty incidents are declared at once, and announced in one channel; limits as in the first.

It ends with a line for each; its exit code is 0 when every message was posted once, by at most 1.3 requests each.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice, repeat
from pathlib import Path

from tests.faults.books import Books
from tests.faults.slack_unwell import BETWEEN, LIMITED, MOST_FOR_A_MESSAGE
from tests.faults.stories import incident
from tests.harness import Workspace

SHARES = (25, 10, 4, 1)
"""How many of forty messages go into one of four channels."""
KINDS = ("always", "sixty", "storm")
# A card or an announcement that has its message is edited.
_UNSAID = """
SELECT 1 FROM outbox WHERE kind = 'post' AND state IN ('pending', 'sending')
UNION SELECT 1 FROM incidents WHERE announcement_ts IS NULL OR card_ts IS NULL
"""
_LONGEST, _STEP = 600, 5


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one burst: messages posted, requests for them, and what is not as it should be."""

    posted: int
    requests: int
    seconds: float
    wrong: tuple[str, ...]

    @property
    def each(self) -> float:
        return self.requests / max(1, self.posted)

    def __str__(self) -> str:
        said = f"{self.posted} messages, {self.requests} requests, {self.each:.2f} each, in {self.seconds:.0f} s"
        return "\n".join([said, *self.wrong])


def burst(workspace: Workspace, kind: str, messages: int, incidents: int) -> Result:
    """Have it all said at once while Slack limits the bot, wait until it is, and count."""
    ada = workspace.person("ada")
    if kind == "storm":
        deeds = [(f"/incident declare {kind} {number} sev3", "#general") for number in range(incidents)]
    else:
        deeds = list(_decisions(_opened(workspace, kind, incidents), messages))
    mark, began = workspace.mark(), workspace.clock.now
    with _limited(workspace, kind):
        for text, channel in deeds:
            ada.types(text, channel, settle=False)
        for second in range(0, _LONGEST, _STEP):
            if kind == "sixty":
                _limit(workspace, second % (LIMITED + BETWEEN))
            workspace.clock.forward(seconds=_STEP)
            if not workspace.bot.rows(_UNSAID):
                break
    took = (workspace.clock.now - began).total_seconds()
    # What edits and pins has limits of its own, and other lanes.
    workspace.clock.forward(minutes=5)
    posts = workspace.calls(since=mark, method="chat.postMessage")
    doubled = [f"said {len(found)} times: {key}" for key, found in Books(workspace).messages.items() if len(found) > 1]
    lost = [f"not done: {row}" for row in workspace.bot.unfinished()]
    return Result(sum(call.ok for call in posts), len(posts), took, (*doubled, *lost))


def _opened(workspace: Workspace, kind: str, incidents: int) -> list[str]:
    """The channels of so many incidents."""
    for number in range(incidents):
        workspace.person("ada").types(f"/incident declare {kind} {number} sev3", "#general")
    workspace.clock.forward(minutes=5)
    return [incident(workspace, f"{kind} {number}")[1] for number in range(incidents)]


def _decisions(channels: list[str], messages: int) -> Iterator[tuple[str, str]]:
    """What is typed, and where; by turns, as it comes when many people type."""
    shared = Counter(islice(_places(channels), messages))
    for turn in range(max(shared.values())):
        yield from ((f"/incident decision number {turn}", one) for one in channels if shared[one] > turn)


def _places(channels: list[str]) -> Iterator[str]:
    """The channel of each message."""
    for channel, share in cycle(zip(channels, cycle(SHARES), strict=False)):
        yield from repeat(channel, share)


@contextmanager
def _limited(workspace: Workspace, kind: str) -> Iterator[None]:
    if kind == "sixty":
        _limit(workspace, 0)
    else:
        workspace.doors.control("limits", mode="slack")
    yield
    workspace.doors.control("limits", mode="relaxed")
    workspace.faults.clear()


def _limit(workspace: Workspace, second: int) -> None:
    """Whoever asks is told when to come back."""
    workspace.faults.clear()
    if second < LIMITED:
        workspace.faults.add(do="ratelimited", retry_after=LIMITED - second, times=0)


def main() -> int:
    """Each kind once."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.burst")
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--incidents", type=int, default=20)
    wanted = parser.parse_args()
    failed = False
    for kind in KINDS:
        with tempfile.TemporaryDirectory(prefix="watchbill-burst-") as folder, Workspace(Path(folder)) as workspace:
            workspace.forgive("messages")
            found = burst(workspace, kind, wanted.messages, wanted.incidents)
            print(kind, found, flush=True)
        failed = failed or bool(found.wrong) or found.each > MOST_FOR_A_MESSAGE
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
