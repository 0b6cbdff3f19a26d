"""Every way a call can end, told apart."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.slack import NotSent, Ok, Outcome, RateLimited, Refused, SlackGateway, Uncertain, within
from tests.support.slack_peer import SlackPeer, slack_peer

HELLO = {"channel": "C0INC00001", "text": "hello"}


def ask(fault: str, method: str = "chat.postMessage", arguments: Any = None) -> tuple[Outcome, SlackPeer]:
    async def work() -> tuple[Outcome, SlackPeer]:
        async with slack_peer() as peer:
            # aiohttp itself reads a second time when a connection breaks; it never posts a second time.
            peer.script[method] = [fault] * (1 if method.startswith("chat.") else 2) if fault else []
            gateway = SlackGateway(peer.url, "xoxb-test")
            outcome = await gateway.call(method, arguments or HELLO)
            await gateway.close()
            return outcome, peer

    return asyncio.run(work())


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("", Ok),
        ("error:channel_not_found", Refused("channel_not_found", {"ok": False, "error": "channel_not_found"})),
        ("limit:7", RateLimited(7.0)),
        ("limit:0", RateLimited(1.0)),
        ("limit:soon", RateLimited(30.0)),
        ("error:ratelimited", RateLimited(30.0)),
        ("status:500", Uncertain),
        ("status:503", Uncertain),
        ("error:fatal_error", Uncertain),
        ("error:internal_error", Uncertain),
        ("error:request_timeout", Uncertain),
        ("lose", Uncertain),
        ("vanish", Uncertain),
        ("html", Uncertain),
    ],
)
@pytest.mark.parametrize("method", ["chat.postMessage", "conversations.history"])
def test_every_end_of_a_call_has_its_name(method: str, fault: str, expected: Any) -> None:
    outcome, peer = ask(fault, method)
    assert isinstance(outcome, expected) if isinstance(expected, type) else outcome == expected
    assert len(peer.named(method)) == 1 or (method == "conversations.history" and fault in {"lose", "vanish"})


def test_what_never_left_is_known_not_to_have() -> None:
    async def work() -> Outcome:
        async with slack_peer() as peer:
            url = peer.url
        gateway = SlackGateway(url, "xoxb-test")
        outcome = await gateway.call("chat.postMessage", HELLO)
        await gateway.close()
        return outcome

    assert isinstance(asyncio.run(work()), NotSent)


def test_a_refused_token_is_remembered_until_it_works() -> None:
    async def work() -> list[str]:
        async with slack_peer() as peer:
            peer.script["pins.add"] = ["error:invalid_auth", "error:already_pinned", ""]
            gateway = SlackGateway(peer.url, "xoxb-test")
            found = []
            for _ in range(3):
                await gateway.call("pins.add", {})
                found.append(gateway.token_error)
            await gateway.close()
            return found

    assert asyncio.run(work()) == ["invalid_auth", "invalid_auth", ""]


@pytest.mark.parametrize(
    ("error", "level"),
    [
        ("already_in_channel", "debug"),
        ("already_pinned", "debug"),
        ("cant_invite_self", "debug"),
        ("no_text", "warning"),
    ],
)
def test_what_is_so_already_is_no_warning(error: str, level: str) -> None:
    with capture_logs() as logged:
        ask(f"error:{error}")
    assert [entry["log_level"] for entry in logged] == [level]


def test_arguments_reach_slack_as_it_reads_them() -> None:
    _, peer = ask("", "conversations.history", {"channel": "C1", "include_all_metadata": True, "limit": 200})
    assert peer.named("conversations.history") == [{"channel": "C1", "include_all_metadata": "1", "limit": "200"}]
    _, peer = ask("", "chat.postMessage", {**HELLO, "blocks": [{"type": "divider"}]})
    assert peer.named("chat.postMessage") == [{**HELLO, "blocks": [{"type": "divider"}]}]


def test_waiting_has_an_end() -> None:
    async def work() -> Outcome:
        never: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        return await within(0, never)

    assert asyncio.run(work()) == Uncertain("no answer within 0 s")
