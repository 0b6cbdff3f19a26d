"""Asking a web application in this process, as one browser does: with a cookie, following nothing by itself."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Browser:
    """Keeps its cookies; `headers` go along with each request."""

    app: FastAPI
    headers: dict[str, str] = field(default_factory=dict)
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    def get(self, address: str, **headers: str) -> Answer:
        return asyncio.run(self.ask("GET", address, b"", headers))

    def post(self, address: str, fields: Mapping[str, str] | bytes = b"", **headers: str) -> Answer:
        body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
        return asyncio.run(self.ask("POST", address, body, headers))

    async def ask(self, method: str, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """One request, within a loop of the caller's."""
        parts, sent = urlsplit(address), []
        cookie = "; ".join(f"{name}={one.value}" for name, one in self.cookies.items() if one.value)
        given = {"host": "watchbill.test", "cookie": cookie} | self.headers
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        named = [(name.encode(), value.encode()) for name, value in given.items()]
        scope = {"type": "http", "method": method, "path": parts.path, "query_string": parts.query.encode()}
        scope |= {"headers": named, "raw_path": parts.path.encode(), "root_path": "", "scheme": "http"}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app({**scope, "http_version": "1.1", "server": None, "client": ("10.0.0.9", 1)}, receive, send)
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        self.cookies.load(found.get("set-cookie", ""))
        return Answer(sent[0]["status"], found, b"".join(one.get("body", b"") for one in sent[1:]).decode())
