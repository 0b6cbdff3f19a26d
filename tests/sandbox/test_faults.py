"""Faults, the clock, the bot as a process, and what lasts."""

import asyncio
import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck
from slack_sdk.errors import SlackApiError

from tests.sandbox.harness import ADA, LITTLE_BOT, Box, run, sandbox

START = {"do": "start"}


async def post(box: Box) -> str:
    """What becomes of one message."""
    try:
        await box.api.chat_postMessage(channel="general", text="x")
    except SlackApiError as error:
        return f"{error.response.status_code} {error.response['error']}"
    except aiohttp.ClientError:
        return "dropped"
    return "ok"


@pytest.mark.parametrize(
    ("rule", "outcomes", "posted"),
    [
        ({"do": "drop"}, ["dropped", "ok"], 1),
        ({"do": "drop", "phase": "after"}, ["dropped", "ok"], 2),
        ({"do": "error", "error": "fatal_error", "nth": 2}, ["ok", "200 fatal_error", "ok"], 2),
        ({"do": "status", "status": 503, "times": 2}, ["503 internal_error", "503 internal_error", "ok"], 1),
        ({"do": "ratelimited", "retry_after": 7, "times": 0}, ["429 ratelimited", "429 ratelimited"], 0),
        ({"do": "delay", "seconds": 0.01, "on": "*"}, ["ok"], 1),
        ({"do": "down"}, ["503 service_unavailable"], 0),
    ],
)
def test_a_fault_hits_the_calls_that_it_should(
    tmp_path: Path, rule: dict[str, object], outcomes: list[str], posted: int
) -> None:
    async def test(box: Box) -> None:
        assert (await box.control("faults", **{"on": "chat.postMessage", **rule}))["ok"]
        assert [await post(box) for _ in outcomes] == outcomes
        assert len(await box.texts("ada", "C0GENERAL0")) == posted
        await box.control("faults", "DELETE")
        assert await post(box) == "ok"

    run(tmp_path, test)


def test_a_rule_that_makes_no_sense_is_refused(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        for rule in (
            {"do": "explode"},
            {"do": "drop", "nht": 1},
            {"do": "drop", "nth": "1"},
            {"do": "drop", "phase": ""},
        ):
            assert (await box.control("faults", **rule))["error"] == "invalid_arguments"

    run(tmp_path, test)


def test_an_ack_can_be_lost(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        box.world.sockets.ack_limit = 0.05
        await box.control("faults", on="ack", do="drop")
        async with box.app() as app:

            @app.command("/incident")
            async def command(ack: AsyncAck) -> None:
                await ack("done")

            said = [await box.act("ada", "say", channel="general", text="/incident") for _ in range(2)]
            assert [one.get("error") for one in said] == ["operation_timeout", None]

    run(tmp_path, test)


async def call_slack(box: Box) -> None:
    """Let the little bot post."""
    url = (await box.control("bot", "GET"))["url"]
    async with box.session.get(f"{url}/call") as answer:
        assert (await answer.json())["ok"]


def test_the_bot_is_killed_after_its_call_was_stored(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        assert (await box.control("bot", do="start"))["state"] == "running"
        await box.control("faults", on="chat.postMessage", phase="after", do="kill_bot")
        with pytest.raises(aiohttp.ClientError):
            await call_slack(box)
        bot = await box.control("bot", "GET")
        assert (bot["state"], bot["exit_code"]) == ("stopped", -signal.SIGKILL)
        assert await box.texts("ada", "C0GENERAL0") == ["from the bot"]
        assert (await box.control("bot", do="start"))["state"] == "running"
        await call_slack(box)
        assert len(await box.texts("ada", "C0GENERAL0")) == 2
        assert (await box.control("bot", "GET"))["log"] == ["little bot", "little bot"]

    run(tmp_path, test)


def test_the_bot_has_a_database_and_a_way_to_slack_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever starts a sandbox beside the real bot has that one's in their environment."""
    monkeypatch.setenv("WATCHBILL_DATABASE_URL", "sqlite:////var/lib/watchbill/watchbill.db")
    monkeypatch.setenv("WATCHBILL_SLACK_MODE", "http")
    # Settings are read in any case, and slack_sdk takes a proxy in any, whatever NO_PROXY says.
    monkeypatch.setenv("watchbill_database_url", "sqlite:////var/lib/watchbill/watchbill.db")
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "no_proxy"):
        monkeypatch.setenv(name, "http://proxy.example:3128")

    async def test(box: Box) -> None:
        await box.control("bot", do="start")
        async with box.session.get(f"{(await box.control('bot', 'GET'))['url']}/environment") as answer:
            found = await answer.json()
        assert found["WATCHBILL_DATABASE_URL"] == f"sqlite:///{tmp_path}/watchbill.db"
        assert found["WATCHBILL_SLACK_MODE"] == "socket"
        assert "watchbill_database_url" not in found
        assert {name: value for name, value in found.items() if name.upper().endswith("_PROXY")} == {"NO_PROXY": "*"}

    run(tmp_path, test)


def test_the_bot_follows_the_clock_and_can_be_paused(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        await box.control("clock", advance=100)
        await box.control("bot", do="start")
        await box.control("clock", advance=100)
        assert (await box.control("bot", "GET"))["log"][-1] == "clock 200"
        assert (await box.control("bot", do="pause"))["paused"]
        settled = await box.control("settle", timeout=1)
        assert settled == {"ok": True, "settled": False, "why": "the bot is paused"}
        assert not (await box.control("bot", do="resume"))["paused"]
        await box.settled()
        assert (await box.control("bot", do="stop"))["exit_code"] == -signal.SIGTERM

    run(tmp_path, test)


def test_a_bot_that_can_not_start_leaves_the_sandbox_working(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--state", str(tmp_path / "w.json")]
    command += ["--bot-command", f"{shlex.quote(sys.executable)} -c 'print(\"no way\"); raise SystemExit(3)'"]

    async def ask(url: str) -> list[object]:
        async with aiohttp.ClientSession() as session, session.post(f"{url}/control/bot", json=START) as answer:
            bot = await answer.json()
        return [bot["state"], bot["exit_code"], bot["log"][-1]]

    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().split()[-1]
        assert asyncio.run(ask(url)) == ["stopped", 3, "no way"]
        process.terminate()
        assert process.wait(10) == 0


def test_everything_lasts(tmp_path: Path) -> None:
    async def test() -> None:
        async with sandbox(tmp_path) as box:
            channel = (await box.api.conversations_create(name="inc-1"))["channel"]["id"]
            await box.api.conversations_invite(channel=channel, users=ADA)
            card = (await box.api.chat_postMessage(channel=channel, text="card"))["ts"]
            await box.api.chat_postMessage(channel=channel, text="reply", thread_ts=card)
            await box.api.pins_add(channel=channel, timestamp=card)
            await box.api.bookmarks_add(channel_id=channel, title="Card", type="link", link="https://a.test")
            await box.act("ada", "react", channel=channel, ts=card, name="eyes")
            await box.api.usergroups_users_update(usergroup="S0IC000000", users=ADA)
            await box.act("ada", "say", channel=channel, text="@ic")
            await box.control("clock", advance=3600)
            post_at = int((await box.control("clock", "GET"))["now"]) + 60
            await box.api.chat_scheduleMessage(channel=channel, text="soon", post_at=post_at)
            before = await box.control("state", "GET")
        async with sandbox(tmp_path) as box:
            assert await box.control("state", "GET") == before
            later = (await box.api.chat_postMessage(channel=channel, text="later"))["ts"]
            assert later > max(message["ts"] for message in before["channels"][-1]["messages"])
            await box.control("clock", to="next_due")
            assert (await box.texts("ada", channel))[-1] == "soon"

    asyncio.run(test())


def test_a_workspace_older_than_user_groups_gets_them(tmp_path: Path) -> None:
    async def test() -> None:
        async with sandbox(tmp_path) as box:
            fresh = await box.control("usergroups", "GET")
        file = tmp_path / "workspace.json"
        state = json.loads(file.read_text())
        del state["usergroups"]
        file.write_text(json.dumps(state))
        async with sandbox(tmp_path) as box:
            again = await box.control("usergroups", "GET")
        assert [one["handle"] for one in again["usergroups"]] == [one["handle"] for one in fresh["usergroups"]]

    asyncio.run(test())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_the_bot_dies_with_a_sandbox_that_is_killed(tmp_path: Path) -> None:
    bot = shlex.join([sys.executable, str(LITTLE_BOT)])
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--state", str(tmp_path / "w.json")]

    async def start(url: str) -> int:
        async with aiohttp.ClientSession() as session, session.post(f"{url}/control/bot", json=START) as answer:
            return int((await answer.json())["pid"])

    with subprocess.Popen([*command, "--bot-command", bot], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        pid = asyncio.run(start(process.stdout.readline().split()[-1]))
        watched = os.pidfd_open(pid)
        process.kill()
        ended = asyncio.run(_readable(watched))
        os.close(watched)
        assert ended


async def _readable(descriptor: int) -> bool:
    """Whether a process has ended, soon."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(descriptor, ended.set)
    async with asyncio.timeout(5):
        await ended.wait()
    asyncio.get_running_loop().remove_reader(descriptor)
    return True
