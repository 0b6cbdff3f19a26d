"""Which SQLite is used. Nothing heavy is imported here: the child processes that copy the database begin with this."""

import importlib
from types import ModuleType


def sqlite_module() -> ModuleType:
    """The SQLite to use: pysqlite3 where it is installed, for its WAL fix, else the standard library's."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3")
