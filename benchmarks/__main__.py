"""`python -m benchmarks`: acks, ready, start, memory, idle CPU, reminders, backups, lists and digests, here and now.

The aims (two cores): write p50/p99 ≤ 4/12 ms and read ≤ 2/5 ms at 20/s, write p99 ≤ 50 ms at 300/s, ready ≤ 2 × latency
+ 30 ms with ≤ 9 calls, first ack ≤ 0.9 s, ≤ 105 MiB, idle ≤ 0.8 % of a core.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import backup, communication, reminders, served, sockets, status
from benchmarks.measures import cpu_seconds, milliseconds, resident_mib
from benchmarks.peer import Peer


async def acks(peer: Peer, text: str, rate: float, seconds: float, channel: str) -> list[float]:
    """Ack times of commands that come at a rate, whether or not the ones before were answered."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    typed = []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, begun + number / rate - loop.time()))
        typed.append(asyncio.create_task(peer.command(text, channel)))
    return list(await asyncio.gather(*typed))


async def declare(peer: Peer, number: int) -> tuple[float, float, int]:
    """Ack, time from the ack until the declarer was invited and the card posted, and API calls in all."""
    ready: set[str] = set()
    there = asyncio.Event()
    before = len(peer.calls)
    at = 0.0

    def watch(method: str, arguments: dict[str, object]) -> None:
        nonlocal at
        in_channel = str(arguments.get("channel")) not in {"C0INCIDENT", "#incidents"}
        if method == "conversations.invite" or (method == "chat.postMessage" and in_channel):
            ready.add(method)
            if len(ready) == 2 and not there.is_set():
                at = time.perf_counter()
                there.set()

    peer.on_call = watch
    begun = time.perf_counter()
    ack = await peer.command(f"declare benchmark {number}")
    await there.wait()
    await asyncio.sleep(0.5 + 2 * peer.latency)
    return ack, at - begun - ack, len(peer.calls) - before


async def measure_acks(seconds: float, rates: Sequence[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        peer = Peer(Path(folder))
        await peer.start()
        await peer.start_bot()
        await asyncio.sleep(2)
        await peer.command("declare something to write about")
        await asyncio.sleep(1)
        channel = next(str(call[2]["channel"]) for call in peer.calls if call[1] == "conversations.invite")
        await acks(peer, "note warm", 50, 1, channel)
        print("Ack over Socket Mode, two sockets")
        for rate in rates:
            print(
                f"  write (note) {rate:4d}/s  {milliseconds(await acks(peer, 'note a fact', rate, seconds, channel))}"
            )
        for rate in rates:
            print(f"  read  (help) {rate:4d}/s  {milliseconds(await acks(peer, 'help', rate, seconds, channel))}")
        await peer.stop_bot()
        await peer.stop()


async def measure_declare(times: int) -> None:
    for latency in (0.0, 0.1):
        with tempfile.TemporaryDirectory() as folder:
            peer = Peer(Path(folder), latency)
            await peer.start()
            await peer.start_bot()
            await asyncio.sleep(2 + 10 * latency)
            found = [await declare(peer, number) for number in range(times)]
            acked, ready, calls = zip(*found, strict=True)
            print(f"Declare at {latency * 1000:.0f} ms a call")
            print(f"  ack    {milliseconds(acked)}")
            print(f"  ready  {milliseconds(ready)}  (after the ack; aim {2 * latency * 1000 + 30:.0f})")
            print(f"  calls  {calls[0]} the first time, then {statistics.median(calls):.0f} (aim at most 9)")
            await peer.stop_bot()
            await peer.stop()


async def measure_start(times: int) -> None:
    connected, first = [], []
    with tempfile.TemporaryDirectory() as folder:
        peer = Peer(Path(folder))
        await peer.start()
        await peer.start_bot()
        await peer.stop_bot()
        for _ in range(times):
            begun = time.perf_counter()
            connected.append(await peer.start_bot())
            await peer.command("help")
            first.append(time.perf_counter() - begun)
            await asyncio.sleep(1.5)
            await peer.stop_bot()
        await peer.stop()
    print(f"Start to socket     {milliseconds(connected)}")
    print(f"Start to first ack  {milliseconds(first)}  (aim 900)")


async def measure_idle(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        peer = Peer(Path(folder))
        await peer.start()
        await peer.start_bot()
        for number in range(5):
            await peer.command(f"declare idle {number}")
        await asyncio.sleep(5)
        before = cpu_seconds(peer.bot.pid)
        await asyncio.sleep(seconds)
        used = cpu_seconds(peer.bot.pid) - before
        print(f"Idle CPU            {100 * used / seconds:.2f} % of a core over {seconds:.0f} s  (aim 0.8)")
        print(f"Resident memory     {resident_mib(peer.bot.pid):.0f} MiB  (aim 105)")
        await peer.stop_bot()
        await peer.stop()


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "what",
        nargs="*",
        choices=["acks", "declare", "start", "idle", "reminders", "backup", "sockets", "communication", "status", []],
        default=[],
    )
    parser.add_argument("--seconds", type=float, default=10, help="how long each rate and the idle reading last")
    parser.add_argument("--rates", type=int, nargs="*", default=[5, 20, 100, 300], help="commands a second")
    parser.add_argument("--times", type=int, default=10, help="how many declares and starts")
    parser.add_argument("--megabytes", type=int, default=500, help="how big the database to back up is")
    wanted = parser.parse_args()
    what = wanted.what or ["start", "declare", "acks", "idle", "reminders"]
    if "start" in what:
        await measure_start(wanted.times)
    if "declare" in what:
        await measure_declare(wanted.times)
    if "acks" in what:
        await measure_acks(wanted.seconds, wanted.rates)
    if "idle" in what:
        await measure_idle(max(wanted.seconds, 20))
    if "reminders" in what:
        await reminders.measure(wanted.seconds)
    if "backup" in what:
        backup.measure(wanted.megabytes)
    if "communication" in what:
        communication.measure()
    if "status" in what:
        await asyncio.to_thread(status.measure)
        await served.measure(wanted.seconds)
    if "sockets" in what:
        # The harness has a loop of its own.
        await asyncio.to_thread(sockets.measure, wanted.times)


if __name__ == "__main__":
    asyncio.run(main())
