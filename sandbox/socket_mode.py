"""Socket Mode: connections, envelopes and their acks."""

import asyncio
import json
import secrets
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import WSMsgType, web

from sandbox.clock import Clock
from sandbox.errors import SlackError
from sandbox.faults import Faults
from sandbox.identity import APP_ID, Json
from sandbox.log import Log, shortened
from sandbox.tasks import Activity

MOST_CONNECTIONS = 10
ACK_LIMIT = 3.0
"""Real seconds."""
TICKET_LIFE = 30.0
_CLOSE_LIMIT = 1.0
"""Real seconds that the app has to answer a close frame: a stopped process never does."""
_GRACE = 10.0
"""Real seconds between a disconnect message and the close of that socket."""

_LOSING = frozenset({"drop", "status", "error", "ratelimited"})

Outcome = Literal["acked", "no_socket", "timeout", "closed", "refused"]


@dataclass(frozen=True)
class Ack:
    """What became of an envelope; `payload` is the app's answer."""

    outcome: Outcome
    payload: Json | None = None

    @property
    def failure(self) -> str:
        """What a person is shown when it was not acked."""
        return "dispatch_failed" if self.outcome in ("no_socket", "refused") else "operation_timeout"


@dataclass(eq=False)
class Socket:
    """One connection of the app and the envelopes it still owes an ack for."""

    ws: web.WebSocketResponse
    transport: asyncio.Transport | None
    waiting: dict[str, asyncio.Future[Ack]] = field(default_factory=dict)
    leaving: bool = False
    """Asked to be replaced: nothing more comes in on it while there is another."""

    def settle_all(self, outcome: Outcome) -> None:
        """No ack can come any more."""
        for future in self.waiting.values():
            if not future.done():
                future.set_result(Ack(outcome))


class SocketMode:
    """Gives tickets, keeps up to ten sockets, and sends each payload to any one of them."""

    def __init__(self, clock: Clock, log: Log, faults: Faults, activity: Activity) -> None:
        self._clock = clock
        self._log = log
        self._faults = faults
        self._activity = activity
        self._sockets: list[Socket] = []
        self._tickets: dict[str, float] = {}
        self._turn = 0
        self.ack_limit = ACK_LIMIT
        self.on_change: Callable[[], None] = lambda: None
        self.kill_bot: Callable[[], Awaitable[None]] = _nobody

    @property
    def connections(self) -> int:
        """How many sockets are open."""
        return len(self._sockets)

    def ticket(self) -> str:
        """Leave to connect once, soon."""
        name = secrets.token_hex(16)
        self._tickets[name] = self._clock.elapsed() + TICKET_LIFE
        return name

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, until it ends."""
        expires = self._tickets.pop(request.query.get("ticket", ""), 0.0)
        if self._faults.down or expires < self._clock.elapsed():
            return web.Response(status=503 if self._faults.down else 403)
        ws = web.WebSocketResponse(timeout=_CLOSE_LIMIT)
        await ws.prepare(request)
        if self.connections >= MOST_CONNECTIONS:
            await ws.send_json(_disconnect("too_many_websockets"))
            await ws.close()
            return ws
        socket = Socket(ws, request.transport)
        self._sockets.append(socket)
        try:
            await ws.send_json(self._hello())
            self.on_change()
            await self._listen(socket)
        finally:
            self._sockets.remove(socket)
            socket.settle_all("closed")
            self.on_change()
        return ws

    def _hello(self) -> Json:
        debug = {"host": "sandbox", "started": "", "build_number": 1, "approximate_connection_time": 3600}
        info = {"app_id": APP_ID}
        return {"type": "hello", "num_connections": self.connections, "connection_info": info, "debug_info": debug}

    async def _listen(self, socket: Socket) -> None:
        async for message in socket.ws:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                answer = json.loads(message.data)
            except ValueError:
                self._log.add("ack", "not JSON", ok=False)
                continue
            if isinstance(answer, dict) and "envelope_id" in answer:
                await self._acked(socket, answer)

    async def _acked(self, socket: Socket, answer: Json) -> None:
        name, payload = str(answer["envelope_id"]), answer.get("payload") or None
        rules = self._faults.hit("ack")
        await asyncio.sleep(sum(rule.seconds for rule in rules if rule.do == "delay"))
        kills = [rule.phase for rule in rules if rule.do == "kill_bot"]
        lost = "before" in kills or any(rule.do in _LOSING for rule in rules)
        future = socket.waiting.get(name)
        taken = future is not None and not future.done() and not lost
        if future is not None and taken:
            future.set_result(Ack("acked", payload))
        self._log.add("ack", name, ok=taken, args=shortened(payload or {}))
        if kills:
            await self.kill_bot()

    def _next_socket(self) -> Socket | None:
        alive = [socket for socket in self._sockets if not socket.ws.closed]
        if not alive:
            return None
        staying = [socket for socket in alive if not socket.leaving] or alive
        self._turn += 1
        return staying[self._turn % len(staying)]

    async def send(self, kind: str, payload: Json, retry: Json | None = None) -> Ack:
        """Send one envelope to any one socket and wait for its ack."""
        with self._activity.doing("envelope"):
            socket = None if self._faults.down else self._next_socket()
            name = str(uuid.uuid4())
            began = self._clock.elapsed()
            ack = await self._exchange(socket, name, kind, payload, retry or {}) if socket else Ack("no_socket")
            error = None if ack.outcome == "acked" else ack.outcome
            spent = round((self._clock.elapsed() - began) * 1000, 1)
            args = {"kind": kind_of(payload), **(retry or {})}
            self._log.add("envelope", kind, ok=error is None, error=error, args=args, ms=spent)
            return ack

    async def _exchange(self, socket: Socket, name: str, kind: str, payload: Json, retry: Json) -> Ack:
        future: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        socket.waiting[name] = future
        envelope = {"envelope_id": name, "payload": payload, "type": kind, **retry}
        envelope["accepts_response_payload"] = kind != "events_api"
        try:
            async with asyncio.timeout(self.ack_limit):
                await socket.ws.send_json(envelope)
                return await future
        except TimeoutError:
            return Ack("timeout")
        except ConnectionError:
            return Ack("closed")
        finally:
            del socket.waiting[name]

    async def refresh(self) -> None:
        """Ask one socket to be replaced; it is closed a while later if the app does not."""
        socket = self._next_socket()
        if socket is None:
            raise SlackError("no_socket")
        socket.leaving = True
        await socket.ws.send_json(_disconnect("refresh_requested"))
        loop = asyncio.get_running_loop()
        loop.call_later(_GRACE, lambda: socket.transport.close() if socket.transport else None)

    async def drop(self) -> None:
        """A close frame to every socket."""
        await asyncio.gather(*(socket.ws.close(code=1001) for socket in list(self._sockets)))

    def abort(self) -> None:
        """End one connection without a word."""
        socket = self._next_socket()
        if socket is None or socket.transport is None:
            raise SlackError("no_socket")
        socket.transport.abort()


async def _nobody() -> None:
    """No bot of ours to kill."""


def kind_of(payload: Json) -> str:
    event = payload.get("event")
    if isinstance(event, dict):
        return ".".join(str(event[key]) for key in ("type", "subtype") if key in event)
    return f"{payload['command']} {payload.get('text', '')}" if "command" in payload else str(payload.get("type"))


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
