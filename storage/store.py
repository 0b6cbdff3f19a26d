"""The store: one writer thread, a few readers, and a wake-up after each commit that somebody waits for."""

import asyncio
import fcntl
import importlib
from collections.abc import Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import IO, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Dialect, Engine, Insert, create_engine, event, make_url
from sqlalchemy.pool import QueuePool
from sqlalchemy.util import LRUCache

from bot.clock import Clock

P = ParamSpec("P")
R = TypeVar("R")

_PRAGMAS = ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_READERS = 2


@dataclass(slots=True)
class Tx:
    """An open transaction, the time at which it began, and what it wrote that somebody waits for."""

    conn: Connection
    now: datetime
    wrote_outbox: bool = False
    wrote_reminders: bool = False


def add_row(tx: Tx, statement: Insert) -> int:
    """Insert one row; the number that the database gave it."""
    key = tx.conn.execute(statement).inserted_primary_key
    if key is None:
        raise LookupError("the row inserted has no number")
    return int(key[0])


class StoreBusy(Exception):
    """Another process has this database open; SQLite is for one."""


class StoreDamaged(Exception):
    """The database can't be opened or read."""


class Store:
    """Transactions on the database. `run` and `view` are the only bridge from async code."""

    def __init__(self, file: Path, clock: Clock) -> None:
        self._clock = clock
        self._file = file
        self._lock = _take_lock(file)
        self._writer = open_engine(file, "IMMEDIATE", size=1)
        self._reader = open_engine(file, "DEFERRED", size=_READERS)
        self._write_thread = ThreadPoolExecutor(1, "store-write")
        self._read_threads = ThreadPoolExecutor(_READERS, "store-read")
        self.on_outbox: Callable[[], object] | None = None
        self.on_reminders: Callable[[], object] | None = None

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """A transaction that may write: all of it is on disk when the block ends, or none of it."""
        with self._writer.begin() as conn:
            tx = Tx(conn, self._clock.now())
            yield tx
        self._wake(tx)

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A snapshot to read from; a write in it raises."""
        with self._reader.begin() as conn:
            yield Tx(conn, self._clock.now())

    async def run(self, action: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `action` in one transaction on the writer thread. A cancelled caller does not undo it."""

        def work() -> R:
            with self.write() as tx:
                return action(tx, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._write_thread, work)

    async def view(self, query: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `query` in one snapshot on a reader thread."""

        def work() -> R:
            with self.read() as tx:
                return query(tx, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._read_threads, work)

    def close(self) -> None:
        """Finish what is running, close the file and let another process have it."""
        self._write_thread.shutdown(wait=True)
        self._read_threads.shutdown(wait=True)
        self._writer.dispose()
        self._reader.dispose()
        self._lock.close()

    def _wake(self, tx: Tx) -> None:
        if tx.wrote_outbox and self.on_outbox:
            self.on_outbox()
        if tx.wrote_reminders and self.on_reminders:
            self.on_reminders()


def sqlite_module() -> ModuleType:
    """The SQLite to use: pysqlite3 where it is installed, for its WAL fix, else the standard library's."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3")


def open_engine(file: Path, begin: str, size: int) -> Engine:
    """An engine whose transactions BEGIN as told: IMMEDIATE to write, DEFERRED to read only."""
    dialect, compiled = _compiler()
    pool = QueuePool(
        lambda: _connect(file, query_only=begin == "DEFERRED"), pool_size=size, max_overflow=0, dialect=dialect
    )
    engine = Engine(pool, dialect, make_url("sqlite://").set(database=str(file)))

    @event.listens_for(engine, "begin")
    def _begun(conn: Connection) -> None:
        conn.exec_driver_sql(f"BEGIN {begin}")

    return engine.execution_options(compiled_cache=compiled)


@cache
def _compiler() -> tuple[Dialect, MutableMapping[Any, Any]]:
    """One for the process: to compile a statement costs ten times what SQLite needs to run it.

    Writer and readers share what was compiled, and so does a store that is opened after another.
    """
    first = create_engine("sqlite://", module=sqlite_module())
    with first.connect():  # Here the dialect learns which SQLite it is.
        pass
    first.dispose()
    return first.dialect, LRUCache(1000)


def _connect(file: Path, *, query_only: bool) -> Any:
    dbapi = sqlite_module().connect(str(file), check_same_thread=False)
    # The driver must never begin by itself: its BEGIN is deferred, and a read that turns into a write
    # then fails with "database is locked" however long it would wait.
    dbapi.isolation_level = None
    for pragma in _PRAGMAS:
        dbapi.execute(f"PRAGMA {pragma}")
    if query_only:
        dbapi.execute("PRAGMA query_only=ON")
    return dbapi


def _take_lock(file: Path) -> IO[bytes]:
    """Lock `FILE.lock` for as long as this process lives: whoever holds it knows that no other bot runs."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = file.with_name(file.name + ".lock").open("wb")
    except OSError as error:
        raise StoreDamaged(f"{file} can't be opened ({error.strerror}).") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise StoreBusy(f"another process has {file} open; one bot runs on one SQLite file.") from error
    return lock
