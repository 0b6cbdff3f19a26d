"""The store: one writer thread, a few readers, and a wake-up after each commit that somebody waits for."""

import asyncio
import fcntl
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import IO, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Dialect, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool
from sqlalchemy.util import LRUCache

from bot.clock import Clock
from bot.errors import BotError, DiskFull, disk_full_in
from storage.sqlite import sqlite_module

P = ParamSpec("P")
R = TypeVar("R")

_PRAGMAS = ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_READERS = 2
# Primary result codes of SQLite: IOERR, FULL; CORRUPT, NOTADB.
_IOERR = 10
_FULL = frozenset({_IOERR, 13})
_DAMAGED = frozenset({11, 26})


@dataclass(slots=True)
class Tx:
    """An open transaction, the time at which it began, and what it wrote that somebody waits for."""

    conn: Connection
    now: datetime
    wrote_outbox: bool = False
    wrote_reminders: bool = False
    # Something that customers know of has changed: their page is to be written again.
    customers_see: bool = False
    # Somebody is told that this is done, and may rely on it: a lost machine must not take it along.
    promised: bool = False
    # While set, what is promised may have been sent already, since then, by a bot whose memory was lost.
    may_be_sent_since: datetime | None = None


class StoreBusy(Exception):
    """Another process has this database open; SQLite is for one."""


class StoreDamaged(Exception):
    """The database can't be opened or read."""


class Store:
    """Transactions on the database. `run` and `view` are the only bridge from async code."""

    def __init__(self, file: Path, clock: Clock) -> None:
        self._clock = clock
        self._file = file
        self._lock = take_lock(file)
        self._writer = open_engine(file, "IMMEDIATE", size=1)
        self._reader = open_engine(file, "DEFERRED", size=_READERS)
        self._write_thread = ThreadPoolExecutor(1, "store-write")
        self._read_threads = ThreadPoolExecutor(_READERS, "store-read")
        self.on_outbox: Callable[[], object] | None = None
        self.on_reminders: Callable[[], object] | None = None
        self.on_seen: Callable[[], object] | None = None
        self.on_full: Callable[[], object] | None = None
        # Since when, on the clock that never steps, a transaction has been writing.
        self.writing_since: float | None = None
        self.on_promise: Callable[[], Awaitable[object]] | None = None

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """A transaction that may write: all of it is on disk when the block ends, or none of it. Raises DiskFull."""
        self.writing_since = self._clock.elapsed()
        try:
            with self._writer.begin() as conn:
                tx = Tx(conn, self._clock.now())
                yield tx
        except (BotError, SQLAlchemyError) as error:
            if not (full := disk_full_in(error)):
                raise
            self._make_room()
            raise full from error
        finally:
            self.writing_since = None
        self._wake(tx)

    def _make_room(self) -> None:
        """What holds the disk may be our own log of writes: put it into the database, and cut it off."""
        if self.on_full:
            self.on_full()
        conn = self._writer.raw_connection()
        try:
            cursor = conn.cursor()
            with suppress(sqlite_module().Error):
                # A reader that is in the way has a moment; the next try is in a second.
                cursor.execute("PRAGMA busy_timeout=200")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute(f"PRAGMA {_PRAGMAS[0]}")
        finally:
            conn.close()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A snapshot to read from; a write in it raises."""
        with self._reader.begin() as conn:
            yield Tx(conn, self._clock.now())

    async def run(self, action: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `action` in one transaction on the writer thread. A cancelled caller does not undo it.

        What it promised is elsewhere too when this returns, as far as `on_promise` can see to that.
        """

        def work() -> tuple[R, bool]:
            with self.write() as tx:
                return action(tx, *args, **kwargs), tx.promised

        done, promised = await asyncio.get_running_loop().run_in_executor(self._write_thread, work)
        if promised and self.on_promise:
            await self.on_promise()
        return done

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
        if tx.customers_see and self.on_seen:
            self.on_seen()


def keep_log(tx: Tx, pages: int) -> None:
    """Move the WAL into the database when it has this many pages; 0 leaves that to somebody else."""
    tx.conn.exec_driver_sql(f"PRAGMA wal_autocheckpoint={int(pages)}")


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
    event.listen(first, "handle_error", _sorted_out)
    with first.connect():  # Here the dialect learns which SQLite it is.
        pass
    first.dispose()
    return first.dialect, LRUCache(1000)


def _sorted_out(context: ExceptionContext) -> None:
    """What the disk did is named as what it is."""
    error = context.original_exception
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _FULL:
        raise DiskFull(fails=code == _IOERR) from error
    if code in _DAMAGED:
        raise StoreDamaged(damaged(str(error))) from error


def damaged(why: str) -> str:
    """What an operator is told about a database file that can't be read."""
    return f"The database is damaged ({why}): run `watchbill restore --latest`, which keeps the damaged file beside."


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


def take_lock(file: Path) -> IO[bytes]:
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
