"""The machine is lost, again and again, and the database is brought back from a copy or from Litestream's replica.

    python -m tests.faults.losing --losses 100 --seed 7

plays incidents one after another, from the declaration to an accepted handoff, and takes the database away at random
moments of them. It ends with a table of what was lost and doubled; its exit code is 0 when nothing was. Half of the
losses are mended from copies, half from a replica in a folder; or all of them from a replica elsewhere on this machine,
where nothing lies yet:

    python -m tests.faults.losing --replica 's3://bucket/lost?endpoint=http://127.0.0.1:9000&region=us-east-1'
    python -m tests.faults.losing --replica sftp://me@127.0.0.1:2222/srv/lost --sftp-key KEY --sftp-host-key 'ecdsa-… …'

From the replica nothing that a person was told is done may be missing, and it is lost at the moment after. From a copy
everything is missing that was done after it: copies are made before the steps that time takes, and after those that
people take, so that what the lost bot went on to do is known to be done again. Here an hour takes a tenth of a second,
so the replica, which may be a real second behind, is given the time before each step that it would have had.
"""

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import sys
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.litestream import socket_of
from bot.replica import fetch_replica
from bot.settings_tables import Backups
from storage import backup, recovery
from tests.faults.books import LOST, WRONG, Finding, table
from tests.faults.stories import LOOKED_AND_SWEPT, STALE, STEPS, balance, resolve, wait
from tests.harness import Workspace

BY_TIME = frozenset({"hour", "half", "quarter", "offer"})
PROMISES = frozenset({"declare", "rota", "accept"})
PROMISED = {
    "incidents": "SELECT number, title, severity FROM incidents",
    "tenures": "SELECT id, incident, role, person FROM tenures",
    "ended tenures": "SELECT id, ended_at FROM tenures WHERE ended_at IS NOT NULL",
    "rotas": "SELECT id, incident FROM rotas",
    "shifts": "SELECT rota, position, person, starts_at FROM shifts",
}
SLOWED: tuple[dict[str, Any], ...] = (
    {"do": "drop", "phase": "after"},
    {"do": "status", "status": 500, "phase": "after"},
    {"do": "ratelimited", "retry_after": 20},
)
CONNECTED_SECONDS = 10.0
METHODS = ("chat.postMessage", "conversations.create", "chat.update", "pins.add", "conversations.invite")


@dataclass
class Tally:
    """What came of it."""

    seed: int
    losses: int = 0
    incidents: int = 0
    promised: int = 0
    findings: list[tuple[str, Finding]] = field(default_factory=list)

    @property
    def table(self) -> str:
        rows = [("seed", self.seed), ("losses", self.losses), ("incidents", self.incidents)]
        return table([*rows, ("promised rows", self.promised)], self.findings)


def settings(folder: Path, place: Backups | None) -> str:
    """The TOML of a bot whose copies are made by the test, with a replica or without."""
    given = place.model_dump(mode="json", exclude_defaults=True) if place else {}
    named = {**given, "folder": f"{folder}/copies", "every_minutes": 1440}
    return "\n".join(["[backups]", *(f"{name} = {json.dumps(value)}" for name, value in named.items()), ""])


def in_folder(folder: Path) -> Backups:
    """A replica beside the database."""
    return Backups(litestream_url=f"file://{folder}/replica")


class Machine:
    """The machine of a bot: copies are made of its database, and it can be lost."""

    def __init__(self, workspace: Workspace, tally: Tally, place: Backups | None) -> None:
        self._workspace, self._tally, self._place = workspace, tally, place
        self._database, self._copies = workspace.bot.database, workspace.folder / "copies"

    def copy(self) -> None:
        """What the bot does by itself every few minutes, or seconds."""
        if self._place:
            body = {"path": str(self._database), "wait": True, "timeout": 10}
            assert self._litestream("POST", "/sync", body)["status"] in {"synced", "no_change"}
        else:
            backup.make(self._database, self._copies, self._workspace.clock.now)

    def lose(self, title: str, *, promised: bool) -> None:
        """Kill everything, take the database away, bring it back, start again; note what is missing."""
        self._workspace.bot.kill()
        self.kill_litestream()
        before = self._rows() if self._place and promised else {}
        for file in self._database.parent.glob(f"{self._database.name}*"):
            file.unlink()
        shutil.rmtree(self._database.with_name(f".{self._database.name}-litestream"), ignore_errors=True)
        recovery.bring_back(self._database, self._fetch, self._workspace.clock.now)
        after = self._rows()
        for what, rows in before.items():
            self._tally.promised += len(rows)
            self._tally.findings += [(title, Finding(LOST, f"{what}: {row}")) for row in rows - after[what]]
        self._tally.losses += 1
        self._workspace.bot.start()

    def kill_litestream(self) -> None:
        """SIGKILL, as when the power goes: it has no time to replicate what is left."""
        if self._place:
            os.kill(self._litestream("GET", "/info")["pid"], signal.SIGKILL)

    def _fetch(self, path: Path) -> Any:
        if self._place:
            return fetch_replica(self._place, path)
        newest = backup.copies(self._database, self._copies)[0]
        shutil.copyfile(newest.file, path)
        return newest.at

    def _rows(self) -> dict[str, set[Any]]:
        with closing(sqlite3.connect(self._database)) as database:
            return {what: set(database.execute(query)) for what, query in PROMISED.items()}

    def _litestream(self, verb: str, door: str, body: Any = None) -> Any:
        with closing(socket.socket(socket.AF_UNIX)) as raw:
            _connect(raw, socket_of(self._database))
            with closing(http.client.HTTPConnection("litestream")) as connection:
                connection.sock = raw
                connection.request(verb, door, json.dumps(body) if body else None)
                return json.loads(connection.getresponse().read())


def _connect(raw: socket.socket, to: Path) -> None:
    """A bot that is ready may still be connecting to where its replica is."""
    until = time.monotonic() + CONNECTED_SECONDS
    while True:
        try:
            return raw.connect(str(to))
        except (FileNotFoundError, ConnectionRefusedError):
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def lose_often(workspace: Workspace, tally: Tally, losses: int, place: Backups | None) -> None:
    """Play incidents until the machine was lost so often."""
    machine = Machine(workspace, tally, place)
    try:
        _play(workspace, machine, tally, losses, replica=place is not None)
    finally:
        # It outlives the bot, and the next one would end it: here none comes.
        with suppress(OSError):
            machine.kill_litestream()


def _play(workspace: Workspace, machine: Machine, tally: Tally, losses: int, *, replica: bool) -> None:
    chance = random.Random(tally.seed)
    while tally.losses < losses:
        tally.incidents += 1
        title = f"lost {tally.incidents}"
        workspace.clock.forward(**STALE)
        for name, step in STEPS.items():
            loses = chance.randrange(3) > 0
            if loses and (replica or name in BY_TIME):
                machine.copy()
            if loses:
                workspace.faults.add(on=chance.choice(METHODS), nth=chance.randint(1, 2), **chance.choice(SLOWED))
            step(workspace, title)
            if loses:
                if name not in BY_TIME and not replica:
                    machine.copy()
                    # What had not gone out yet goes out now, and the copy does not know.
                    wait(workspace, seconds=chance.choice([0.0, 0.0, 25.0, 100.0]))
                workspace.faults.clear()
                machine.lose(title, promised=name in PROMISES)
            if name in ("declare", "accept"):
                wait(workspace, **LOOKED_AND_SWEPT)
                tally.findings += [(title, one) for one in balance(workspace, name, title) if not _is_forgotten(one)]
        resolve(workspace, title)


def _is_forgotten(finding: Finding) -> bool:
    """A page of the lost bot that is too old to be asked for again: it was said once, and nothing remembers it."""
    return finding.kind == WRONG and finding.what.startswith("nobody expected") and ":page" in finding.what.split()[2]


def main() -> int:
    """The long form, half of it with a replica."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.losing")
    parser.add_argument("--losses", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--replica", default="", help="the URL of the replica that all of it is brought back from")
    parser.add_argument("--sftp-key", type=Path, help="backups.sftp_key, for that replica")
    parser.add_argument("--sftp-host-key", default="", help="backups.sftp_host_key, for that replica")
    wanted = parser.parse_args()
    keys = {"sftp_key": wanted.sftp_key, "sftp_host_key": wanted.sftp_host_key}
    elsewhere = Backups(litestream_url=wanted.replica, **keys) if wanted.replica else None
    failed = False
    for replica in (True,) if elsewhere else (False, True):
        print("from the replica" if replica else "from copies", "seed", wanted.seed, flush=True)
        tally = Tally(wanted.seed)
        with tempfile.TemporaryDirectory(prefix="watchbill-lost-") as name:
            folder = Path(name)
            place = (elsewhere or in_folder(folder)) if replica else None
            with Workspace(folder, settings(folder, place)) as workspace:
                workspace.forgive("messages")
                try:
                    lose_often(workspace, tally, wanted.losses if elsewhere else wanted.losses // 2, place)
                finally:
                    print(tally.table, flush=True)
        failed = failed or bool(tally.findings)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
