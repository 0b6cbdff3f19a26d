"""`watchbill restore` without a bot: what it refuses, and a copy that is only looked at."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.harness.template import empty_database


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = Path(shutil.copy(empty_database(), tmp_path / "watchbill.db"))
    monkeypatch.setenv("WATCHBILL_DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.delenv("WATCHBILL_CONFIG", raising=False)
    return file


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, words)
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "Say which: --latest, or --at 2026-11-21T15:00Z."),
        (["--latest", "--at", "2026-11-21T15:00Z"], "Say which: --latest, or --at 2026-11-21T15:00Z."),
        (["--at", "yesterday"], "yesterday is not a time. For example: --at 2026-11-21T15:00Z"),
        (["--at", "2026-11-21T15:00"], "2026-11-21T15:00 has no zone."),
        (["--latest", "--from-replica"], "There is no replica: backups.litestream_url is not set."),
        (["--at", "2026-11-21T15:00Z"], "There is no copy of 2026-11-21 15:00:00 UTC or before in "),
    ],
)
def test_what_cannot_be_restored_is_refused_with_a_sentence(database: Path, words: list[str], why: str) -> None:
    before = database.read_bytes()
    status, said = run("restore", *words)
    assert (status, said.startswith(f"✗ {why}")) == (1, True), said
    assert database.read_bytes() == before


def test_why_a_sandbox_has_no_replica_is_said(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "watchbill.toml"
    file.write_text('[backups]\nlitestream_url = "s3://bills/db"')
    monkeypatch.setenv("WATCHBILL_CONFIG", str(file))
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9000/api/")
    status, said = run("restore", "--latest", "--from-replica")
    assert (status, "backups.litestream_url: Slack is a sandbox, so there is no replica" in said) == (1, True), said


def test_a_copy_of_a_time_goes_into_a_file_of_its_own(database: Path, tmp_path: Path) -> None:
    assert run("backup")[0] == 0
    to, before = tmp_path / "looked-at.db", database.read_bytes()
    status, said = run("restore", "--at", "2100-01-01T00:00Z", "--to", str(to))
    assert (status, f"{to} is restored from" in said) == (0, True), said
    assert to.exists()
    assert database.read_bytes() == before
    status, said = run("restore", "--latest", "--to", str(to))
    assert (status, "is there already. Nothing was changed." in said) == (1, True)


def test_the_old_database_is_kept_with_its_log(database: Path, tmp_path: Path) -> None:
    run("backup")
    log = tmp_path / "watchbill.db-wal"
    log.write_bytes(b"of the old one: poison for the new one")
    status, said = run("restore", "--latest")
    assert status == 0, said
    kept = next(tmp_path.glob("watchbill.db.before-restore-*Z"))
    assert f"The old one is kept as {kept}." in said
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"of the old one: poison for the new one"
    assert not log.exists()


def test_a_copy_that_went_bad_is_found_and_not_restored(database: Path, tmp_path: Path) -> None:
    run("backup")
    (copy,) = (tmp_path / "backups").glob("*.db")
    copy.write_bytes(copy.read_bytes()[: 4096 * 3] + b"\xff" * 40_960)
    assert "is damaged: " in run("backups", "--verify")[1]
    before = database.read_bytes()
    status, said = run("restore", "--latest")
    assert (status, "is damaged: " in said, "Nothing was changed." in said) == (1, True, True), said
    assert database.read_bytes() == before
