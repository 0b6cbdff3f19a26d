"""The sandbox as a process of its own; the bot is its child.

Both begin as copies of the nursery, which has imported everything: that takes a tenth of what starting two programs
takes. With `WATCHBILL_TESTS_EXEC=1`, and for tests that say `forked=False`, they start as users start them.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from tests.harness.forking import CAN_FORK, ROOT, ForkedSandbox


class Process(Protocol):
    """A sandbox, however it was started."""

    @property
    def pid(self) -> int:
        """Its id."""

    def kill(self) -> None:
        """SIGKILL."""

    def wait(self) -> int:
        """Return when it has ended."""


class Server:
    """One running sandbox. The bot is not started with it: somebody asks for that when they listen."""

    def __init__(
        self,
        folder: Path,
        limits: str,
        env: Mapping[str, str],
        *,
        forked: bool = True,
        http: bool = False,
        bot_command: str = "",
    ) -> None:
        inherited = {
            key: value for key, value in os.environ.items() if not key.startswith(("WATCHBILL_", "SLACK_", "PYTEST_"))
        }
        env = {**inherited, "PYTHONPATH": str(ROOT), **env}
        words = f"--no-bot --port 0 --quiet --limits {limits} --state".split()
        words.append(str(folder / "workspace.json"))
        words += ["--http"] if http else []
        words += ["--bot-command", bot_command] if bot_command else []
        heard, said = os.pipe()
        try:
            with (folder / "sandbox.log").open("wb") as errors:
                start = ForkedSandbox if forked and CAN_FORK else _program
                self._process: Process = start(words, env, said, errors.fileno())
        finally:
            os.close(said)
        with os.fdopen(heard) as answers:
            self.url = self._address(answers.readline())

    def _address(self, line: str) -> str:
        if "sandbox ready at " not in line:
            self.kill()
            raise RuntimeError(f"the sandbox did not start: {line!r}; see sandbox.log")
        return line.split("sandbox ready at ")[1].strip()

    @property
    def pid(self) -> int:
        """Of the sandbox."""
        return self._process.pid

    def kill(self) -> None:
        """End it at once; the bot dies with it."""
        self._process.kill()
        self._process.wait()


def _program(words: list[str], env: Mapping[str, str], stdout: int, stderr: int) -> Process:
    command = [sys.executable, "-m", "sandbox", *words]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=stdout, stderr=stderr)
