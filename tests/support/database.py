"""Databases for tests: migrated once, copied for each test; and what is in them."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.clock import Clock
from storage import migrate
from storage.schema import metadata
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


def dump(tx: Tx, *without: str) -> Dump:
    """Every row of every table but those named."""
    return {
        name: [tuple(row) for row in tx.conn.execute(select(table).order_by(*table.primary_key))]
        for name, table in metadata.tables.items()
        if name not in without
    }
