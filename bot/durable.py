"""What is on disk stays there, whatever happens to the power."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Return when it is on disk: a file with its content, a folder with its names. Raises OSError."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
