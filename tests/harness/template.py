"""A database with all tables and nothing in it: made once for each test process, copied for each workspace."""

import atexit
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.harness.server import ROOT


@cache
def empty_database() -> Path:
    """The file. Making it costs a bot's start half a second; the migration itself has tests of its own."""
    folder = Path(tempfile.mkdtemp(prefix="watchbill-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "watchbill.db"
    subprocess.run([sys.executable, "-m", "storage.migrate", str(file)], cwd=ROOT, check=True)
    return file
