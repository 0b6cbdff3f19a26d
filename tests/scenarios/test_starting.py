"""The bot starts: what Slack refuses ends it with a sentence, and it can always be told to stop."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.harness import Starter, Workspace
from tests.harness.forking import ROOT
from tests.harness.template import empty_database

PATIENCE = 500
SOON = 8.0
"""Real seconds to end in, with two of them for a slow machine; a call to Slack may take ten."""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts one more bot for the workspace, with a database of its own."""
    with ExitStack() as stack:
        # The migration has tests of its own.
        shutil.copy(empty_database(), tmp_path / "another.db")

        def run(workspace: Workspace, app_token: str = "xapp-sandbox") -> "subprocess.Popen[str]":
            environment = {
                **{name: value for name, value in os.environ.items() if not name.startswith(("WATCHBILL_", "SLACK_"))},
                "SLACK_BOT_TOKEN": "xoxb-sandbox",
                "SLACK_APP_TOKEN": app_token,
                "SLACK_API_URL": f"{workspace.doors.url}/api/",
                "WATCHBILL_DATABASE_URL": f"sqlite:///{tmp_path}/another.db",
                "WATCHBILL_HTTP_PORT": "0",
                "NO_PROXY": "*",
            }
            command = [sys.executable, "-m", "bot", "run"]
            process = stack.enter_context(
                subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
            )
            stack.callback(process.kill)
            return process

        yield run


def says(process: "subprocess.Popen[str]", words: str) -> str:
    """Wait until it logs this."""
    assert process.stderr
    said = ""
    for line in process.stderr:
        said += line
        if words in line:
            return said
    raise AssertionError(f"it never said {words!r}: {said}")


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Its exit code and all that it said."""
    _, said = process.communicate(timeout=SOON)
    assert "Traceback" not in said
    assert "never retrieved" not in said
    return process.returncode, said


def waits(workspace: Workspace) -> bool:
    """Whether a call to Slack is under way."""
    return "API call" in workspace.doors.control("settle", timeout=0.01)["why"]


def test_what_slack_refuses_is_named_and_it_can_always_be_told_to_stop(workspace: Workspace, start: Start) -> None:
    # The bot's other connection is open for long: the fault hits the one that starts.
    workspace.reconnected(2)
    process = start(workspace, "xapp-wrong")
    says(process, "Slack refuses SLACK_APP_TOKEN (invalid_auth): make one with the scope connections:write")
    assert ended(process)[0] == 1
    refused = "not_allowed_token_type"
    workspace.faults.add(on="apps.connections.open", do="error", error=refused, times=0)
    process = start(workspace)
    says(process, f"Slack refuses SLACK_APP_TOKEN ({refused}): make one with the scope connections:write")
    assert ended(process)[0] == 1

    workspace.faults.clear()
    workspace.faults.add(on="apps.connections.open", do="status", status=500, times=0)
    process = start(workspace)
    says(process, "Slack opens no connection yet")
    process.send_signal(signal.SIGTERM)
    code, said = ended(process)
    assert (code, "stopped before Slack let us in" in said) == (0, True)

    # One that had to wait for Slack starts.
    workspace.faults.clear()
    workspace.faults.add(on="apps.connections.open", do="status", status=500, times=1)
    process = start(workspace)
    says(process, "Slack opens no connection yet")
    says(process, "ready")
    process.send_signal(signal.SIGTERM)
    assert ended(process)[0] == 0


def test_told_to_stop_while_slack_does_not_answer(workspace: Workspace, start: Start) -> None:
    workspace.reconnected(2)
    workspace.faults.add(on="auth.test", do="delay", seconds=5)
    process = start(workspace)
    for _ in range(PATIENCE):
        # Between two looks: it must not end by itself.
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.05)
        if waits(workspace):
            break
    process.send_signal(signal.SIGTERM)
    assert ended(process)[0] == 0
    assert waits(workspace), "it ended after the answer"


def test_a_channel_may_be_named_by_its_id(workspace_with: Starter) -> None:
    workspace = workspace_with('[channels]\nannouncements = "C0RANDOM00"\n')
    assert workspace.channel_id("#random") == "C0RANDOM00"
    assert "watchbill" in workspace.channel("#random").members
    assert "channel not found" not in workspace.bot.log_file.read_text()
    workspace.person("ada").types("/incident declare Checkout is down").says("Declaring")
    workspace.channel("#inc-1-checkout-is-down").card()
    workspace.channel("#random").expects("INC-1")
