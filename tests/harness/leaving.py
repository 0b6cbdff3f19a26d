"""What is looked at when a workspace is left: nothing may have happened that no step expected."""

from typing import TYPE_CHECKING

from tests.harness.message import Message
from tests.harness.scene import Scene

if TYPE_CHECKING:
    from tests.harness.workspace import Workspace

_PEOPLE = ("ada", "bob", "eve", "chen", "dana", "indu", "finn", "gita", "mona", "otto", "zoe")
_TAIL = 40


def complaints(workspace: "Workspace") -> list[str]:
    """One sentence for each thing that is wrong; none when all is well."""
    workspace.settle()
    found: list[str] = []
    if "messages" not in workspace.forgiven:
        found += [f"nobody expected {message}" for message in _unexpected(workspace)]
    if "outbox" not in workspace.forgiven:
        found += [f"left in the outbox: {row}" for row in workspace.bot.unfinished()]
    if "log" not in workspace.forgiven:
        found += _troubles(workspace)
    return found


def _unexpected(workspace: "Workspace") -> list[Message]:
    said: list[Message] = []
    for channel in workspace.state["channels"]:
        messages = [Message(body, body["channel"], workspace.name_of) for body in channel["messages"]]
        said += [one for one in messages if one.from_bot and one.is_said and not workspace.ledger.knows(one)]
    for handle in _PEOPLE:
        shown: Scene = workspace.scene(handle)
        said += [one for one in shown.ephemerals.values() if not workspace.ledger.knows(one, handle)]
    return said


def _troubles(workspace: "Workspace") -> list[str]:
    expected = workspace.expected_troubles
    return [
        f"bot.log: {trouble}"
        for trouble in workspace.bot.troubles()
        if not any(words in str(trouble.get("event")) for words in expected)
    ]


def report(workspace: "Workspace") -> str:
    """The ends of bot.log and of the API log, for whoever reads the failure."""
    lines = ["", "--- bot.log"]
    if workspace.bot.log_file.exists():
        lines += workspace.bot.log_file.read_text(errors="replace").splitlines()[-_TAIL:]
    lines.append("--- what went between Slack and the bot")
    for call in workspace.calls(what="")[-_TAIL:]:
        lines.append(f"{call.n:4} {call.what:12} {call.method:28} {call.error or 'ok':20} {str(call.args)[:200]}")
    return "\n".join([*lines, ""])
