"""The workspace of a test: the sandbox, the bot, people and places."""

import json
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from bot.manifest import EVENTS, OPTIONAL_SCOPES, SCOPES, SHORTCUTS
from tests.harness.bot import Bot
from tests.harness.calls import Call
from tests.harness.clock import Clock
from tests.harness.doors import Doors, Json
from tests.harness.faults import Faults
from tests.harness.leaving import complaints, report
from tests.harness.ledger import Ledger
from tests.harness.message import readable
from tests.harness.person import Person
from tests.harness.place import Place
from tests.harness.scene import Scene
from tests.harness.server import Server
from tests.harness.template import empty_database

Result = TypeVar("Result")
BEGINNING = datetime(2030, 1, 5, 19, 0, tzinfo=UTC)
"""When the story of a test begins: a Saturday evening in London, long before any clock changes. Begun by the real time,
the same test would meet a duty hand-over, a night or a weekend on some days and not on others."""
# What comes by the clock alone, by the words that ask for it in a story's settings: off unless they stand there.
UNASKED = {
    "[digest": ("WATCHBILL_DIGEST", '{"times": [], "every_hours": 0}'),
    "update_every_minutes": (
        "WATCHBILL_SEVERITIES",
        json.dumps({f"sev{number}": {"update_every_minutes": 0} for number in (1, 2, 3, 4)}),
    ),
}


class Workspace:
    """A Slack workspace with the bot in it. Leaving it checks that nothing happened that the test did not expect."""

    def __init__(
        self,
        folder: Path,
        config: str | None = None,
        limits: str = "relaxed",
        env: Mapping[str, str] | None = None,
        *,
        migrated: bool = True,
        forked: bool = True,
        mode: str = "socket",
        bot_command: str = "",
    ) -> None:
        """`forked` says how processes begin: see server.py. `mode` is socket or http: how Slack reaches the bot.

        `bot_command` starts the bot, if not this Python's `-m bot run`.
        """
        self.mode = mode
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if migrated and not (folder / "watchbill.db").exists():
            shutil.copy(empty_database(), folder / "watchbill.db")
        self.unasked = {name: off for words, (name, off) in UNASKED.items() if words not in (config or "")}
        given = {**self.unasked, **(env or {})}
        if config is not None:
            path = folder / "watchbill.toml"
            path.write_text(config, encoding="utf-8")
            given["WATCHBILL_CONFIG"] = str(path)
        # A folder that somebody has prepared has a time of its own.
        self._begins = None if (folder / "workspace.json").exists() else BEGINNING
        self._limits, self._env, self._forked, self._bot_command = limits, given, forked, bot_command
        self.ledger = Ledger()
        self.failed = False
        """Set when the test has failed already: then the leaving adds nothing to it but the ends of the logs."""
        self.forgiven: set[str] = set()
        self.expected_troubles: list[str] = []
        self._people: dict[str, Person] = {}
        self._places: dict[str, Place] = {}
        self._names: dict[str, str] = {}

    def __enter__(self) -> Self:
        how = {"forked": self._forked, "http": self.mode == "http"}
        self.server = Server(self.folder, self._limits, self._env, **how, bot_command=self._bot_command)
        self.doors = Doors(self.server.url)
        self.clock = Clock(self.doors)
        self.faults = Faults(self.doors)
        self.bot = Bot(self.doors, self.folder, self.settle)
        if self._begins:
            self.clock.leap(self._begins)
        # The app as our own manifest makes it: whatever the bot needs beyond it fails here first.
        granted = [*SCOPES, *OPTIONAL_SCOPES]
        self.doors.control("scopes", scopes=granted, events=list(EVENTS), shortcuts=list(SHORTCUTS))
        try:
            self.bot.start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        found: list[str] = []
        try:
            if error is None and not self.failed:
                found = complaints(self)
            if error or self.failed or found:
                sys.stdout.write(report(self))
        finally:
            self._end()
        assert not found, "\n".join(found)

    def _end(self) -> None:
        self.doors.close()
        self.server.kill()

    def person(self, handle: str) -> Person:
        """Somebody; always the same object for the same handle."""
        return self._people.setdefault(handle, Person(self, handle))

    def channel(self, name: str) -> Place:
        """A channel by its name; it may come to be later."""
        wanted = "#" + name.lstrip("#")
        return self._places.setdefault(wanted, Place(self, wanted))

    def dm(self, handle: str) -> Place:
        """The direct messages between the bot and somebody."""
        return self._places.setdefault(f"@{handle}", Place(self, f"@{handle}", dm_with=handle))

    def forgive(self, *what: str) -> None:
        """Don't look at `messages`, the `outbox` or the `log` when leaving; messages when nothing is named."""
        self.forgiven |= set(what or ("messages",))

    def expects_trouble(self, event: str) -> None:
        """An event of level error with this text in bot.log is part of the story."""
        self.expected_troubles.append(event)

    def settle(self) -> None:
        """Wait until nothing is under way."""
        settled = self.doors.control("settle")
        assert settled["settled"], f"it did not become quiet: {settled['why']}"

    def together(self, *deeds: Callable[[], Result]) -> list[Result]:
        """Do several things at the same time, each in a thread; what they gave, in order."""
        with ThreadPoolExecutor(len(deeds)) as pool:
            return [deed.result() for deed in [pool.submit(deed) for deed in deeds]]

    def mark(self) -> int:
        """Where the sandbox's log stands."""
        return int(self.doors.get("/control/log", since=str(10**9))["last"])

    def calls(self, since: int = 0, method: str = "", what: str = "api") -> list[Call]:
        """What the bot asked of Slack since a mark; `what=""` is everything that was logged."""
        entries = self.doors.get("/control/log", since=str(since))["entries"]
        return [Call.of(entry) for entry in entries if what in ("", entry["what"]) and method in ("", entry["method"])]

    def redeliver(self, what: str = "last_command") -> str:
        """The same payload once more: what it was answered, readable."""
        again = self.doors.control("redeliver", what=what)
        self.settle()
        assert again["outcome"] == "acked", again
        return self.readable((again.get("payload") or {}).get("text", ""))

    def sockets(self, do: str) -> None:
        """`refresh`, `drop` or `abort` Socket Mode connections."""
        self.doors.control("sockets", do=do)

    def reconnected(self, connections: int = 2) -> None:
        """Wait until the bot has so many connections again: it looks after them every few real seconds."""
        found = self.doors.control("connected", connections=connections)["connections"]
        assert found >= connections, "the bot did not connect again"
        self.settle()

    def change_person(self, handle: str, **changes: Any) -> None:
        """Change somebody's account: `deleted`, `tz`, `name`."""
        self.doors.control("person", user=handle, **changes)
        self.settle()

    def revoke_token(self, revoked: bool) -> None:
        """Take the bot's token away, or give it back."""
        self.doors.control("token", revoked=revoked)

    def remove_app(self) -> None:
        """Take the app out of the workspace; `revoke_token(False)` puts it back."""
        self.doors.control("token", removed=True)

    @property
    def state(self) -> Json:
        """Everything in the workspace."""
        state: Json = self.doors.get("/control/state")
        self._names = {one["id"]: one["handle"] for one in state["people"]}
        self._names |= {one["id"]: one["name"] for one in state["channels"]}
        self._names |= {one["id"]: one["handle"] for one in state["usergroups"]}
        return state

    def scene(self, handle: str) -> Scene:
        """What somebody sees."""
        return Scene(self.doors.get("/ui/snapshot", **{"as": handle}), self.name_of)

    def incident_channels(self) -> list[str]:
        """The names of all channels called inc-…, archived ones too."""
        names = [one["name"] for one in self.state["channels"] if not one["is_im"]]
        return [f"#{name}" for name in names if re.match(r"inc-\d", name)]

    def name_of(self, some_id: str) -> str:
        """`bob` for U0BOB00000, `general` for the channel."""
        if some_id not in self._names:
            _ = self.state
        return self._names.get(some_id) or some_id

    def channel_id(self, name: str) -> str:
        """The id of a channel by its name, id or, with a `@`, of the bot's DM with somebody."""
        for one in self.state["channels"]:
            if name in (one["id"], "#" + one["name"], one["name"]):
                return str(one["id"])
        if name.startswith("@"):
            return self.dm(name[1:]).id
        raise AssertionError(f"there is no channel {name}")

    def readable(self, text: str) -> str:
        """Ids as names, dates as UTC."""
        return readable(text, self.name_of)


Starter = Callable[[str], Workspace]
"""Starts a workspace whose bot has these settings, as TOML."""
