"""Ballast: a file that holds room on the disk, to be thrown overboard when somebody else has filled the rest."""

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from bot import log
from bot.domain.disk import MB, Room

_log = log.get("ballast")


def room_beside(file: Path) -> Room:
    """What is left on the disk where this file is, or will be."""
    usage = shutil.disk_usage(file.parent)
    return Room(free=usage.free, total=usage.total)


class Ballast:
    """Lies beside the database. `size` in MB; 0 lays none down."""

    def __init__(self, database: Path, size: int, room: Callable[[Path], Room] = room_beside) -> None:
        self.file = database.with_name(database.name + ".ballast")
        self._bytes, self._room = size * MB, room

    def look(self) -> Room:
        """How much room there is; when it is too little, the ballast goes."""
        room = self._room(self.file)
        if room.needs_ballast and self.file.exists():
            self.drop()
            room = self._room(self.file)
        return room

    def lay(self) -> None:
        """Hold room, when there is plenty."""
        if not self._bytes or self.file.exists() or not self._room(self.file).has_room_for(self._bytes):
            return
        try:
            with self.file.open("wb") as held:
                # Not a sparse file: that would hold nothing.
                os.posix_fallocate(held.fileno(), 0, self._bytes)
        except OSError as error:
            _log.warning("no ballast", why=str(error))
            self.drop()

    def drop(self) -> None:
        """Give the room away. Safe on any thread."""
        with contextlib.suppress(FileNotFoundError):
            self.file.unlink()
            _log.warning("ballast dropped: the disk is full", file=str(self.file))
