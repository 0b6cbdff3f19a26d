"""A database with all tables and nothing in it: made once for each test process, copied for each workspace."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tests.support.database import new_file


@cache
def empty_database() -> Path:
    """The file. Making it costs a bot's start half a second; the migration itself has tests of its own."""
    folder = Path(tempfile.mkdtemp(prefix="watchbill-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return new_file(folder)
