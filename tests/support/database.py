"""Databases for tests: migrated once, copied for each test; and what is in them."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from bot.clock import Clock
from storage import migrate
from storage.schema import metadata
from storage.sqlite import sqlite_module
from storage.store import Store, Tx

Dump = dict[str, list[tuple[Any, ...]]]


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "template.db"
        migrate.upgrade(file)
        return file.read_bytes()


def new_file(folder: Path, name: str = "watchbill.db") -> Path:
    """A fresh, migrated database in `folder`."""
    file = folder / name
    file.write_bytes(_migrated())
    return file


@contextmanager
def new_store(clock: Clock) -> Iterator[Store]:
    """A store on a database of its own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="watchbill-test-"))
    store = Store(new_file(folder), clock)
    try:
        yield store
    finally:
        store.close()
        shutil.rmtree(folder)


def snapshot(store: Store) -> Any:
    """All that is in a database, as one in memory."""
    kept = sqlite_module().connect(":memory:", check_same_thread=False)
    with closing(sqlite_module().connect(_file(store))) as source:
        source.backup(kept)
    return kept


def restore(kept: Any, store: Store) -> None:
    """Make a database what another was when `snapshot` was taken of it."""
    with closing(sqlite_module().connect(_file(store))) as target:
        kept.backup(target)


def _file(store: Store) -> str:
    with store.read() as tx:
        return str(tx.conn.exec_driver_sql("PRAGMA database_list").one()[2])


def dump(tx: Tx, *without: str) -> Dump:
    """Every row of every table but those named, as SQLite has it."""
    # Without SQLAlchemy's rows, which take ten times as long; and most tables are empty, which one question tells.
    driver: Any = tx.conn.connection.driver_connection
    names = [name for name in metadata.tables if name not in without]
    (filled,) = driver.execute("SELECT " + ", ".join(f'EXISTS (SELECT 1 FROM "{name}")' for name in names))
    return {
        name: driver.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall() if some else []
        for name, some in zip(names, filled, strict=True)
    }
