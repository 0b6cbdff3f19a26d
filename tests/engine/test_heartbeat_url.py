"""The outgoing heartbeat: asked while the bot is well, and only then; a failure is told once."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web

from bot.engine.heartbeat_url import HeartbeatUrl
from tests.support.clock import MovableClock

Story = Callable[[HeartbeatUrl, aiohttp.ClientSession], Awaitable[None]]


class Watcher:
    """Who is asked, and what it answers."""

    def __init__(self) -> None:
        self.asked = 0
        self.status = 200
        self.problems: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.asked += 1
        return web.Response(status=self.status)

    def play(self, story: Story) -> None:
        async def problems() -> list[str]:
            return self.problems

        async def work() -> None:
            application = web.Application()
            application.router.add_get("/beat", self.answer)
            runner = web.AppRunner(application)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            port = runner.addresses[0][1]
            beats = HeartbeatUrl(f"http://127.0.0.1:{port}/beat", MovableClock(), problems)
            async with aiohttp.ClientSession() as session:
                await story(beats, session)
            await runner.cleanup()

        asyncio.run(work())


def test_only_a_healthy_bot_beats() -> None:
    watcher = Watcher()

    async def story(beats: HeartbeatUrl, session: aiohttp.ClientSession) -> None:
        await beats.beat(session)
        watcher.problems = ["No connection to Slack is open."]
        await beats.beat(session)
        watcher.problems = []
        await beats.beat(session)

    watcher.play(story)
    assert watcher.asked == 2


def test_an_outage_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    watcher = Watcher()

    async def story(beats: HeartbeatUrl, session: aiohttp.ClientSession) -> None:
        for watcher.status in (500, 503, 200, 200, 500):
            await beats.beat(session)

    watcher.play(story)
    captured = capsys.readouterr()
    told = captured.out + captured.err
    assert watcher.asked == 5
    assert told.count("does not answer") == 2
    assert told.count("answers again") == 1
    assert "127.0.0.1" not in told
