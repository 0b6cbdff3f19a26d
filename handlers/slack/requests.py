"""HTTP mode: what Slack posts to `/slack/events`, let in by its signature, answered by Bolt, and counted.

The same port as the sockets', so that starting, health and stopping need not know which of the two is there.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot import log
from handlers.slack.in_flight import InFlight

# A request is good for so long: whoever has recorded one may send it again until then, and is answered as before.
_STALE_SECONDS = 300.0
_log = log.get("requests")


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over HTTP."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class NotLetIn(Exception):
    """The request is not one that Slack has just signed; `status` and a sentence that says why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def check_signature(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> None:
    """Raise NotLetIn unless Slack signed these very bytes within five minutes of `now`, in epoch seconds."""
    stamp, given = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not stamp or not given:
        raise NotLetIn(400, "The request is not signed: Slack's X-Slack-Signature and its timestamp are missing.")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16):
        raise NotLetIn(400, "X-Slack-Request-Timestamp is not a number of seconds.")
    ours = "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, sha256).hexdigest()
    if not hmac.compare_digest(ours.encode(), given.encode()):
        raise NotLetIn(401, "The signature is wrong: is SLACK_SIGNING_SECRET the one under Basic Information?")
    if abs(now - int(stamp)) > _STALE_SECONDS:
        raise NotLetIn(401, "The request was signed more than five minutes away from this machine's clock.")


class Requests:
    """Requests from Slack; `secret` is the signing secret of the app, `now` the machine's time."""

    def __init__(self, app: AsyncApp, secret: str, now: Callable[[], datetime]) -> None:
        self._app, self._secret, self._now = app, secret, now
        self._open = False
        self._answering = InFlight()

    async def open(self) -> None:
        """From now on requests are answered; who comes earlier is told to come again."""
        self._open = True

    async def answer(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request; the names of its headers in lower case."""
        try:
            check_signature(self._secret, headers, body, self._now().timestamp())
            request = _request(headers, body)
        except NotLetIn as refused:
            _log.warning("request refused", status=refused.status, why=str(refused), bytes=len(body))
            return Answer(refused.status, json.dumps({"error": str(refused)}), {"content-type": "application/json"})
        if not self._open:
            return Answer(503, "Watchbill is starting or stopping.")
        self._answering.began()
        try:
            return await self._dispatch(request)
        finally:
            self._answering.ended()

    async def _dispatch(self, request: AsyncBoltRequest) -> Answer:
        done = await self._app.async_dispatch(request)
        sent: dict[str, Any] = dict(done.first_headers_without_set_cookie())
        return Answer(done.status, done.body or "", {name: str(value) for name, value in sent.items()})

    @property
    def in_flight(self) -> int:
        """How many are being answered."""
        return self._answering.count

    async def connected(self) -> int:
        """How many ways to us are open: one, or none."""
        return int(self._open)

    async def drain(self) -> None:
        """Wait until everything received is answered, at most three seconds."""
        await self._answering.drain()

    async def close(self) -> None:
        """Take nothing more, and finish what came in meanwhile."""
        self._open = False
        await self.drain()


def _request(headers: Mapping[str, str], body: bytes) -> AsyncBoltRequest:
    try:
        return AsyncBoltRequest(body=body.decode(), headers=dict(headers))
    except ValueError as error:  # Neither JSON nor a form, or not even UTF-8.
        raise NotLetIn(400, "The body can't be read.") from error
