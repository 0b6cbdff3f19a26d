"""How long it takes to copy a big database beside its writer, to rehearse a restore, and to bring it back."""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path

from benchmarks.measures import milliseconds
from bot.clock import SystemClock
from bot.replica import binary, config, fetch_replica
from bot.settings_tables import Backups
from storage import backup, migrate, recovery

_ROW_BYTES = 2000


def measure(megabytes: int) -> None:
    """Print the figures for a database of this size."""
    with tempfile.TemporaryDirectory(prefix="watchbill-benchmark-") as name:
        folder = Path(name)
        database, copies = folder / "watchbill.db", folder / "copies"
        _fill(database, megabytes)
        print(f"A database of {database.stat().st_size / 1e6:.0f} MB")
        with _writing(database) as waits:
            seconds = _child("make", database, copies)
        print(f"  copied and verified in {seconds:.1f} s beside a writer: commits {milliseconds(waits.all)}")
        print(f"  rehearsed in {_child('rehearse', database, copies):.1f} s")
        copy = backup.copies(database, copies)[0]

        def fetch(path: Path) -> datetime:
            shutil.copyfile(copy.file, path)
            return copy.at

        began = time.perf_counter()
        recovery.bring_back(database, fetch, SystemClock().now())
        print(f"  restored in {time.perf_counter() - began:.1f} s  (aim 30)")
        if program := binary():
            _replica(program, database, folder)


def _replica(program: Path, database: Path, folder: Path) -> None:
    """The same from a replica on this disk; from elsewhere the network decides."""
    place, settings = Backups(litestream_url=f"file://{folder}/replica"), folder / "litestream.yml"
    settings.write_text(config(database, place, folder / "socket"))
    began = time.perf_counter()
    subprocess.run([str(program), "replicate", "-config", str(settings), "-once"], check=True, capture_output=True)
    print(f"  first replica in {time.perf_counter() - began:.1f} s")
    began = time.perf_counter()
    recovery.bring_back(database, partial(fetch_replica, place), SystemClock().now())
    print(f"  restored from it in {time.perf_counter() - began:.1f} s  (aim 30)")


def _fill(database: Path, megabytes: int) -> None:
    migrate.upgrade(database)
    with closing(sqlite3.connect(database)) as conn:
        conn.execute("PRAGMA journal_mode=WAL")
        rows = (("inbox", number, "x" * _ROW_BYTES) for number in range(megabytes * 1_000_000 // (_ROW_BYTES + 100)))
        conn.executemany("INSERT INTO inbox (key, received_at, answer) VALUES (? || ?, '2026-11-21 12:00:00', ?)", rows)
        conn.commit()


class _writing:  # noqa: N801 - a context manager, read as a word
    """A writer with a hundred commits a second, each on the disk, for as long as the block lasts."""

    def __init__(self, database: Path) -> None:
        self._database, self._stop = database, threading.Event()
        self._thread = threading.Thread(target=self._write)
        self.all: list[float] = []

    def __enter__(self) -> "_writing":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _write(self) -> None:
        with closing(sqlite3.connect(self._database, isolation_level=None, timeout=30)) as conn:
            conn.execute("PRAGMA synchronous=FULL")
            while not self._stop.wait(0.01):
                began = time.perf_counter()
                conn.execute("UPDATE inbox SET received_at = '2026-11-21 12:00:01' WHERE key = 'inbox1'")
                self.all.append(time.perf_counter() - began)


def _child(what: str, database: Path, folder: Path) -> float:
    began = time.perf_counter()
    words = [sys.executable, "-m", "storage.backup", what, str(database), str(folder), SystemClock().now().isoformat()]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began
