"""HTTP mode: signed requests to the app's one URL, as Slack sends them, and what it answers within three seconds."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.identity import SIGNING_SECRET, Json
from sandbox.log import Log, shortened
from sandbox.socket_mode import ACK_LIMIT, Ack, kind_of
from sandbox.tasks import Activity

CHALLENGE = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
_LOSING = frozenset({"drop", "status", "error", "ratelimited"})
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"


def signed(body: bytes, stamp: int, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """The two headers by which an app knows that Slack sent these bytes at this second."""
    found = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(stamp), "X-Slack-Signature": f"v0={found}"}


class HttpMode:
    """Posts each payload to the URL that `url` gives; empty: nobody is there."""

    def __init__(self, url: Callable[[], str], clock: Clock, log: Log, faults: Faults, activity: Activity) -> None:
        self._url, self._clock = url, clock
        self._log, self._faults, self._activity = log, faults, activity
        self._session: aiohttp.ClientSession | None = None
        self._verified = ""
        self.ack_limit = ACK_LIMIT
        self.kill_bot: Callable[[], Awaitable[None]] = _nobody

    @property
    def connections(self) -> int:
        """One, while there is somewhere to post to."""
        return int(bool(self._url()))

    async def send(self, kind: str, payload: Json, retry: Json | None = None) -> Ack:
        """Post one payload and wait for the answer."""
        with self._activity.doing("request"):
            began = self._clock.elapsed()
            body, content_type = _encoded(kind, payload)
            ack = await self._posted(body, {"Content-Type": content_type, **_retry(retry or {})})
            error = None if ack.outcome == "acked" else ack.outcome
            spent = round((self._clock.elapsed() - began) * 1000, 1)
            args = {"kind": kind_of(payload), **(retry or {})}
            self._log.add("request", kind, ok=error is None, error=error, args=args, ms=spent)
            return ack

    async def _posted(self, body: bytes, headers: Mapping[str, str]) -> Ack:
        url = "" if self._faults.down else self._url()
        if not url:
            return Ack("no_socket")
        try:
            async with asyncio.timeout(self.ack_limit):
                if self._verified != url and not await self._verify(url):
                    return Ack("refused")
                status, answer = await self._post(url, body, headers)
        except TimeoutError:
            return Ack("timeout")
        except aiohttp.ClientConnectorError:
            return Ack("no_socket")
        except aiohttp.ClientError:
            return Ack("closed")
        return await self._acked(Ack("acked", answer) if 200 <= status < 300 else Ack("refused"))

    async def _acked(self, ack: Ack) -> Ack:
        rules = self._faults.hit("ack")
        await asyncio.sleep(sum(rule.seconds for rule in rules if rule.do == "delay"))
        kills = [rule.phase for rule in rules if rule.do == "kill_bot"]
        lost = "before" in kills or any(rule.do in _LOSING for rule in rules)
        self._log.add("ack", "http", ok=not lost, args=shortened(ack.payload or {}))
        if kills:
            await self.kill_bot()
        return Ack("timeout") if lost else ack

    async def _verify(self, url: str) -> bool:
        """As when somebody saves the URL in the app's settings: it must give the challenge back."""
        body = json.dumps({"token": "sandbox", "challenge": CHALLENGE, "type": "url_verification"}).encode()
        status, answer = await self._post(url, body, {"Content-Type": _JSON})
        good = status == 200 and CHALLENGE in (answer or {}).values()
        self._log.add("request", "url_verification", ok=good)
        self._verified = url if good else ""
        return good

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Json | None]:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        # Not the time of the sandbox: the bot compares it with the machine's.
        stamp = int(self._clock.now() - self._clock.offset)
        sent = {"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", **signed(body, stamp), **headers}
        async with self._session.post(url, data=body, headers=sent, max_redirects=2) as answer:
            return answer.status, _read(await answer.text(), answer.content_type)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()


async def _nobody() -> None:
    """No bot of ours to kill."""


def _encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    match kind:
        case "slash_commands":
            return urlencode(payload).encode(), _FORM
        case "interactive":
            return urlencode({"payload": json.dumps(payload)}).encode(), _FORM
    return json.dumps(payload).encode(), _JSON


def _retry(retry: Json) -> dict[str, str]:
    if not retry.get("retry_attempt"):
        return {}
    return {"X-Slack-Retry-Num": str(retry["retry_attempt"]), "X-Slack-Retry-Reason": str(retry["retry_reason"])}


def _read(text: str, content_type: str) -> Json | None:
    """The answer as an object; plain text is the text of a message."""
    if not text:
        return None
    if content_type != _JSON:
        return {"text": text}
    try:
        found: Any = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
