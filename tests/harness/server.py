"""The sandbox as a process of its own; the bot is its child."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Server:
    """One running sandbox. The bot is not started with it: somebody asks for that when they listen."""

    def __init__(self, folder: Path, limits: str, env: Mapping[str, str]) -> None:
        inherited = {
            key: value for key, value in os.environ.items() if not key.startswith(("WATCHBILL_", "SLACK_", "PYTEST_"))
        }
        options = f"--no-bot --port 0 --quiet --limits {limits} --state".split()
        with (folder / "sandbox.log").open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sandbox", *options, str(folder / "workspace.json")],
                cwd=ROOT,
                env={**inherited, "PYTHONPATH": str(ROOT), **env},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.url = self._address()

    def _address(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
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
        if self._process.stdout is not None:
            self._process.stdout.close()
