"""Migrations: bring a database file to the tables that this code knows. `python -m storage.migrate FILE` does it.

Alembic is imported only when there is something to do: it costs a quarter of a second and 48 MiB.
"""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from storage.sqlite import sqlite_module
from storage.store import StoreDamaged, damaged

DatabaseError: type[Exception] = sqlite_module().DatabaseError
# The newest migration; a test keeps this true.
HEAD = "0004"


def version(file: Path) -> str | None:
    """The migration the database file stands at; None for a new or empty one."""
    if not file.exists():
        return None
    with closing(sqlite_module().connect(file)) as conn:
        known = conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        found = conn.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    return str(found[0]) if found else None


def version_of(file: Path) -> str | None:
    """The same at the start of a bot. Raises StoreDamaged, with a sentence that says what to do."""
    try:
        return version(file)
    except sqlite_module().OperationalError as error:
        raise StoreDamaged(f"{file} can't be opened ({error}): is its disk full, or failing?") from error
    except DatabaseError as error:
        raise StoreDamaged(damaged(str(error))) from error


def upgrade(file: Path) -> None:
    """Run what is missing, in this process. All of it is done, or nothing."""
    from alembic import command
    from alembic.config import Config

    engine = create_engine(f"sqlite:///{file}", module=sqlite_module(), poolclass=NullPool)
    with engine.begin() as conn:
        _begin_for_real(conn)
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["connection"] = conn
        command.upgrade(config, "head")
    engine.dispose()


def upgrade_in_child(file: Path) -> bool:
    """Run what is missing in a process of its own, so that Alembic's memory goes with it; whether it went well."""
    return subprocess.run([sys.executable, "-m", "storage.migrate", str(file)], check=False).returncode == 0


def _begin_for_real(conn: Connection) -> None:
    # The driver begins only before INSERT, UPDATE and DELETE: a CREATE TABLE would be committed by itself.
    if (dbapi := conn.connection.dbapi_connection) is not None:
        dbapi.isolation_level = None
    conn.exec_driver_sql("BEGIN IMMEDIATE")


if __name__ == "__main__":
    upgrade(Path(sys.argv[1]))
