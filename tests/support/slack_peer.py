"""A Slack of a few methods inside the test's own loop, which loses, refuses and delays on demand."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

OUR_USER = "UBOT00001"
Json = dict[str, Any]


class SlackPeer:
    """`script[method]` holds what happens to its next calls, one word each:

    `lose` does it and drops the answer, `vanish` drops the request, `status:500`, `limit:30`, `html`, `error:CODE`.
    """

    def __init__(self) -> None:
        self.url = ""
        self.script: defaultdict[str, list[str]] = defaultdict(list)
        self.calls: list[tuple[str, Json]] = []
        self.messages: list[Json] = []
        self.channels: list[Json] = []
        self.bookmarks: list[Json] = []
        self.emails: dict[str, str] = {}
        self.uploads: dict[str, str] = {}
        """Names of files, by the id under which they were asked for."""
        self.members: list[str] = []

    def named(self, method: str) -> list[Json]:
        """The arguments of every call of `method`, in order."""
        return [arguments for called, arguments in self.calls if called == method]

    def texts(self) -> list[str]:
        return [message["text"] for message in self.messages]

    def post(self, arguments: Json) -> Json:
        """A message arrives, by a call or by itself."""
        message = {**arguments, "ts": f"1772438400.{len(self.messages):06}"}
        self.messages.append(message)
        return {"channel": arguments["channel"], "ts": message["ts"], "message": message}

    def bookmark(self, link: str) -> Json:
        """A bookmark arrives, by a call or by itself."""
        self.bookmarks.append({"id": f"Bk{len(self.bookmarks)}", "link": link})
        return self.bookmarks[-1]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        self.calls.append((method, arguments))
        fault, _, detail = (self.script[method].pop(0) if self.script[method] else "").partition(":")
        if fault == "error":
            return web.json_response({"ok": False, "error": detail})
        if fault == "limit":
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": detail})
        if fault == "status":
            return web.json_response({"ok": False, "error": "internal_error"}, status=int(detail))
        if fault == "html":
            return web.Response(text="<html>proxy</html>", content_type="text/html")
        if fault == "vanish":
            return _hang_up(request)
        result = self._in_it(arguments) if method == "conversations.members" else self.do(method, arguments)
        return _hang_up(request) if fault == "lose" else web.json_response({"ok": "error" not in result, **result})

    def do(self, method: str, arguments: Json) -> Json:
        if method == "chat.postMessage":
            return self.post(arguments)
        if method in {"conversations.history", "conversations.replies"}:
            return {"messages": self._heard(arguments)}
        if method == "users.conversations":
            return {"channels": self.channels}
        if method == "conversations.create":
            return self._create(arguments["name"])
        if method in {"users.info", "users.lookupByEmail"}:
            return self._user(arguments)
        if method == "conversations.setTopic":
            known = {found["id"]: found for found in self.channels}
            return {"channel": known.get(arguments["channel"], {"id": arguments["channel"], "name": "general"})}
        if method == "bookmarks.add":
            return {"bookmark": self.bookmark(arguments["link"])}
        if method == "bookmarks.list":
            return {"bookmarks": self.bookmarks}
        if method == "conversations.open":
            return {"channel": {"id": "D" + arguments["users"][1:]}}
        return self._file(method, arguments)

    def _file(self, method: str, arguments: Json) -> Json:
        if method == "files.getUploadURLExternal":
            self.uploads[f"F{len(self.uploads)}"] = arguments["filename"]
            found = list(self.uploads)[-1]
            return {"file_id": found, "upload_url": f"{self.url}upload?file={found}"}
        if method == "files.completeUploadExternal":
            shown = [{"id": one["id"], "name": self.uploads[one["id"]]} for one in arguments["files"]]
            shared = {"channel": arguments["channel_id"], "text": arguments["initial_comment"], "bot_id": "B0WATCHBIL"}
            self.post({**shared, "files": shown})
            return {"files": shown}
        return {}

    def _in_it(self, arguments: Json) -> Json:
        """One on a page."""
        page = int(arguments.get("cursor") or 0)
        following = str(page + 1) if page + 1 < len(self.members) else ""
        return {"members": self.members[page : page + 1], "response_metadata": {"next_cursor": following}}

    def _user(self, arguments: Json) -> Json:
        found = arguments.get("user") or self.emails.get(arguments["email"])
        return {"user": {"id": found, "name": found.lower()}} if found else {"error": "users_not_found"}

    def _heard(self, arguments: Json) -> list[Json]:
        """In a channel; with `ts`, in the thread under that message: a channel's history does not show threads."""
        here = [found for found in self.messages if found["channel"] == arguments["channel"]]
        return [found for found in here if found.get("thread_ts") == arguments.get("ts")]

    def _create(self, name: str) -> Json:
        if any(found["name"] == name for found in self.channels):
            return {"error": "name_taken"}
        number = len(self.channels) + 1
        # Created a little ahead of the tests' clock, as clocks differ.
        found = {"id": f"C0NEW{number:05}", "name": name, "creator": OUR_USER, "created": 1772438401}
        self.channels.append(found)
        return {"channel": found}


def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _arguments(request: web.Request) -> Json:
    if request.method == "GET":
        return dict(request.query)
    body = await request.read()
    if request.content_type == "application/octet-stream":
        return {"bytes": len(body), **request.query}
    if request.content_type == "application/x-www-form-urlencoded":
        return dict(await request.post())
    return dict(json.loads(body)) if body else {}


@asynccontextmanager
async def slack_peer() -> AsyncIterator[SlackPeer]:
    """A running peer; its `url` is the base of the Web API."""
    peer = SlackPeer()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", peer.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    peer.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield peer
    finally:
        await runner.cleanup()
