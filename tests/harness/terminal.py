"""The `watchbill` command, as the operator or a machine runs it on the host."""

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.harness.workspace import Workspace


def watchbill(workspace: "Workspace", *words: str) -> tuple[int, str]:
    """Run it in a process of its own, with the settings that the bot has: exit status and output."""
    config = workspace.folder / "watchbill.toml"
    env = {
        **os.environ,
        **workspace.unasked,
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
        "SLACK_APP_TOKEN": "xapp-sandbox",
        "SLACK_API_URL": f"{workspace.server.url}/api/",
        "WATCHBILL_DATABASE_URL": f"sqlite:///{workspace.folder}/watchbill.db",
        **({"WATCHBILL_CONFIG": str(config)} if config.exists() else {}),
        "WATCHBILL_DEV_CLOCK_OFFSET": repr(workspace.clock.offset),
        "NO_PROXY": "*",
    }
    done = subprocess.run([sys.executable, "-m", "bot", *words], env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
