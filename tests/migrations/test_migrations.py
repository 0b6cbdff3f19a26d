"""Migrations: they end where the code begins, all or nothing."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from storage import migrate
from storage.schema import metadata
from storage.sqlite import sqlite_module
from storage.store import open_engine

FOLDER = Path(migrate.__file__).parent / "migrations"


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return ScriptDirectory.from_config(config)


def tables(file: Path) -> set[str]:
    engine = create_engine(f"sqlite:///{file}", module=sqlite_module(), poolclass=NullPool)
    return set(inspect(engine).get_table_names())


def schema(file: Path) -> dict[str, str]:
    engine = open_engine(file, "DEFERRED", size=1)
    with engine.begin() as conn:
        rows = conn.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")).all()
    engine.dispose()
    return {name: _same(sql) for name, sql in rows if name not in {"alembic_version", "sqlite_sequence"}}


def _same(sql: str) -> str:
    """The statement without what may differ: spaces, and the order of a table's constraints."""
    # A table that was renamed has its name in quotes.
    head, _, body = " ".join(sql.split()).replace('"', "").partition("(")
    return head + "(" + ", ".join(sorted(body.removesuffix(")").strip().split(", ")))


# Incidents and tenures point at each other; that is what keeps command single.
@pytest.mark.filterwarnings("ignore:Cannot correctly sort tables")
def test_migrating_gives_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    file = tmp_path / "watchbill.db"
    migrate.upgrade(file)
    engine = open_engine(file, "DEFERRED", size=1)
    with engine.begin() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []
    engine.dispose()


def test_checks_and_partial_indexes_are_the_same_too(tmp_path: Path) -> None:
    # Alembic compares neither.
    migrated, made = tmp_path / "migrated.db", tmp_path / "made.db"
    migrate.upgrade(migrated)
    engine = open_engine(made, "IMMEDIATE", size=1)
    with engine.begin() as conn:
        for table in metadata.tables.values():
            table.create(conn)
    engine.dispose()
    assert schema(migrated) == schema(made)


def test_the_constant_is_the_newest_migration(tmp_path: Path) -> None:
    assert scripts().get_heads() == [migrate.HEAD]
    file = tmp_path / "watchbill.db"
    assert migrate.version(file) is None
    migrate.upgrade(file)
    assert migrate.version(file) == migrate.HEAD


def test_an_empty_file_stands_at_nothing(tmp_path: Path) -> None:
    file = tmp_path / "watchbill.db"
    file.touch()
    assert migrate.version(file) is None


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "watchbill.db"
    file.write_bytes(b"this is no database, whatever its name says" * 30)
    with pytest.raises(migrate.DatabaseError):
        migrate.version(file)


def test_all_of_it_is_done_or_nothing(tmp_path: Path) -> None:
    file = tmp_path / "watchbill.db"
    engine = create_engine(f"sqlite:///{file}", module=sqlite_module(), poolclass=NullPool)
    with engine.begin() as conn:
        # In the way of one that is made late.
        conn.execute(text("CREATE TABLE reminders (mine TEXT)"))
    with pytest.raises(OperationalError, match="reminders already exists"):
        migrate.upgrade(file)
    assert tables(file) == {"reminders"}
    assert migrate.version(file) is None
    with engine.begin() as conn:
        conn.execute(text("DROP TABLE reminders"))
    migrate.upgrade(file)
    assert migrate.version(file) == migrate.HEAD


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "watchbill.db"
    migrate.upgrade(file)
    before = schema(file)
    migrate.upgrade(file)
    assert schema(file) == before


def test_it_runs_as_a_command_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "watchbill.db"
    done = subprocess.run([sys.executable, "-m", "storage.migrate", str(file)], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert tables(file) >= set(metadata.tables)


def test_the_bot_migrates_in_a_child(tmp_path: Path) -> None:
    file = tmp_path / "watchbill.db"
    migrate.upgrade_in_child(file)
    assert migrate.version(file) == migrate.HEAD
