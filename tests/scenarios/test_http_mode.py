"""HTTP mode: Slack posts to the bot, and people notice no difference."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.identity import BOT_TOKEN, SIGNING_SECRET
from tests.harness import Workspace
from tests.harness.forking import ROOT
from tests.harness.template import empty_database
from tests.outcome import has_failed


@pytest.fixture
def workspace(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """A workspace whose app has a request URL, and no sockets."""
    with Workspace(tmp_path, mode="http") as started:
        yield started
        started.failed = has_failed(request.node)
        assert started.doors.get("/control/bot")["connections"] == 1
        assert started.calls(method="apps.connections.open") == [], "no socket was ever asked for"


def test_a_declaration_a_button_a_form_an_event_and_a_whole_handoff(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    ada.types("/incident declare")
    ada.submits({"What is broken?": "", "Severity": "sev3"})
    ada.submits({"What is broken?": "Checkout is down", "Severity": "sev3"}).says("INC-1")
    ada.closes_form()
    channel = workspace.channel("#inc-1-checkout-is-down")
    channel.card()
    workspace.channel("#incidents").expects("INC-1")
    bob.clicks("Join", "#incidents").says("You are in INC-1")
    assert "bob" in channel.members
    workspace.person("mona").joins(channel)
    workspace.person("mona").renames(channel, "war-room")
    assert workspace.bot.one("SELECT channel_name FROM incidents") == "war-room"
    ada.types("/incident state monitoring", "#war-room").says("INC-1 is monitoring now")
    channel.expects("*monitoring*")
    bob.types("/incident nonsense").says("nonsense")
    ada.types("/incident handoff", channel)
    ada.submits({"To whom?": bob.id, "What worries you?": "The replica lags"})
    channel.expects("Briefing of INC-1", "The replica lags")
    channel.expects("@bob, Ada Lovelace offers you command")
    bob.clicks("I have command", channel).says("You have command of *INC-1*")
    workspace.dm("ada").expects("You are relieved")
    assert "IC Bob Kahn" in channel.topic


def test_what_comes_twice_is_done_once_and_what_was_lost_comes_again(workspace: Workspace) -> None:
    ada, mona = workspace.person("ada"), workspace.person("mona")
    first = ada.types("/incident declare Checkout is down").says("Declaring *INC-1*")
    assert workspace.redeliver("last_command") in first.text
    assert workspace.incident_channels() == ["#inc-1-checkout-is-down"]
    channel = workspace.channel("#inc-1-checkout-is-down")
    channel.card()
    workspace.channel("#incidents").expects("INC-1")
    workspace.bot.restart()
    assert workspace.redeliver("last_command") in first.text
    workspace.redeliver("last_event")
    assert workspace.bot.one("SELECT count(*) FROM incidents") == 1

    # An event whose answer was lost comes again, and a command does not.
    mona.joins(channel)
    mark = workspace.mark()
    workspace.faults.add(on="ack", do="drop")
    mona.renames(channel, "war-room")
    workspace.settle()
    sent = workspace.calls(since=mark, method="events_api", what="request")
    again = [call for call in sent if call.args["retry_attempt"]]
    assert [(call.args["retry_attempt"], call.args["retry_reason"], call.ok) for call in again] == [
        (1, "http_timeout", True)
    ]
    assert workspace.bot.one("SELECT channel_name FROM incidents") == "war-room"
    workspace.faults.add(on="ack", do="drop")
    mark = workspace.mark()
    lost = ada.types("/incident decision we fail over", "#war-room")
    assert lost.error == "operation_timeout"
    channel.expects("we fail over")
    assert len(workspace.calls(since=mark, method="slash_commands", what="request")) == 1

    # While the bot is dead people are told, and events wait.
    workspace.bot.kill()
    assert ada.types("/incident list").error == "dispatch_failed"
    mona.renames(channel, "peace-room")
    workspace.bot.start()
    workspace.clock.forward(minutes=1)
    assert workspace.bot.one("SELECT channel_name FROM incidents") == "peace-room"


def test_without_its_door_it_ends_with_a_sentence(workspace: Workspace, tmp_path: Path) -> None:
    shutil.copy(empty_database(), tmp_path / "another.db")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("WATCHBILL_", "SLACK_"))},
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{workspace.doors.url}/api/",
        "WATCHBILL_SLACK_MODE": "http",
        "WATCHBILL_DATABASE_URL": f"sqlite:///{tmp_path}/another.db",
        "WATCHBILL_HTTP_PORT": workspace.bot.url.rpartition(":")[2],
    }
    command = [sys.executable, "-m", "bot", "run"]
    second = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert second.returncode == 1
    assert "is taken, and in HTTP mode Slack comes in there" in second.stderr
    assert "Traceback" not in second.stderr
