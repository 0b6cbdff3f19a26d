"""The page as the bot serves it: the bytes of the folder, with tags and compression."""

import asyncio
import gzip
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from bot.status import edit
from bot.status.files import Drawing
from handlers.web.status import StatusPages
from tests.status.pages import CALM, DOWN, NOW


class Visitor:
    """Asks for files of the page, as served below `/status`."""

    def __init__(self, folder: Path, most: int = 0) -> None:
        self.app = FastAPI()
        self.app.mount("/status", StatusPages(folder, most))

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        return asyncio.run(self._ask(path, method, headers))

    async def _ask(self, path: str, method: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        sent: list[Any] = []
        named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
        scope |= {"headers": [(b"host", b"watchbill.test"), *named], "root_path": "", "scheme": "http"}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app({**scope, "http_version": "1.1", "server": None, "client": ("10.0.0.9", 1)}, receive, send)
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], found, b"".join(one.get("body", b"") for one in sent[1:])


def test_the_bytes_are_those_of_the_folder(tmp_path: Path) -> None:
    visitor = Visitor(tmp_path)
    assert visitor.ask("/status/")[0] == 503
    edit.renew(tmp_path, CALM, Drawing())
    status, headers, body = visitor.ask("/status/")
    assert (status, body) == (200, (tmp_path / "current/index.html").read_bytes())
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in headers["content-security-policy"]
    status, headers, packed = visitor.ask("/status/api/v2/summary.json", accept_encoding="gzip, br")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert gzip.decompress(packed) == (tmp_path / "current/api/v2/summary.json").read_bytes()
    assert len(packed) == int(headers["content-length"])
    edit.renew(tmp_path, replace(DOWN, written_at=NOW), Drawing())
    assert b"Major outage" in visitor.ask("/status/index.html")[2]


def test_what_is_known_is_not_sent_again(tmp_path: Path) -> None:
    edit.renew(tmp_path, CALM, Drawing())
    visitor = Visitor(tmp_path)
    _, headers, _ = visitor.ask("/status/index.html", accept_encoding="gzip")
    status, again, body = visitor.ask("/status/index.html", accept_encoding="gzip", if_none_match=headers["etag"])
    assert (status, again["etag"], body) == (304, headers["etag"], b"")
    assert visitor.ask("/status/index.html", if_none_match=headers["etag"])[0] == 200
    edit.renew(tmp_path, DOWN, Drawing())
    assert visitor.ask("/status/index.html", accept_encoding="gzip", if_none_match=headers["etag"])[0] == 200
    assert visitor.ask("/status/index.html", method="HEAD")[2] == b""


@pytest.mark.parametrize(
    ("path", "method", "expected"),
    [
        ("/status/../.lock", "GET", 404),
        ("/status/../../../../etc/passwd", "GET", 404),
        ("/status//etc/passwd", "GET", 404),
        ("/status/incidents", "GET", 404),
        ("/status/nothing.html", "GET", 404),
        ("/status/index.html", "POST", 405),
    ],
)
def test_nothing_else_is_served(tmp_path: Path, path: str, method: str, expected: int) -> None:
    edit.renew(tmp_path, CALM, Drawing())
    assert Visitor(tmp_path).ask(path, method=method)[0] == expected


def test_without_its_slash_it_leads_to_it(tmp_path: Path) -> None:
    edit.renew(tmp_path, CALM, Drawing())
    status, headers, _ = Visitor(tmp_path).ask("/status")
    assert (status, headers["location"]) in {(308, "/status/"), (307, "http://watchbill.test/status/")}


def test_a_crowd_waits_for_its_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit.renew(tmp_path, CALM, Drawing())
    visitor = Visitor(tmp_path, most=1)
    waits: list[float] = []
    now = [100.0]

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("handlers.web.status.asyncio.sleep", wait)
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    assert [visitor.ask("/status/")[0] for _ in range(3)] == [200] * 3
    # The first had its turn at once; a second more for each that came too soon.
    assert waits == [1, 2]
    for _ in range(9):
        status, headers, body = visitor.ask("/status/")
        assert (status, headers["retry-after"]) == (503, "5")
        assert body == b"Many are looking at this page. Try again in a moment.\n"
    now[0] += 2
    assert visitor.ask("/status/")[0] == 200, "nobody waits for those who were sent away"
    assert waits == [1, 2, 1]
