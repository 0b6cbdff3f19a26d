"""`/slack/events`: who is let in, and what everybody else is told."""

import asyncio
import hmac
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.clock import SystemClock
from handlers.slack.requests import Requests
from handlers.web.app import Health, web_app
from handlers.web.server import WebServer
from handlers.web.slack import slack_router
from tests.support.slack_peer import OUR_USER

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
COMMAND = b"command=%2Fincident&text=list&team_id=T1&user_id=U1&trigger_id=1.2"
BIGGEST = 1024 * 1024


def now() -> float:
    return SystemClock().now().timestamp()


def signed(body: bytes, stamp: float | str, secret: str = SECRET) -> dict[str, str]:
    text = stamp if isinstance(stamp, str) else str(int(stamp))
    found = hmac.new(secret.encode(), f"v0:{text}:".encode() + body, sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": text, "X-Slack-Signature": f"v0={found}"}


@dataclass
class Served:
    """A web server on this machine, and how often something was done behind it."""

    url: str
    session: aiohttp.ClientSession
    requests: Requests
    done: int = 0

    async def post(self, body: Any, headers: dict[str, str]) -> tuple[int, str]:
        async with self.session.post(self.url, data=body, headers={**FORM, **headers}) as answer:
            return answer.status, await answer.text()

    async def posted_now(self, body: bytes, **more: str) -> tuple[int, str]:
        return await self.post(body, {**signed(body, now()), **more})


async def _nothing_wrong() -> list[str]:
    return []


@asynccontextmanager
async def served(*, opened: bool = True) -> AsyncIterator[Served]:
    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id=OUR_USER, bot_token="xoxb-1")

    async def list_incidents(ack: AsyncAck) -> None:
        here.done += 1
        await ack(text="No incident is open.")

    bolt = AsyncApp(authorize=authorize, process_before_response=True, request_verification_enabled=False)
    bolt.command("/incident")(list_incidents)
    requests = Requests(bolt, SECRET, SystemClock().now)
    if opened:
        await requests.open()
    app = web_app(Health(alive=_nothing_wrong, ready=_nothing_wrong), None)
    app.include_router(slack_router(requests.answer))
    server = WebServer(app, "127.0.0.1", 0)
    serving = asyncio.create_task(server.serve())
    await server.listening.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    async with aiohttp.ClientSession() as session:
        here = Served(f"http://127.0.0.1:{port}/slack/events", session, requests)
        yield here
    server.end()
    await serving


def run(work: Callable[[Served], Awaitable[None]], *, opened: bool = True) -> None:
    async def within() -> None:
        async with served(opened=opened) as here:
            await work(here)

    asyncio.run(within())


def test_what_slack_signs_is_answered_and_a_replay_within_five_minutes_is_let_in_too() -> None:
    async def work(here: Served) -> None:
        headers = signed(COMMAND, now() - 250)
        for _ in range(2):
            status, text = await here.post(COMMAND, headers)
            assert (status, "No incident is open." in text) == (200, True)
        assert here.done == 2  # What is done once is a matter of the inbox: tests/scenarios/test_http_mode.py.

    run(work)


def bad() -> Iterator[Any]:
    stamp = now()
    good = signed(COMMAND, stamp)
    yield pytest.param({}, 400, "not signed", id="unsigned")
    yield pytest.param({**good, "X-Slack-Signature": ""}, 400, "not signed", id="no signature")
    yield pytest.param(signed(COMMAND, "soon"), 400, "not a number", id="no number")
    yield pytest.param(signed(COMMAND, "9" * 40), 400, "not a number", id="a number without end")
    yield pytest.param(signed(COMMAND, stamp, "another secret"), 401, "SLACK_SIGNING_SECRET", id="another secret")
    yield pytest.param(signed(COMMAND + b" ", stamp), 401, "signature is wrong", id="another body")
    yield pytest.param({**good, "X-Slack-Signature": "v0=é"}, 401, "signature is wrong", id="not ASCII")
    yield pytest.param({**good, "X-Slack-Request-Timestamp": str(int(stamp) + 1)}, 401, "wrong", id="another time")


@pytest.mark.parametrize(("headers", "status", "why"), list(bad()))
def test_what_slack_did_not_sign_is_refused_with_a_sentence(headers: dict[str, str], status: int, why: str) -> None:
    async def work(here: Served) -> None:
        found, text = await here.post(COMMAND, headers)
        assert (found, why in json.loads(text)["error"]) == (status, True), text
        assert here.done == 0

    run(work)


@pytest.mark.parametrize("ago", [301, -302, 86_400])
def test_a_stale_timestamp_is_refused(ago: int) -> None:
    async def work(here: Served) -> None:
        status, text = await here.post(COMMAND, signed(COMMAND, now() - ago))
        assert (status, "five minutes" in text) == (401, True)
        assert here.done == 0

    run(work)


def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(BIGGEST // 65_536 + 1):
            yield b"x" * 65_536

    async def work(here: Served) -> None:
        for body in (io.BytesIO(b"x" * (BIGGEST + 1)), chunks()):
            status, text = await here.post(body, signed(b"", now()))
            assert (status, "1 MB" in text) == (413, True)

    run(work)


def test_no_body_and_bodies_that_cannot_be_read() -> None:
    async def work(here: Served) -> None:
        assert (await here.posted_now(b""))[0] == 400
        for body in (b"{", b"payload=%7B", b"\xff\xfe"):
            status, text = await here.posted_now(body, **{"Content-Type": "application/json"})
            assert status in (400, 404), (body, text)
        async with here.session.get(here.url) as answer:
            assert answer.status == 405
        assert here.done == 0

    run(work)


def test_the_challenge_is_given_back_only_when_it_is_signed() -> None:
    async def work(here: Served) -> None:
        body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"}).encode()
        as_json = {"Content-Type": "application/json"}
        status, text = await here.posted_now(body, **as_json)
        assert (status, "3eZbrw1a" in text) == (200, True)
        status, text = await here.post(body, as_json)
        assert (status, "3eZbrw1a" in text) == (400, False)

    run(work)


def test_before_it_opens_and_after_it_closed_slack_is_told_to_come_again() -> None:
    async def work(here: Served) -> None:
        assert (await here.posted_now(COMMAND))[0] == 503
        assert await here.requests.connected() == 0
        await here.requests.open()
        assert (await here.posted_now(COMMAND))[0] == 200
        assert await here.requests.connected() == 1
        await here.requests.close()
        assert (await here.posted_now(COMMAND))[0] == 503
        assert here.done == 1

    run(work, opened=False)
