"""The page on disk: each writing is a whole new folder, and one link says which one counts.

    FOLDER/current -> generations/000042     what a web server, or a browser from disk, is pointed at
    FOLDER/generations/000042/…              every file of one snapshot, and manifest.json with their SHA-256

Whoever dies while writing leaves a folder that nobody sees; whoever reads sees one snapshot or the next. Two that
write at a time (the bot, a person) take turns.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from posixpath import dirname
from typing import Any

from bot.durable import sync
from bot.status.files import drawn_by
from bot.status.names import DATA, MANIFEST
from bot.status.snapshot import Snapshot, from_json

_CURRENT, _GENERATIONS, _LOCK, _NEW, _LINK = "current", "generations", ".lock", ".new", ".current-new"
# The one that counts, and two for those who are reading still.
_KEPT = 3
# More new files than this are flushed together, with whatever else the machine has to flush.
_FLUSHED_ONE_BY_ONE = 64


def root_of(folder: Path) -> Path | None:
    """Where the pages of a copy are: in `current`, or in the folder itself; None when they are in neither."""
    found = (one for one in (folder / _CURRENT, folder) if (one / DATA).is_file())
    return next((one.resolve() for one in found), None)


def read(folder: Path) -> Snapshot | None:
    """What a copy shows; None when it is none, or can't be read."""
    root = root_of(folder)
    if root is None:
        return None
    with suppress(ValueError):
        return from_json((root / DATA).read_bytes())
    return None


def damage(folder: Path) -> list[str]:
    """What is wrong with a copy, a line each: files that are missing, changed, or of nobody."""
    root = root_of(folder)
    if root is None:
        return [f"There is no {DATA}."]
    wanted = _digests(root)
    found = {str(file.relative_to(root)): file for file in root.rglob("*") if file.is_file()}
    found.pop(MANIFEST, None)
    changed = [name for name, file in found.items() if name in wanted and _digest(file.read_bytes()) != wanted[name]]
    return [
        *(f"{name} is missing." for name in sorted(wanted.keys() - found.keys())),
        *(f"{name} was changed." for name in sorted(changed)),
        *(f"{name} does not belong here." for name in sorted(found.keys() - wanted.keys())),
    ]


class Folder:
    """A folder that nobody else writes to as long as it is open. See `opened`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Snapshot | None:
        """What stands there."""
        return read(self.path)

    def stamp(self) -> tuple[object, ...] | None:
        """Another one after each writing, by whomever; None when nothing stands there."""
        root = root_of(self.path)
        if root is None:
            return None
        found = (root / DATA).stat()
        return root.name, found.st_ino, found.st_size, found.st_mtime_ns

    def drawn(self) -> dict[str, bytes]:
        """The files that stand there, if they were drawn by this very code and are as they were written."""
        root = root_of(self.path)
        if root is None or _manifest(root).get("drawn_by") != drawn_by():
            return {}
        found: dict[str, bytes] = {}
        for name, digest in _digests(root).items():
            with suppress(OSError):
                content = (root / name).read_bytes()
                if _digest(content) == digest:
                    found[name] = content
        return found

    def write(self, files: Mapping[str, bytes]) -> Path:
        """Put a whole set in the place of what stands there; where it is. Raises OSError, and then nothing changed."""
        generations = self.path / _GENERATIONS
        generations.mkdir(exist_ok=True)
        new = generations / _NEW
        shutil.rmtree(new, ignore_errors=True)
        before = root_of(self.path)
        _fill(new, files, before)
        numbers = [int(one.name) for one in generations.iterdir() if one.name.isdigit()]
        made = generations / f"{max(numbers, default=0) + 1:06}"
        new.rename(made)
        sync(generations)
        link = self.path / _LINK
        link.unlink(missing_ok=True)
        link.symlink_to(Path(_GENERATIONS) / made.name)
        link.replace(self.path / _CURRENT)
        sync(self.path)
        self._prune(made)
        return made

    def _prune(self, made: Path) -> None:
        others = sorted(one for one in made.parent.iterdir() if one.name.isdigit() and one != made)
        for old in others[: 1 - _KEPT]:
            shutil.rmtree(old, ignore_errors=True)


@contextmanager
def opened(path: Path) -> Iterator[Folder]:
    """Open a folder for writing, made when it is not there; waits for whoever writes to it."""
    path.mkdir(parents=True, exist_ok=True)
    with (path / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield Folder(path)


def _fill(new: Path, files: Mapping[str, bytes], before: Path | None) -> None:
    """Write every file, or link it where the last generation has the very same: most of history never changes."""
    was = _digests(before) if before else {}
    digests = {name: _digest(content) for name, content in files.items()}
    folders = [new / name for name in sorted({dirname(name) for name in files} | {""})]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    written = [
        name
        for name, content in files.items()
        if was.get(name) != digests[name] or before is None or not _link(before / name, new / name, len(content))
    ]
    for name in written:
        (new / name).write_bytes(files[name])
    (new / MANIFEST).write_text(json.dumps({"drawn_by": drawn_by(), "files": digests}, sort_keys=True))
    if len(written) > _FLUSHED_ONE_BY_ONE:
        os.sync()
        return
    for name in [*written, MANIFEST]:
        sync(new / name)
    for folder in folders:
        sync(folder)


def _link(old: Path, new: Path, size: int) -> bool:
    """Whether the old file could be given the new name too: not on every file system."""
    try:
        if old.stat().st_size != size:
            return False
        os.link(old, new)
    except OSError:
        return False
    return True


def _digests(root: Path) -> dict[str, str]:
    """The digest of each file that the manifest names."""
    return dict(_manifest(root).get("files", {}))


def _manifest(root: Path) -> dict[str, Any]:
    """Empty where there is none that can be read."""
    with suppress(OSError, ValueError):
        found = json.loads((root / MANIFEST).read_bytes())
        return found if isinstance(found, dict) else {}
    return {}


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
