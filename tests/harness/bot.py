"""The bot's process, its database and what it printed."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.harness.doors import Doors, Json

Row = sqlite3.Row


class Bot:
    """The bot as its operator sees it."""

    def __init__(self, doors: Doors, folder: Path, settle: Callable[[], None]) -> None:
        self._doors, self._settle = doors, settle
        self.database = folder / "watchbill.db"
        self.log_file = folder / "bot.log"

    @property
    def state(self) -> str:
        """running, stopped or starting."""
        return str(self._doors.get("/control/bot")["state"])

    @property
    def url(self) -> str:
        """Where the bot serves its own doors."""
        return str(self._doors.get("/control/bot")["url"])

    def start(self, until: str = "ready") -> None:
        """Start it, and wait until it is `ready` (`alive` while Slack is away) and has done what was left over."""
        shown = self._doors.control("bot", do="start", until=until)
        assert shown["state"] == "running", f"the bot did not start: {shown['exit_code']} {shown['log'][-5:]}"
        self._settle()

    def stop(self) -> None:
        """SIGTERM, and wait for its end."""
        self._doors.control("bot", do="stop")

    def kill(self) -> None:
        """SIGKILL."""
        self._doors.control("bot", do="kill")

    def restart(self) -> None:
        """Stop and start."""
        self.stop()
        self.start()

    def rows(self, query: str, *values: Any) -> list[Row]:
        """What the database holds, read only."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=5)) as database:
            database.row_factory = sqlite3.Row
            return database.execute(query, values).fetchall()

    def one(self, query: str, *values: Any) -> Any:
        """The only column of the only row."""
        rows = self.rows(query, *values)
        assert len(rows) == 1, f"{query} has {len(rows)} rows"
        return rows[0][0]

    def unfinished(self) -> list[str]:
        """What is still in the outbox."""
        if not self.database.exists():
            return []
        rows = self.rows(
            "SELECT key, state, error FROM outbox WHERE state IN ('pending', 'sending', 'failed') ORDER BY id"
        )
        return [f"{row['key']} {row['state']} {row['error'] or ''}".strip() for row in rows]

    def events(self) -> list[Json]:
        """What it logged; a line that is no event is shown as `{"level": "error", "event": line}`."""
        if not self.log_file.exists():
            return []
        # Who is killed after a line and before its end leaves the next one beside it.
        lines = self.log_file.read_text(errors="replace").replace('}{"', '}\n{"').splitlines()
        return [_event(line) for line in lines if line.strip()]

    def troubles(self) -> list[Json]:
        """Events of level error and critical, and exceptions."""
        bad = {"error", "critical", "exception"}
        return [event for event in self.events() if event.get("level") in bad or "exception" in event]


def _event(line: str) -> Json:
    try:
        event = json.loads(line)
    except ValueError:
        return {"level": "error", "event": line}
    return event if isinstance(event, dict) else {"level": "error", "event": line}
