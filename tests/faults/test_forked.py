"""A bot that begins as a fork, as in nearly all tests, lives and ends as one that begins as a program."""

import fcntl
import os
import re
import select
from pathlib import Path
from typing import Any

import pytest

from tests.harness import Workspace
from tests.harness.forking import CAN_FORK

pytestmark = [pytest.mark.faults, pytest.mark.skipif(not CAN_FORK, reason="nothing is forked here")]

PATIENCE_MS = 10_000


def status(pid: int) -> dict[str, str]:
    """What the kernel says about a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines)


def looks(workspace: Workspace, pid: int) -> dict[str, Any]:
    """Of the bot's process: whose child it is, what it does with signals, which kinds of files it has open."""
    files = [str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()]
    return {
        "is the sandbox's child": int(status(pid)["PPid"]) == workspace.server.pid,
        "leads": [os.getsid(pid) == pid, os.getpgid(pid) == pid],
        "signals": [status(pid)[name] for name in ("SigBlk", "SigIgn", "SigCgt")],
        "files": {re.sub(r"\[\d+\]$", "", file).replace(str(workspace.folder), "") for file in files},
    }


def told(workspace: Workspace, deed: str) -> dict[str, Any]:
    return workspace.doors.control("bot", do=deed)


def life(folder: Path, *, forked: bool) -> dict[str, Any]:
    """A bot's life from its start to its death with the sandbox."""
    with Workspace(folder, forked=forked) as workspace:
        workspace.forgive("messages")
        workspace.expects_trouble("cannot start")
        workspace.reconnected()
        facts = looks(workspace, told(workspace, "start")["pid"])
        facts["stopped"] = told(workspace, "stop")["exit_code"]
        with (folder / "watchbill.db.lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            refused = told(workspace, "start")
        facts["refused"] = refused["exit_code"], "another process has" in refused["log"][-1]
        workspace.bot.start()
        bot = os.pidfd_open(told(workspace, "start")["pid"])
    ends = select.poll()
    ends.register(bot, select.POLLIN)
    facts["dies with the sandbox"] = bool(ends.poll(PATIENCE_MS))
    os.close(bot)
    return facts


def test_the_life_of_a_forked_bot_is_that_of_a_program(tmp_path: Path) -> None:
    forked = life(tmp_path / "forked", forked=True)
    assert forked == life(tmp_path / "program", forked=False)
    assert forked["is the sandbox's child"]
    assert forked["leads"] == [True, True]
    assert (forked["stopped"], forked["refused"]) == (0, (1, True))
    assert forked["dies with the sandbox"]
