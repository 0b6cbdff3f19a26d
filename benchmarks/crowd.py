"""A crowd at the status page: `python -m benchmarks.crowd URL CONNECTIONS SECONDS [ETAG]`, a process beside the bot.

As lean as it can be, since it works on the same cores: each connection asks again as soon as it was answered.
"""

import asyncio
import json
import sys
import time
from typing import cast
from urllib.parse import urlsplit

_END, _LENGTH = b"\r\n\r\n", b"content-length: "


class _Reader(asyncio.Protocol):
    """One connection, kept alive. `taken` has the seconds that each answer took."""

    def __init__(self, request: bytes, status: bytes, taken: list[float]) -> None:
        self._request, self._status, self._taken = request, status, taken
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def _ask(self) -> None:
        self._begun = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, end, body = self._got.partition(_END)
        if not end:
            return
        _, found, length = head.partition(_LENGTH)
        if found and len(body) < int(length.split(b"\r\n", 1)[0]):
            return
        if self._status not in head[:16]:
            raise SystemExit(head.decode())
        self._got = b""
        self._taken.append(time.perf_counter() - self._begun)
        self._ask()


async def crowd(url: str, connections: int, seconds: float, etag: str = "") -> list[float]:
    """How long each answer took, in seconds. Ends the process when one is not what was asked for."""
    parts = urlsplit(url)
    host, port = str(parts.hostname), int(parts.port or 80)
    known = f"If-None-Match: {etag}\r\n" if etag else ""
    request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: gzip\r\n{known}\r\n".encode()
    taken: list[float] = []
    loop, status = asyncio.get_running_loop(), b" 304 " if etag else b" 200 "
    made = [
        await loop.create_connection(lambda: _Reader(request, status, taken), host, port) for _ in range(connections)
    ]
    await asyncio.sleep(seconds)
    for transport, _ in made:
        transport.abort()
    return taken


def main() -> None:
    """Print what was measured, as JSON."""
    url, connections, seconds, *etag = sys.argv[1:]
    print(json.dumps(asyncio.run(crowd(url, int(connections), float(seconds), *etag))))


if __name__ == "__main__":
    main()
