"""/ui/live: a browser's WebSocket, which gets each change once it may be seen."""

import asyncio
import contextlib
from collections.abc import Iterator

from aiohttp import WSMsgType, web

from sandbox import frames
from sandbox.errors import SlackError
from sandbox.identity import Json
from sandbox.settle import ask_next_due
from sandbox.workspace import Change
from sandbox.world import World

MOST_WAITING = 20_000
"""Frames after the first ones; a browser that takes none for so long is let go."""

LOOK = 1.0
"""Real seconds between two questions to the bot about what is due."""


class Viewer:
    """One connection of one person. Changes are gathered until the loop comes round, so that a storm is cheap."""

    def __init__(self, world: World, user: str) -> None:
        self._world = world
        self.user = user
        self._changes: dict[Change, None] = {}
        self.queue: asyncio.Queue[Json] = asyncio.Queue()

    def put(self, frame: Json) -> None:
        """Send a frame in its turn."""
        self.queue.put_nowait(frame)

    def note(self, change: Change) -> None:
        """Something changed."""
        if not self._changes:
            asyncio.get_running_loop().call_soon(self._flush)
        self._changes[change] = None

    def _flush(self) -> None:
        changes, self._changes = self._changes, {}
        for change in changes:
            for frame in self._frames(change):
                self.put(frame)

    def _frames(self, change: Change) -> Iterator[Json]:
        match change.kind:
            case "workspace" | "scheduled":
                yield self._world.shown()
            case "person":
                yield frames.person_frame(self._world.workspace.people[change.subject])
            case "usergroup":
                yield frames.usergroup_frame(self._world.workspace.usergroups[change.subject])
            case "view" if change.subject == self.user:
                yield frames.view_frame(self._world, self.user)
            case "home" if change.subject == self.user:
                yield frames.home_frame(self._world, self.user)
            case "channel_deleted":
                yield {"kind": "channel_deleted", "id": change.subject}
            case "ephemeral" | "ephemeral_deleted" if change.subject == self.user:
                yield from self._ephemeral(change)
            case "channel" | "membership" | "message" | "message_deleted":
                yield from self._in_channel(change)

    def _ephemeral(self, change: Change) -> Iterator[Json]:
        if change.kind == "ephemeral_deleted":
            channel, _, ts = change.ts.partition("/")
            yield {"kind": "message_deleted", "channel": channel, "ts": ts}
        elif message := self._world.workspace.ephemerals.get(self.user, {}).get(change.ts):
            yield frames.message_frame(message)

    def _in_channel(self, change: Change) -> Iterator[Json]:
        workspace = self._world.workspace
        channel = workspace.channels.get(change.subject)
        if channel is None:
            return
        if change.kind == "membership" and change.ts == self.user and workspace.may_see(self.user, channel):
            yield from frames.channel_frames(self._world, channel, self.user)
        elif change.kind == "membership" and change.ts == self.user:
            # Whoever has been put out of a private channel learns that, and nothing more of it.
            yield {**frames.channel_frame(channel, self.user), "members": [], "topic": "", "pins": [], "bookmarks": []}
        elif not workspace.may_see(self.user, channel):
            return
        elif change.kind == "message_deleted":
            yield {"kind": "message_deleted", "channel": channel.id, "ts": change.ts}
        elif change.kind == "message" and change.ts in channel.messages:
            yield frames.message_frame(channel.messages[change.ts])
        else:
            yield frames.channel_frame(channel, self.user)


class Live:
    """All connected browsers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._viewers: set[Viewer] = set()
        self._sockets: set[web.WebSocketResponse] = set()
        world.workspace.watchers.append(self._changed)
        world.log.watchers.append(self._logged)
        world.toast = self.toast

    def _changed(self, change: Change) -> None:
        for viewer in self._viewers:
            viewer.note(change)

    def _logged(self, entry: Json) -> None:
        for viewer in self._viewers:
            viewer.put({"kind": "log", "entry": entry})

    def toast(self, user: str, text: str, level: str) -> None:
        """A short notice for one person."""
        for viewer in self._viewers:
            if viewer.user == user:
                viewer.put({"kind": "toast", "text": text, "level": level})

    def _user(self, request: web.Request) -> str:
        try:
            return self._world.workspace.person(request.query.get("as", "")).id
        except SlackError:
            raise web.HTTPNotFound(text="there is no such person") from None

    async def snapshot(self, request: web.Request) -> web.Response:
        """GET /ui/snapshot: the same frames as a list."""
        return web.json_response(list(frames.snapshot(self._world, self._user(request))))

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """GET /ui/live, until the browser goes."""
        viewer = Viewer(self._world, self._user(request))
        ws = web.WebSocketResponse(heartbeat=30)
        await ws.prepare(request)
        for frame in frames.snapshot(self._world, viewer.user):
            viewer.put(frame)
        self._viewers.add(viewer)
        self._sockets.add(ws)
        writer = asyncio.create_task(self._write(ws, viewer))
        try:
            async for message in ws:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            self._viewers.discard(viewer)
            self._sockets.discard(ws)
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
        return ws

    async def _write(self, ws: web.WebSocketResponse, viewer: Viewer) -> None:
        ready = False
        with contextlib.suppress(ConnectionError):
            while not (ready and viewer.queue.qsize() > MOST_WAITING):
                frame = await viewer.queue.get()
                ready = ready or frame["kind"] == "ready"
                await ws.send_json(frame)
            await ws.close()

    async def watch_due(self) -> None:
        """Keep the frame `workspace` telling what is due next, while somebody looks."""
        seen = 0
        while True:
            await asyncio.sleep(LOOK)
            if self._viewers and self._world.log.last != seen:
                seen, before = self._world.log.last, self._world.bot_next_due
                await ask_next_due(self._world)
                if self._world.bot_next_due != before:
                    self._world.workspace_changed()

    async def close(self) -> None:
        """Let all browsers go."""
        await asyncio.gather(*(ws.close(code=1001) for ws in list(self._sockets)))
