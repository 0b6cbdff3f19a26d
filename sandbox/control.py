"""/control/…: what tests and the panel of the client do to the sandbox itself."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web

from sandbox import settle, shortcuts
from sandbox.errors import SlackError, invalid_arguments
from sandbox.events import SUBSCRIPTIONS
from sandbox.group_changes import replace_users, set_disabled
from sandbox.identity import BOT_USER, Json
from sandbox.json_body import json_body
from sandbox.limits import Mode
from sandbox.log import shortened
from sandbox.membership import forget
from sandbox.people import user_object
from sandbox.socket_mode import Ack
from sandbox.state_file import dump
from sandbox.usergroup import group_object
from sandbox.world import GroupMode, World

Door = Callable[[Json], Awaitable[Json]]
_LOOK = 0.02
"""Real seconds between two looks."""


def _number(body: Json, name: str, default: float | None = None) -> float:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise invalid_arguments(f"must be a number: {name}")
    return float(value)


def _one_of(body: Json, name: str, *allowed: str) -> str:
    value = body.get(name)
    if value not in allowed:
        raise invalid_arguments(f"{name} must be one of {', '.join(allowed)}")
    return str(value)


class Control:
    """The doors, by HTTP method and name."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._doors: dict[tuple[str, str], Door] = {
            ("GET", "log"): self.log,
            ("GET", "clock"): self.clock,
            ("POST", "clock"): self.move_clock,
            ("POST", "settle"): self.settle,
            ("GET", "bot"): self.bot,
            ("POST", "bot"): self.do_bot,
            ("POST", "connected"): self.connected,
            ("GET", "faults"): self.faults,
            ("POST", "faults"): self.add_fault,
            ("DELETE", "faults"): self.clear_faults,
            ("POST", "limits"): self.limits,
            ("POST", "sockets"): self.sockets,
            ("POST", "redeliver"): self.redeliver,
            ("POST", "person"): self.person,
            ("POST", "scheduled"): self.scheduled,
            ("GET", "usergroups"): self.usergroups,
            ("POST", "usergroups"): self.set_usergroups,
            ("POST", "token"): self.token,
            ("GET", "scopes"): self.scopes,
            ("POST", "scopes"): self.set_scopes,
            ("GET", "state"): self.state,
        }

    async def serve(self, request: web.Request) -> web.Response:
        """One request."""
        name = request.match_info["door"]
        door = self._doors.get((request.method, name))
        if door is None:
            return web.json_response({"ok": False, "error": "no_such_door"}, status=404)
        body: Json = dict(request.query)
        try:
            body |= await json_body(request)
            self._note(request.method, name, body)
            return web.json_response({"ok": True, **await door(body)})
        except SlackError as error:
            return web.json_response(error.answer(), status=400)

    def _note(self, method: str, name: str, body: Json) -> None:
        # Reading and settling leave no trace, or waiting for a quiet log would never end.
        if method != "GET" and name != "settle":
            self._world.log.add("control", f"{method} {name}", args=shortened(body))

    async def log(self, body: Json) -> Json:
        """What happened since an entry."""
        since = str(body.get("since", "0"))
        if not since.isdigit():
            raise invalid_arguments("must be a number: since")
        return {"entries": self._world.log.since(int(since)), "last": self._world.log.last}

    async def clock(self, body: Json) -> Json:
        """The time."""
        await settle.ask_next_due(self._world)
        return self._world.clock_shown()

    async def move_clock(self, body: Json) -> Json:
        """Move the time."""
        now = self._world.clock.now()
        await settle.ask_next_due(self._world)
        if "advance" in body:
            target = now + _number(body, "advance")
        elif "until" in body:
            target = _number(body, "until")
        else:
            _one_of(body, "to", "next_due")
            due = self._world.clock_shown()["next_due"]
            target = now if due is None else max(now, due)
        limit = _number(body, "timeout", settle.DEFAULT_LIMIT)
        return await settle.move(self._world, target, jump=bool(body.get("jump")), limit=limit)

    async def settle(self, body: Json) -> Json:
        """Wait for quiet."""
        return await settle.settle(self._world, _number(body, "timeout", settle.DEFAULT_LIMIT))

    async def bot(self, body: Json) -> Json:
        """How the bot is."""
        await self._world.bot.notice_end()
        return self._world.bot.shown() | {"connections": self._world.app.connections}

    async def connected(self, body: Json) -> Json:
        """How the bot is once it has so many `connections`, after `timeout` real seconds at most."""
        wanted = _number(body, "connections", 1)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_number(body, "timeout", settle.DEFAULT_LIMIT)):
                # What is waited for has no one event: a connection is ready when it has been greeted.
                while self._world.app.connections < wanted:  # noqa: ASYNC110
                    await asyncio.sleep(_LOOK)
        return await self.bot(body)

    async def do_bot(self, body: Json) -> Json:
        """Start, stop or stun the bot; a start ends when it is `until` (ready, alive)."""
        deed, bot = _one_of(body, "do", "start", "stop", "kill", "pause", "resume"), self._world.bot
        if deed in ("pause", "resume"):
            bot.pause(deed == "pause")
        elif deed == "start":
            await bot.start("alive" if body.get("until") == "alive" else "ready")
        else:
            await {"stop": bot.stop, "kill": bot.kill}[deed]()
        return await self.bot(body)

    def _faults(self) -> Json:
        return {"faults": [rule.shown() for rule in self._world.faults.rules]}

    async def faults(self, body: Json) -> Json:
        """The rules."""
        return self._faults()

    async def add_fault(self, body: Json) -> Json:
        """One more rule."""
        rule = self._world.faults.add(body)
        if rule.do == "down":
            await self._world.sockets.drop()
        self._world.workspace_changed()
        return {"id": rule.id}

    async def clear_faults(self, body: Json) -> Json:
        """No more rules."""
        self._world.faults.clear()
        self._world.workspace_changed()
        return self._faults()

    async def limits(self, body: Json) -> Json:
        """Slack's limits, or none."""
        self._world.limits.set_mode(cast("Mode", _one_of(body, "mode", "slack", "relaxed")))
        self._world.workspace_changed()
        return {"mode": self._world.limits.mode}

    async def sockets(self, body: Json) -> Json:
        """Trouble for Socket Mode."""
        match _one_of(body, "do", "refresh", "drop", "abort"):
            case "refresh":
                await self._world.sockets.refresh()
            case "drop":
                await self._world.sockets.drop()
            case _:
                self._world.sockets.abort()
        return {"connections": self._world.sockets.connections}

    async def redeliver(self, body: Json) -> Json:
        """The same payload once more."""
        world = self._world
        match _one_of(body, "what", "last_command", "last_interaction", "last_event"):
            case "last_command":
                ack = await self._again("slash_commands", world.last_command)
            case "last_interaction":
                ack = await self._again("interactive", world.last_interaction)
            case _:
                ack = await world.events.repeat_last()
        if ack is None:
            raise SlackError("nothing_to_redeliver")
        return {"outcome": ack.outcome, "payload": ack.payload}

    async def _again(self, kind: str, payload: Json | None) -> Ack | None:
        return await self._world.app.send(kind, payload) if payload else None

    async def scheduled(self, body: Json) -> Json:
        """What Slack keeps for later is lost, or each has a copy that nobody knows of."""
        if _one_of(body, "do", "lose", "copy") == "lose":
            self._world.schedule.lose()
        else:
            self._world.schedule.copy()
        return {}

    async def person(self, body: Json) -> Json:
        """Change somebody's account."""
        person = self._world.workspace.person(str(body.get("user")))
        wanted: list[tuple[str, type]] = [("deleted", bool), ("tz", str), ("name", str)]
        for name, kind in wanted:
            if name in body and not isinstance(body[name], kind):
                raise invalid_arguments(f"{name} has the wrong type")
        if "tz" in body:
            _check_zone(body["tz"])
        leaves = body.get("deleted", False) and not person.deleted
        for name in ("deleted", "tz", "name"):
            setattr(person, name, body.get(name, getattr(person, name)))
        person.updated = self._world.workspace.today()
        if leaves:
            forget(self._world.workspace, person.id)
        self._world.workspace.changed("person", person.id)
        with_email = "users:read.email" in self._world.scopes
        user = user_object(person, self._world.clock.now(), with_email)
        self._world.workspace.event("user_change", {"type": "user_change", "user": user, "cache_ts": person.updated})
        return {"user": user}

    async def usergroups(self, body: Json) -> Json:
        """All groups, and how the calls for them go."""
        groups = self._world.workspace.usergroups.values()
        return {"mode": self._world.group_mode, "usergroups": [group_object(one, with_users=True) for one in groups]}

    async def set_usergroups(self, body: Json) -> Json:
        """How the calls go from now on; or, as an admin, who is in a group and whether it is in use."""
        workspace, mona = self._world.workspace, self._world.workspace.person("mona").id
        if "mode" in body:
            self._world.group_mode = cast("GroupMode", _one_of(body, "mode", *get_args(GroupMode)))
            self._world.workspace_changed()
        group = workspace.usergroup(str(body["group"])) if "group" in body else None
        if group and "users" in body:
            replace_users(workspace, group, [workspace.person(str(user)).id for user in body["users"]], mona)
        if group and "disabled" in body:
            set_disabled(workspace, group, bool(body["disabled"]), mona)
        return await self.usergroups(body)

    async def token(self, body: Json) -> Json:
        """Revoke the bot's token, remove the app altogether, or give both back."""
        removed = bool(body.get("removed"))
        self._world.revoked = "account_inactive" if removed else "token_revoked" if body.get("revoked") else ""
        if removed:
            self._world.workspace.event("app_uninstalled", {"type": "app_uninstalled"})
        if self._world.revoked:
            tokens = {"oauth": [], "bot": [BOT_USER]}
            self._world.workspace.event("tokens_revoked", {"type": "tokens_revoked", "tokens": tokens})
        return {"revoked": bool(self._world.revoked)}

    async def scopes(self, body: Json) -> Json:
        """What the app has been granted and has subscribed to."""
        world = self._world
        granted = {"scopes": sorted(world.scopes), "events": world.events.subscribed}
        return granted | {"commands": world.commands, "shortcuts": world.shortcuts}

    async def set_scopes(self, body: Json) -> Json:
        """As the app's manifest would say it."""
        with contextlib.suppress(KeyError):
            self._world.grant([str(scope) for scope in body["scopes"]])
        if "events" in body:
            self._world.events.subscribe(set(body["events"]) & SUBSCRIPTIONS.keys())
        if "commands" in body:
            self._world.commands = list(body["commands"])
        if "shortcuts" in body:
            self._world.shortcuts = shortcuts.checked(body["shortcuts"])
        self._world.workspace_changed()
        return await self.scopes(body)

    async def state(self, body: Json) -> Json:
        """Everything."""
        return dump(self._world.workspace)


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise invalid_arguments(f"there is no zone {name}") from None
