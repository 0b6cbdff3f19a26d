"""The parts of the sandbox, put together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sandbox.bot_process import BotPlan, BotProcess
from sandbox.child import Launch, execute
from sandbox.clock import Clock, Timetable
from sandbox.delivery import Delivery
from sandbox.events import Events
from sandbox.facts import BOT_SCOPES
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.hooks import Hooks
from sandbox.http_mode import HttpMode
from sandbox.identity import BOT_ID, BOT_NAME, BOT_USER, TEAM_DOMAIN, TEAM_ID, TEAM_NAME, Json
from sandbox.limits import Limits, Mode
from sandbox.log import Log
from sandbox.scheduled import Schedule
from sandbox.socket_mode import SocketMode
from sandbox.tasks import Activity, Tasks
from sandbox.triggers import Triggers
from sandbox.views import Views
from sandbox.workspace import Workspace

FURTHER_SCOPES = frozenset({"commands", "app_mentions:read", "chat:write.public", "chat:write.customize"})
"""Those that no method asks for, yet that open something."""

COMMANDS: list[Json] = [
    {
        "command": "/incident",
        "description": "Declare and run incidents",
        "usage_hint": "[declare | list | severity | resolve | rota | help]",
    }
]

SHORTCUTS: list[Json] = [
    {
        "name": "Declare an incident",
        "type": "global",
        "callback_id": "declare",
        "description": "Open the form for a new incident",
    },
    {
        "name": "Declare an incident",
        "type": "message",
        "callback_id": "declare-from-message",
        "description": "Open the form with what this message says",
    },
    {
        "name": "Add to the timeline",
        "type": "message",
        "callback_id": "add-to-timeline",
        "description": "Keep this message in the incident's timeline",
    },
]

GroupMode = Literal["ok", "permission_denied", "plan_upgrade_required"]
"""Whether the bot may change user groups, and whether the workspace has paid for them."""


@dataclass(frozen=True)
class Options:
    """What the command line decides."""

    state_file: Path
    host: str = "127.0.0.1"
    port: int = 0
    with_bot: bool = True
    bot_command: str | None = None
    limits: Mode = "slack"
    request_url: str | None = None
    """Where the app takes requests in HTTP mode; empty: at our child's own address. None is Socket Mode."""
    launch: Launch = execute
    """How the process of the bot is started."""


class World:
    """One sandbox. Everything that talks to it goes through here."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.clock = Clock()
        self.timetable = Timetable(self.clock)
        self.activity = Activity()
        self.tasks = Tasks()
        self.log = Log(self.clock)
        self.limits = Limits(self.clock, options.limits)
        self.faults = Faults()
        self.workspace = Workspace(self.clock)
        self.schedule = Schedule(self.workspace, self.timetable)
        self.triggers = Triggers(self.clock)
        self.views = Views(self.workspace)
        self.hooks = Hooks(self.workspace)
        self.files = Files(self.workspace)
        self.sockets = SocketMode(self.clock, self.log, self.faults, self.activity)
        http = options.request_url is not None
        plan = BotPlan(options.bot_command, options.state_file.parent, launch=options.launch, http=http)
        self.bot = BotProcess(plan, lambda: self.clock.offset)
        self.requests = HttpMode(
            lambda: options.request_url or self.bot.request_url, self.clock, self.log, self.faults, self.activity
        )
        self.app: Delivery = self.requests if http else self.sockets
        """What payloads go to the app by."""
        self.events = Events(self.clock, self.timetable, self.app, self.activity, self.tasks)
        self.scopes: frozenset[str] = BOT_SCOPES | FURTHER_SCOPES
        self.commands = COMMANDS
        self.shortcuts = SHORTCUTS
        self.group_mode: GroupMode = "ok"
        self.revoked = ""
        """What Slack calls it; empty while the token is good."""
        self.base_url = ""
        self.bot_next_due: float | None = None
        self.last_command: Json | None = None
        self.last_interaction: Json | None = None
        self.toast: Callable[[str, str, str], None] = lambda user, text, level: None
        self.workspace.event_sink = self.events.emit
        self.events.granted = lambda: self.scopes
        self.sockets.kill_bot = self.requests.kill_bot = self.bot.kill
        self.sockets.on_change = self.faults.on_change = self.workspace_changed
        self.bot.on_change = self._bot_changed
        self._bot_was = self.bot.state

    def workspace_changed(self) -> None:
        """Tell the clients that the frame `workspace` is another."""
        self.workspace.changed("workspace")

    def _bot_changed(self) -> None:
        if self.bot.state != self._bot_was:
            self._bot_was = self.bot.state
            self.log.add("bot", self.bot.state, args={"exit_code": self.bot.shown()["exit_code"]})
        self.workspace_changed()

    def listen_at(self, base_url: str) -> None:
        """The server listens there now."""
        self.base_url = self.hooks.base_url = self.files.base_url = base_url
        self.bot.api_url = f"{base_url}/api/"

    @property
    def offered_shortcuts(self) -> list[Json]:
        """Those that people see: none without the scope that they need."""
        return self.shortcuts if "commands" in self.scopes else []

    def grant(self, scopes: Iterable[str]) -> None:
        """The bot has these scopes from now on."""
        self.scopes = frozenset(scopes)

    def clock_shown(self) -> Json:
        """The clock and the next thing due: the bot's, as last heard, or a scheduled message."""
        due = [moment for moment in (self.bot_next_due, self.schedule.next_due()) if moment is not None]
        return {"now": self.clock.now(), "offset": self.clock.offset, "next_due": min(due, default=None)}

    def shown(self) -> Json:
        """The frame `workspace`."""
        return {
            "kind": "workspace",
            "team": {"id": TEAM_ID, "name": TEAM_NAME, "domain": TEAM_DOMAIN},
            "bot": {"id": BOT_ID, "user_id": BOT_USER, "name": BOT_NAME, "state": self.bot_state()},
            "clock": self.clock_shown(),
            "limits": self.limits.mode,
            "faults": [rule.shown() for rule in self.faults.rules if not rule.spent],
            "commands": self.commands,
            "shortcuts": self.offered_shortcuts,
            "usergroups": self.group_mode,
        }

    def bot_state(self) -> str:
        """Of our child; a bot that somebody else started runs while it has a socket."""
        return "running" if not self.bot.alive and self.app.connections else self.bot.state
