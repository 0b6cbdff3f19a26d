"""Where tests put their files: in memory, where there is room.

A bot syncs each commit to its disk, which takes milliseconds there and nothing here, and a test makes some hundred of
them. What must survive a power cut has tests of its own (tests/faults/power_cut.py), which keep book of the syncs.
"""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 << 30
"""Bytes; less is left alone, as in a container that has only a little of it."""


def use_memory() -> None:
    """From now on temporary files of this process, and of those that it starts, lie in memory; unless TMPDIR is set."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
