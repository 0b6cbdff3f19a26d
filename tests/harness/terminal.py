"""The `watchbill` command, as the operator or a machine runs it on the host."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from bot.cli import app
from tests.harness.forking import CAN_FORK, nursery

if TYPE_CHECKING:
    from tests.harness.workspace import Workspace

# These set up the logging of their process, for good.
_APART = {"check", "run"}


def watchbill(workspace: "Workspace", *words: str) -> tuple[int, str]:
    """Run it with the settings that the bot has: exit status and output.

    In this process, where it can be: one of its own costs a second.
    """
    config = workspace.folder / "watchbill.toml"
    env: dict[str, str | None] = {
        **workspace.unasked,
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
        "SLACK_APP_TOKEN": "xapp-sandbox",
        "SLACK_API_URL": f"{workspace.server.url}/api/",
        "WATCHBILL_DATABASE_URL": f"sqlite:///{workspace.bot.database}",
        "WATCHBILL_CONFIG": str(config) if config.exists() else None,
        "WATCHBILL_DEV_CLOCK_OFFSET": repr(workspace.clock.offset),
        "NO_PROXY": "*",
    }
    return _apart(words, env) if words[0] in _APART else _here(words, env)


def _here(words: tuple[str, ...], env: Mapping[str, str | None]) -> tuple[int, str]:
    done = CliRunner().invoke(app, words, env=env)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def _apart(words: tuple[str, ...], env: Mapping[str, str | None]) -> tuple[int, str]:
    given = {name: value for name, value in {**os.environ, **env}.items() if value is not None}
    if CAN_FORK:
        # As the bot itself is: see server.py.
        with tempfile.TemporaryFile("w+") as said:
            status = nursery().order({"watchbill": words, "env": given}, said.fileno(), said.fileno())
            said.seek(0)
            return status, said.read()
    done = subprocess.run([sys.executable, "-m", "bot", *words], env=given, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
