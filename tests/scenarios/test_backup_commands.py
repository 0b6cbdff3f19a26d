"""`watchbill backup`, `backups` and `restore`, beside a bot and without one; and what /readyz says of it."""

import json
import sqlite3
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.litestream import socket_of
from bot.replica import binary
from tests.harness import Workspace
from tests.harness.terminal import watchbill

pytestmark = pytest.mark.scenario


def _readyz(workspace: Workspace) -> dict[str, Any]:
    with urllib.request.urlopen(f"{workspace.bot.url}/readyz", timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def test_a_database_is_copied_lost_and_brought_back(workspace: Workspace) -> None:
    status, said = watchbill(workspace, "backups")
    assert (status, said.startswith("There is no copy in ")) == (0, True)
    assert watchbill(workspace, "restore", "--latest")[0] == 1
    ada = workspace.person("ada")
    ada.types("/incident declare checkout is down").says("Declaring")
    workspace.forgive("messages")

    status, said = watchbill(workspace, "backup")
    copy, warning = said.splitlines()
    assert status == 0
    assert Path(copy).parent == workspace.folder / "backups"
    assert warning == "It is on the disk of the database: set backups.folder to another one."
    _, listed = watchbill(workspace, "backups", "--verify")
    assert copy in listed
    assert listed.rstrip().endswith("verified again")
    ready = _readyz(workspace)
    assert ready["status"] == "ok"
    assert ready["warnings"] == ["Backups are on the disk of the database: set backups.folder to another one."]
    assert ready["backups"]["backup"] == Path(copy).name

    status, said = watchbill(workspace, "restore", "--latest")
    assert (status, "one bot runs on one SQLite file. Stop the bot first." in said) == (1, True)
    ada.types("/incident declare search is slow")
    workspace.bot.kill()
    workspace.bot.database.unlink()
    status, said = watchbill(workspace, "restore", "--latest")
    assert status == 0, said
    assert f"is restored from {copy}, of " in said
    assert "is kept as" not in said, "there was none any more"
    workspace.bot.start()
    workspace.clock.forward(minutes=5)

    assert [row["title"] for row in workspace.bot.rows("SELECT title FROM incidents")] == ["checkout is down"]
    assert len([name for name in workspace.incident_channels() if "checkout" in name]) == 1
    assert any(warning.startswith("Restored at ") for warning in _readyz(workspace)["warnings"])
    ada.types("/incident declare search is slow")
    assert "#inc-12-search-is-slow" in workspace.incident_channels(), "not under the number of the lost one"


@pytest.mark.skipif(binary() is None, reason="litestream is not installed: pip install 'watchbill[backup]'")
def test_a_replica_is_kept_ended_and_brought_back(tmp_path: Path) -> None:
    url = f"file://{tmp_path}/replica"
    with Workspace(tmp_path, f'[backups]\nlitestream_url = "{url}"\n') as workspace:
        workspace.forgive("messages")
        ada = workspace.person("ada")
        ada.types("/incident declare checkout is down")
        assert _readyz(workspace)["backups"]["replica_age_seconds"] is not None
        assert f"replica  {url}  has everything" in watchbill(workspace, "backups")[1]
        # Litestream of a killed bot lives on, and must not see the restored database.
        workspace.bot.kill()
        assert socket_of(workspace.bot.database).exists()
        status, said = watchbill(workspace, "restore", "--latest", "--from-replica")
        assert status == 0, said
        assert not socket_of(workspace.bot.database).exists()
        assert "nobody replicates just now" in watchbill(workspace, "backups")[1]
        workspace.bot.start()
        workspace.clock.forward(minutes=5)
        ada.types("/incident declare search is slow")
        workspace.bot.stop()
        assert workspace.doors.get("/control/bot")["exit_code"] == 0
        assert not socket_of(workspace.bot.database).exists(), "it ends with the bot"
        to = tmp_path / "both.db"
        assert watchbill(workspace, "restore", "--latest", "--from-replica", "--to", str(to))[0] == 0
        with closing(sqlite3.connect(to)) as conn:
            assert len(conn.execute("SELECT title FROM incidents").fetchall()) == 2
        workspace.bot.start()
        workspace.bot.stop()
