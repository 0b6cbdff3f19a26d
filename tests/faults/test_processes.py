"""Processes come and go: SIGTERM at any moment, and a second bot on the same database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.identity import APP_TOKEN, BOT_TOKEN
from tests.faults.books import Books, declared
from tests.faults.stories import LOOKED_AND_SWEPT, declare, incident
from tests.harness import Workspace
from tests.harness.forking import ROOT

pytestmark = pytest.mark.faults

PATIENCE = 2000


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The sandbox and the bot are started as users start them. One for all of these: each begins an incident."""
    with Workspace(tmp_path_factory.mktemp("workspace"), forked=False) as started:
        started.forgive("messages")
        yield started


def complete(workspace: Workspace, title: str) -> None:
    workspace.clock.forward(**LOOKED_AND_SWEPT)
    books = Books(workspace)
    wrong = [*declared(books, title, commander="ada", member="ada"), *books.unfinished()]
    assert not wrong, "\n".join(map(str, wrong))


def under_way(workspace: Workspace, what: str) -> None:
    """Wait until the sandbox says that this is under way."""
    for _ in range(PATIENCE):
        if what in workspace.doors.control("settle", timeout=0.01)["why"]:
            return
    raise AssertionError(f"there was never {what}")


def exit_code(workspace: Workspace) -> int:
    return int(workspace.doors.get("/control/bot")["exit_code"])


def test_sigterm_with_a_command_in_flight_answers_it_first(workspace: Workspace) -> None:
    declare(workspace, "terminated")
    number, channel = incident(workspace, "terminated")
    # Bob's profile is asked for before the command is answered.
    workspace.faults.add(on="users.info", do="delay", seconds=0.5)
    with ThreadPoolExecutor(1) as other:
        typed = other.submit(workspace.person("ada").types, "/incident rota start @ada @bob 8h", channel, settle=False)
        under_way(workspace, "API call")
        workspace.bot.stop()
        typed.result().says(f"Command rota of INC-{number}")
    assert exit_code(workspace) == 0
    assert workspace.bot.one("SELECT count(*) FROM rotas WHERE incident = ?", number) == 1
    workspace.bot.start()
    complete(workspace, "terminated")


def test_sigterm_during_a_declaration_loses_nothing(workspace: Workspace) -> None:
    mark = workspace.mark()
    workspace.faults.add(on="conversations.create", do="delay", seconds=0.3)
    workspace.person("ada").types("/incident declare stopped halfway", settle=False).says("Declaring")
    under_way(workspace, "API call")
    workspace.bot.stop()
    assert exit_code(workspace) == 0
    created = [call.ok for call in workspace.calls(since=mark, method="conversations.create")]
    assert created == [True], "what was being sent is finished before the end"
    assert workspace.bot.unfinished(), "what was not begun waits for the next start"
    workspace.bot.start()
    assert len(workspace.calls(since=mark, method="conversations.create")) == 1
    complete(workspace, "stopped halfway")


def test_a_second_bot_on_the_same_database_refuses_with_a_sentence(workspace: Workspace) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("WATCHBILL_", "SLACK_"))},
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": f"{workspace.doors.url}/api/",
        "WATCHBILL_DATABASE_URL": f"sqlite:///{workspace.bot.database}",
        "WATCHBILL_HTTP_PORT": "0",
    }
    mark = workspace.mark()
    second = subprocess.run(
        [sys.executable, "-m", "bot", "run"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    said = second.stdout + second.stderr
    assert second.returncode == 1
    assert "another process has" in said
    assert "one bot runs on one SQLite file" in said
    assert "Traceback" not in said
    assert not workspace.calls(since=mark), "it asked nothing of Slack"
    declare(workspace, "the first one works on")
    complete(workspace, "the first one works on")
