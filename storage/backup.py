"""Copies of the database: made from a running one, verified, kept for a while. Files and SQLite only.

`python -m storage.backup make|rehearse DATABASE FOLDER TIME` does it in a process of its own, so that its memory goes
with it, and prints one line of JSON.
"""

import contextlib
import fcntl
import json
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.durable import sync
from storage.sqlite import sqlite_module

KEEP_ALL = timedelta(hours=1)
KEEP_HOURS = 24
KEEP_DAYS = 14
# Beyond the size of the copy itself: a disk that is full to the brim stops the bot.
SPARE_BYTES = 64 * 2**20
_STAMP = "%Y%m%dT%H%M%SZ"
# Rows of these are never deleted newest first, so the newest of a copy can't be older than what was there before.
_GROWING = ("incidents", "tenures", "timeline", "reminders", "outbox")
# Rows of these are never deleted at all: as many as a copy has were there, and still are.
_LASTING = ("incidents", "tenures", "timeline")
_ERRORS = tuple({OSError, sqlite3.Error, sqlite_module().Error})


class BackupFailed(Exception):
    """There is no copy, or it is not good; the text says why."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A verified copy: what has its final name was verified under another."""

    file: Path
    at: datetime
    size: int


def name_of(database: Path, at: datetime) -> str:
    """`watchbill-20261121T160500Z.db`: in the order of names they are in the order of time."""
    return f"{database.stem}-{at.astimezone(UTC):{_STAMP}}.db"


def copies(database: Path, folder: Path) -> list[Copy]:
    """The copies of this database in a folder, the newest first."""
    found = [(_time_of(database, file), file) for file in folder.glob(f"{database.stem}-*.db")]
    kept = [Copy(file, at, size) for at, file in found if at and (size := _size(file))]
    return sorted(kept, key=lambda copy: copy.at, reverse=True)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:  # Another process has pruned meanwhile.
        return 0


def _time_of(database: Path, file: Path) -> datetime | None:
    try:
        return datetime.strptime(file.stem.removeprefix(f"{database.stem}-"), _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def to_keep(times: Sequence[datetime], now: datetime) -> set[datetime]:
    """Which copies are kept: all of the last hour, and the newest of each of the newest 24 hours and 14 days.

    Counted are hours and days that have a copy: a bot that stood still for a month comes back to what it had.
    """
    kept = {time for time in times if time > now - KEEP_ALL}
    newest_first = sorted(times, reverse=True)
    for most, stamp in ((KEEP_HOURS, "%Y%m%d%H"), (KEEP_DAYS, "%Y%m%d")):
        newest: dict[str, datetime] = {}
        for time in newest_first:
            newest.setdefault(time.astimezone(UTC).strftime(stamp), time)
        kept |= set(list(newest.values())[:most])
    return kept


def prune(database: Path, folder: Path, now: datetime) -> int:
    """Delete the copies that are not kept any longer; how many."""
    there = copies(database, folder)
    kept = to_keep([copy.at for copy in there], now)
    gone = [copy for copy in there if copy.at not in kept]
    for copy in gone:
        copy.file.unlink()
    return len(gone)


def same_file_system(database: Path, folder: Path) -> bool:
    """Whether one broken disk would take both."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return database.parent.stat().st_dev == folder.stat().st_dev


def all_on_one_disk(database: Path, folder: Path, replica: str) -> bool:
    """Whether one broken disk would take the database, its copies in `folder` and its `replica` (a URL, or empty)."""
    places = [folder.absolute()]
    url = urlsplit(replica)
    if url.scheme:
        if url.scheme != "file":
            return False
        places.append(Path(url.path))
    return all(same_file_system(database.absolute(), place) for place in places)


def free_bytes(folder: Path) -> int:
    """How much more fits there."""
    return shutil.disk_usage(folder).free


def make(database: Path, folder: Path, now: datetime, free: Callable[[Path], int] = free_bytes) -> Copy:
    """Copy a database that may be in use; what answers is on disk and verified. Raises BackupFailed.

    It holds what was committed before `now`, and maybe more.
    """
    try:
        if not database.exists():
            raise BackupFailed(f"there is no database at {database}")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(folder):
            _check_room(database, folder, free)
            for left_over in folder.glob(f".{database.stem}-*.part"):
                left_over.unlink()
            final = folder / name_of(database, now)
            part = folder / f".{final.stem}.part"
            try:
                _copy(database, part)
                part.replace(final)
                sync(folder)
            finally:
                part.unlink(missing_ok=True)
            prune(database, folder, now)
            return Copy(final, now, final.stat().st_size)
    except _ERRORS as error:
        raise BackupFailed(f"the database could not be copied to {folder}: {error}") from error


def _check_room(database: Path, folder: Path, free: Callable[[Path], int]) -> None:
    log = database.with_name(database.name + "-wal")
    needed = database.stat().st_size + (log.stat().st_size if log.exists() else 0) + SPARE_BYTES
    if (there := free(folder)) < needed:
        raise BackupFailed(f"{folder} has {there >> 20} MB free, and a copy needs {needed >> 20} MB")


def _copy(database: Path, part: Path) -> None:
    part.touch(mode=0o600)
    # Not read-only: a reader of a WAL must be able to make the index that it shares with the others.
    with contextlib.closing(_connect(database, "rw")) as source, contextlib.closing(_connect(part, "rw")) as target:
        before = newest(source)
        # All pages in one go: in steps, beside a writer, it begins anew with each write and never ends.
        source.backup(target, pages=-1)
        # One file without company; the bot makes it a WAL again.
        target.execute("PRAGMA journal_mode=DELETE")
    after = verified(part)
    if late := [table for table, row in before.items() if after.get(table, 0) < row]:
        raise BackupFailed(f"the copy lacks the newest rows of {', '.join(late)}")
    sync(part)


def verified(file: Path, check: str = "quick_check") -> dict[str, int]:
    """The newest rows of a database file that SQLite finds whole. Raises BackupFailed."""
    try:
        with contextlib.closing(_connect(file, "ro")) as conn:
            said = [row[0] for row in conn.execute(f"PRAGMA {check}")]
            if said != ["ok"]:
                raise BackupFailed(f"{file} is damaged: {'; '.join(map(str, said[:3]))}")
            return newest(conn)
    except _ERRORS as error:
        raise BackupFailed(f"{file} is damaged: {error}") from error


def newest(conn: Any) -> dict[str, int]:
    """The newest row number of each table that only grows."""
    there = {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    found = {}
    for table in _GROWING:
        if table in there:
            found[table] = conn.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0]  # noqa: S608
    return found


def rehearse(database: Path, folder: Path) -> Copy:
    """Restore the newest copy to a place of its own, look at all of it, and throw it away. Raises BackupFailed.

    What never goes away must be as much in it as the running database has up to there.
    """
    there = copies(database, folder)
    if not there:
        raise BackupFailed(f"there is no copy in {folder}")
    copy = there[0]
    try:
        with tempfile.TemporaryDirectory(prefix=".rehearsal-", dir=folder) as room:
            restored = Path(room) / "restored.db"
            shutil.copyfile(copy.file, restored)
            verified(restored, "integrity_check")
            _compare(restored, database, copy)
    except _ERRORS as error:
        raise BackupFailed(f"{copy.file} can't be restored: {error}") from error
    return copy


def _compare(restored: Path, database: Path, copy: Copy) -> None:
    with contextlib.closing(_connect(restored, "ro")) as theirs, contextlib.closing(_connect(database, "rw")) as ours:
        there = newest(theirs)
        for table in set(_LASTING) & set(there):
            query = f"SELECT count(*) FROM {table} WHERE rowid <= ?"  # noqa: S608 - our own names
            has, had = (conn.execute(query, (there[table],)).fetchone()[0] for conn in (theirs, ours))
            if has != had:
                raise BackupFailed(f"{copy.file} has {has} rows of {table}, and should have {had}")


def _connect(file: Path, mode: str) -> Any:
    return sqlite_module().connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True, timeout=10)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Whatever is half done in the folder is nobody's. Raises BackupFailed while another copy is being made."""
    with (folder / ".lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupFailed("another copy is being made just now") from None
        yield


def main(words: Sequence[str]) -> int:
    """`make` or `rehearse`, a database, a folder and the time; says what came of it in JSON."""
    what, database, folder, now = words
    try:
        if what == "make":
            copy = make(Path(database), Path(folder), datetime.fromisoformat(now))
        else:
            copy = rehearse(Path(database), Path(folder))
    except BackupFailed as failed:
        said = {"failed": str(failed)}
    else:
        said = {"file": str(copy.file), "at": copy.at.isoformat()}
    sys.stdout.write(json.dumps(said) + "\n")
    return 1 if "failed" in said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
