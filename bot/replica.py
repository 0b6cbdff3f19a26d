"""The replica of the database: where it is, how Litestream is told of it, and how it is brought back."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.settings_tables import Backups
from storage.backup import BackupFailed

_SECRETS = ("SLACK_", "WATCHBILL_")


def binary() -> Path | None:
    """Litestream, beside this Python or in PATH; None when it is not installed."""
    beside = Path(sys.executable).with_name("litestream")
    if beside.exists():
        return beside
    found = shutil.which("litestream")
    return Path(found) if found else None


def config(database: Path, place: Backups, socket: Path | None = None) -> str:
    """Litestream's configuration. JSON is YAML too, and quotes whatever is in a path. It may hold a password.

    `socket`: where it is to be asked while it runs.
    """
    replica = {"url": place.litestream_url, "sync-interval": "1s"}
    if place.sftp_key:
        replica["key-path"] = str(place.sftp_key.absolute())
    if place.sftp_host_key:
        replica["host-key"] = place.sftp_host_key
    told: dict[str, Any] = {
        "logging": {"level": "warn", "type": "json", "stderr": True},
        "dbs": [{"path": str(database.absolute()), "replica": replica}],
    }
    if socket:
        told["socket"] = {"enabled": True, "path": str(socket), "permissions": 0o600}
    return json.dumps(told, indent=2)


def write_config(file: Path, text: str) -> None:
    """Put a configuration where only its owner reads it."""
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")


def environment() -> dict[str, str]:
    """What Litestream may see: the keys of its storage, not those of Slack."""
    # Settings are read in any case.
    seen = {name: value for name, value in os.environ.items() if not name.upper().startswith(_SECRETS)}
    # With this one, its client of S3 does not start (0.5.17); the other says the same to all that is written in Go.
    if authorities := seen.pop("AWS_CA_BUNDLE", ""):
        seen.setdefault("SSL_CERT_FILE", authorities)
    return seen


def fetch_replica(place: Backups, to: Path, at: datetime | None = None, seconds: float | None = None) -> None:
    """Restore the newest state of a replica, or that of a time (UTC), into a new file. Raises BackupFailed.

    `seconds`: what it may take at most; None: however long, as somebody is there who waits for it.
    """
    program = binary()
    if program is None:
        raise BackupFailed("litestream is not installed: pip install 'watchbill[backup]'")
    with tempfile.TemporaryDirectory(prefix="watchbill-") as room:
        told = Path(room) / "litestream.yml"
        write_config(told, config(to, place))
        # Litestream knows no state of a time after its newest change: that is the newest state.
        changes = _changes(program, told, place, to) if at else []
        if at and changes and at < min(changes):
            raise BackupFailed(f"the replica {place.replica} begins at {min(changes):%Y-%m-%d %H:%M:%S} UTC")
        when = ["-timestamp", f"{at:%Y-%m-%dT%H:%M:%SZ}"] if at and changes and at < max(changes) else []
        try:
            done = _ask(program, told, to, "restore", "-o", str(to), *when, seconds=seconds)
        except subprocess.TimeoutExpired:
            raise BackupFailed(f"the replica {place.replica} was not there within {seconds:g} s") from None
    if done.returncode or not to.exists():
        raise BackupFailed(f"the replica {place.replica} can't be restored: {_last_line(done, place)}")


def _changes(program: Path, told: Path, place: Backups, database: Path) -> list[datetime]:
    """The times of which the replica has a state."""
    done = _ask(program, told, database, "ltx", "-level", "all", "-json")
    try:
        return [datetime.fromisoformat(one["timestamp"]) for one in json.loads(done.stdout) or []]
    except (ValueError, KeyError, TypeError):
        raise BackupFailed(f"the replica {place.replica} can't be read: {_last_line(done, place)}") from None


def _ask(
    program: Path, told: Path, database: Path, verb: str, *options: str, seconds: float | None = None
) -> subprocess.CompletedProcess[str]:
    words = [str(program), verb, "-config", str(told), "-no-expand-env", *options, str(database.absolute())]
    return subprocess.run(words, env=environment(), capture_output=True, text=True, check=False, timeout=seconds)


def _last_line(done: subprocess.CompletedProcess[str], place: Backups) -> str:
    said = (done.stderr or done.stdout).replace(place.litestream_url, place.replica)
    return next((line for line in reversed(said.splitlines()) if line.strip()), "it said nothing")
