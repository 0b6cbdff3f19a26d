"""The public page, served from its folder: the very bytes that stand there, with ETag and compression, from memory.

A crowd costs next to nothing: no database, no template, and each file is read once after each writing. It is no route
of FastAPI but an ASGI application of its own, which costs a third.
"""

import asyncio
import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from starlette.types import Receive, Scope, Send

from bot.status.names import LOGOS, MANIFEST, kind_of

# The policy that each page has in itself, and for files that have none.
_POLICY = (
    b"default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none';"
    b" frame-ancestors 'none'"
)
# A logo is its owner's picture: opened by itself it may have colours of its own, and can do nothing.
_LOGO_POLICY = b"default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'"
_SAFE = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_HEADERS = (
    *_SAFE,
    (b"cache-control", b"public, max-age=15"),
    # Programs in browsers read Statuspage's JSON from anywhere, so they may read this.
    (b"access-control-allow-origin", b"*"),
    (b"vary", b"accept-encoding"),
)
# Below this compression gains nothing.
_SMALL = 500
# Whoever would have to wait longer has gone by then, and a crowd that waits holds memory and a connection each.
_LONGEST_SECONDS = 2.0
_MANY = "Many are looking at this page. Try again in a moment.\n"
_NONE = "No status page has been written yet.\n"
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class _Body:
    """A file as it is sent: plain, or compressed."""

    content: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    etag: bytes


@dataclass(frozen=True, slots=True)
class _Shelf:
    """One generation: which files it has, and those that were asked for already."""

    root: Path
    names: frozenset[str]
    bodies: dict[tuple[str, bool], asyncio.Future[_Body]]


class StatusPages:
    """To be mounted, as at `/status`. `folder` is the one that `bot.status` writes to.

    `most`: so many answers a second at most, the others wait for their turn, or are asked to come again when that
    is more than 2 s away; 0: as many as there are. Whatever else is done in the same loop needs its share of time,
    however many people look at the page.
    """

    def __init__(self, folder: Path, most: int = 0) -> None:
        self._current = folder / "current"
        self._shelf: _Shelf | None = None
        self._gap = 1 / most if most else 0.0
        self._turn = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: GET or HEAD of a file of the page."""
        if scope["type"] != "http":
            return
        path = str(scope["path"]).removeprefix(scope.get("root_path", ""))
        if self._gap and not await self._its_turn():
            await _say(send, 503, _MANY, [(b"retry-after", b"5")])
        elif scope["method"] not in {"GET", "HEAD"}:
            await _say(send, 405, "Only GET and HEAD.\n", [(b"allow", b"GET, HEAD")])
        elif not path:
            # Its links are relative: without the slash they would lead elsewhere.
            await _say(send, 308, "", [(b"location", quote(f"{scope['path']}/").encode())])
        else:
            await self._file(scope, send, path.removeprefix("/") or "index.html")

    async def _its_turn(self) -> bool:
        """Wait until it is this request's turn: at once, unless many come together; False when it gets none."""
        now = asyncio.get_running_loop().time()
        turn = max(self._turn + self._gap, now)
        if turn - now > _LONGEST_SECONDS:
            return False
        self._turn = turn
        if turn > now:
            await asyncio.sleep(turn - now)
        return True

    async def _file(self, scope: Scope, send: Send, name: str) -> None:
        given: Mapping[bytes, bytes] = dict(scope["headers"])
        packed = b"gzip" in given.get(b"accept-encoding", b"")
        try:
            shelf = await self._newest()
            if name not in shelf.names:
                await _say(send, 404, "There is no such page.\n", [])
                return
            body = await _body(shelf, name, packed=packed)
        except OSError:
            # Nothing was written yet; or a generation went while it was read, and the next request finds the next one.
            self._shelf = None
            await _say(send, 503, _NONE, [(b"retry-after", b"5")])
            return
        if body.etag in given.get(b"if-none-match", b""):
            await _send(send, 304, [one for one in body.headers if not one[0].startswith(b"content-l")], b"")
        else:
            await _send(send, 200, body.headers, b"" if scope["method"] == "HEAD" else body.content)

    async def _newest(self) -> _Shelf:
        """The generation that counts now. Raises OSError when there is none."""
        root = self._current.parent / self._current.readlink()
        shelf = self._shelf
        if shelf is None or shelf.root != root:
            shelf = self._shelf = await asyncio.to_thread(_opened, root)
        return shelf


def _opened(root: Path) -> _Shelf:
    files = json.loads((root / MANIFEST).read_bytes())["files"]
    return _Shelf(root, frozenset(files) | {MANIFEST}, {})


async def _body(shelf: _Shelf, name: str, *, packed: bool) -> _Body:
    """A file, read by the first who asks for it; the others wait for that."""
    found = shelf.bodies.get((name, packed))
    if found is None:
        found = asyncio.ensure_future(asyncio.to_thread(_read, shelf.root / name, packed))
        shelf.bodies[name, packed] = found
    return await asyncio.shield(found)


def _read(file: Path, packed: bool) -> _Body:
    content = file.read_bytes()
    kind = kind_of(file.name)
    packed = packed and len(content) >= _SMALL and not kind.startswith("image/png")
    # Each of the two forms has a tag of its own.
    etag = f'"{sha256(content).hexdigest()[:24]}{"-gzip" if packed else ""}"'.encode()
    policy = _LOGO_POLICY if file.name in LOGOS.values() else _POLICY
    headers = [*_HEADERS, (b"content-security-policy", policy), (b"content-type", kind.encode()), (b"etag", etag)]
    if packed:
        content = gzip.compress(content, 6, mtime=0)
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", str(len(content)).encode()))
    return _Body(content, tuple(headers), etag)


async def _say(send: Send, status: int, text: str, headers: Headers) -> None:
    content = text.encode()
    given = [*_SAFE, (b"content-security-policy", _POLICY), (b"content-type", b"text/plain; charset=utf-8"), *headers]
    given.append((b"content-length", str(len(content)).encode()))
    await _send(send, status, given, content)


async def _send(send: Send, status: int, headers: Sequence[tuple[bytes, bytes]], content: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
