"""Work that nobody waits for: what breaks in it is logged, and what it gives is let go."""

import asyncio

from structlog.testing import capture_logs

from bot import log
from bot.boundary import bounded


async def _break() -> None:
    raise LookupError("nobody is looking")


async def _work() -> str:
    return "done"


def test_what_breaks_beside_is_seen() -> None:
    with capture_logs() as logged:
        asyncio.run(bounded(_break(), log.get("test"), "broke", task="channels"))
        asyncio.run(bounded(_work(), log.get("test"), "broke"))
    [entry] = logged
    assert (entry["event"], entry["task"], entry["log_level"]) == ("broke", "channels", "error")
    assert entry["ref"]
