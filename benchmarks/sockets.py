"""How long the bot is deaf after Slack ends, cuts or loses its connections: `python -m benchmarks sockets`.

Aims: a command is answered again within 1 s of a refresh, 2 s of a close, 15 s of a dropped link (which nobody is
told of), and 5 s after Slack's return from an outage of 10 s. Times are real; nothing here moves a clock.
"""

import tempfile
import time
from pathlib import Path

from tests.harness import Workspace

_AIMS = {"refresh": 1.0, "abort": 2.0, "drop": 15.0, "outage": 5.0}
_OUTAGE_SECONDS = 10.0
# It is looked on for so long after the aim.
_LONGER = 5.0


def measure(times: int) -> None:
    """Print, for each trouble, how long it took until commands were answered, and how many got an error meanwhile."""
    print("Deaf after (s; worst of the runs, commands that got an error; aim)")
    for trouble, aim in _AIMS.items():
        runs = [_run(trouble) for _ in range(times)]
        worst, errors = max(seconds for seconds, _ in runs), sum(count for _, count in runs)
        print(f"  {trouble:8s} {worst:6.2f} s  {errors:3d} errors  (aim {aim:g} s)")


def _run(trouble: str) -> tuple[float, int]:
    with tempfile.TemporaryDirectory() as folder, Workspace(Path(folder)) as workspace:
        workspace.forgive("messages", "log")
        workspace.reconnected(2)
        if trouble == "outage":
            workspace.faults.down()
            time.sleep(_OUTAGE_SECONDS)
            workspace.faults.clear()
        else:
            workspace.sockets(trouble)
        return _typing(workspace, _AIMS[trouble] + _LONGER)


def _typing(workspace: Workspace, seconds: float) -> tuple[float, int]:
    """When the last command that got an error ended, and how many did, of those typed one by one for so long."""
    ada, begun, last, errors = workspace.person("ada"), time.perf_counter(), 0.0, 0
    while time.perf_counter() - begun < seconds:
        if ada.types("/incident list", settle=False).error:
            last, errors = time.perf_counter() - begun, errors + 1
    return last, errors
