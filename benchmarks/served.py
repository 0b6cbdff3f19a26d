"""The public page as the bot serves it to a crowd, and how fast it answers in Slack meanwhile.

The aims: 50 connections get ≥ 1,000 answers a second, and the p99 of acks is ≤ 100 ms, also while a page with 2,000
incidents past is drawn for the first time. The crowd and Slack are on the same cores as the bot.
"""

import asyncio
import json
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks import status
from benchmarks.measures import cpu_seconds, milliseconds
from benchmarks.peer import Peer
from bot.clock import SystemClock
from storage import migrate
from storage.store import Store

CONNECTIONS, RATE = 50, 20
_CHANNEL = "C0GENERAL0"


async def measure(seconds: float) -> None:
    """Start a bot whose page has a long history; look at it with a crowd, and type commands meanwhile."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _filled(folder / "watchbill.db")
        peer = Peer(folder)
        await peer.start()
        port = _free_port()
        url, page = f"http://127.0.0.1:{port}/status/", {"folder": str(folder / "status"), "name": "Benchmark"}
        settings = {"WATCHBILL_STATUS": json.dumps(page), "WATCHBILL_HTTP_PORT": str(port)}
        await peer.start_bot(**settings)
        try:
            await _measured(peer, folder / "status/current", url, seconds)
        finally:
            await peer.stop_bot()
            await peer.stop()


async def _measured(peer: Peer, page: Path, url: str, seconds: float) -> None:
    print(f"Acks of `list` at {RATE}/s")
    took = await _typed_until(peer, asyncio.create_task(asyncio.to_thread(_wait_for, page)))
    print(f"  while the page is first drawn   {milliseconds(took)}, {len(took) / RATE:.1f} s")
    took = await _typed_until(peer, asyncio.create_task(asyncio.sleep(seconds)))
    print(f"  with nobody at the page         {milliseconds(took)}")
    async with aiohttp.request("GET", url) as answer:
        etag = answer.headers["etag"]
    for what, known in (("compressed", ""), ("unchanged (304)", etag)):
        await _crowded(peer, url, seconds, what, known)


async def _crowded(peer: Peer, url: str, seconds: float, what: str, etag: str) -> None:
    words = [sys.executable, "-m", "benchmarks.crowd", url, str(CONNECTIONS), str(seconds), *([etag] if etag else [])]
    crowd = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    read = asyncio.create_task(crowd.communicate())
    used = cpu_seconds(peer.bot.pid)
    took = await _typed_until(peer, read)
    used = cpu_seconds(peer.bot.pid) - used
    answers = json.loads(read.result()[0])
    print(f"  beside a crowd, {what:<15} {milliseconds(took)}")
    rate = len(answers) / seconds
    print(f"    the crowd: {rate:6.0f} answers/s     {milliseconds(answers)}; of a core {100 * used / seconds:.0f} %")


async def _typed_until(peer: Peer, ended: asyncio.Task[Any]) -> list[float]:
    """Acks of commands that come at a rate, whether or not the ones before were answered."""
    typed: list[asyncio.Task[float]] = []
    begun = time.perf_counter()
    while not ended.done():
        typed.append(asyncio.create_task(peer.command("list", _CHANNEL)))
        await asyncio.sleep(max(0.0, begun + len(typed) / RATE - time.perf_counter()))
    return list(await asyncio.gather(*typed))


def _wait_for(path: Path) -> None:
    while not path.exists():
        time.sleep(0.02)


def _filled(file: Path) -> None:
    migrate.upgrade(file)
    store = Store(file, SystemClock())
    with store.write() as tx:
        status.fill(tx)
    store.close()


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
