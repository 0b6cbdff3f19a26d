"""Where status updates are brought, on this machine: Atlassian Statuspage as its documentation has it, and json://."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from bot.settings import Settings
from bot.settings_tables import StatusSettings
from tests.support.peers import Got, Peer
from tests.support.story import settings

KEY = "00000000-statuspage-key"
PAGE = "kctbh9vrtdwd"
COMPONENTS = ("c1checkout", "c2deploys0", "c3other000")
Fields = dict[str, Any]


@dataclass(slots=True)
class Statuspage:
    """One page. `script`: what becomes of the next requests that change something, one each.

    `lose`: done, and the connection dropped; `vanish`: only dropped; `hold`: done, and answered when `may_answer` is
    set; a status: answered so, and not done. `refuses`: a status for everything.
    """

    url: str = ""
    incidents: list[Fields] = field(default_factory=list)
    levels: dict[str, str] = field(default_factory=lambda: dict.fromkeys(COMPONENTS, "operational"))
    calls: list[str] = field(default_factory=list)
    script: list[str | int] = field(default_factory=list)
    refuses: int = 0
    arrived: Event = field(default_factory=Event)
    may_answer: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def release(self) -> None:
        """Answer what is held; whoever asks from now on is not held, unless `script` says so again."""
        self.may_answer.set()
        self.may_answer, self.arrived = Event(), Event()

    @property
    def said(self) -> list[tuple[str, str]]:
        """The updates of its only incident, the oldest first: state and words."""
        (one,) = self.incidents
        return [(update["status"], update["body"]) for update in reversed(one["incident_updates"])]

    @property
    def changes(self) -> list[str]:
        """The requests that were to change something."""
        return [call for call in self.calls if not call.startswith("GET")]

    def answer(self, method: str, target: str, authorization: str, body: Fields) -> tuple[int, object]:
        """What the API answers: a status, or 0 to drop the connection; and JSON."""
        with self.lock:
            path = urlsplit(target)
            self.calls.append(f"{method} {path.path.removeprefix(f'/v1/pages/{PAGE}')}")
            if self.refuses or authorization != f"OAuth {KEY}":
                return self.refuses or 401, {"error": "Could not authenticate"}
            if method == "GET":
                return self._read(path.path, parse_qs(path.query))
            fault = self.script.pop(0) if self.script else ""
            if isinstance(fault, int):
                return fault, {"error": ["It does not do"]}
            if fault == "vanish":
                return 0, None
            answer = self._change(method, path.path, body)
            arrived, may_answer = self.arrived, self.may_answer
        if fault == "hold":
            arrived.set()
            may_answer.wait()
        return (0, None) if fault == "lose" else answer

    def _read(self, path: str, query: dict[str, list[str]]) -> tuple[int, object]:
        if path.endswith("/components"):
            return 200, [{"id": id_, "status": level} for id_, level in self.levels.items()]
        if path.endswith("/incidents"):
            size, page = int(query["limit"][0]), int(query["page"][0])
            return 200, self.incidents[::-1][size * (page - 1) : size * page]
        found = self._find(path)
        return (200, found) if found else (404, {"error": "not found"})

    def _find(self, path: str) -> Fields | None:
        return next((one for one in self.incidents if path.endswith(f"/incidents/{one['id']}")), None)

    def _change(self, method: str, path: str, body: Fields) -> tuple[int, object]:
        named = [path.rpartition("/")[2]] if "component" in body else body["incident"].get("components", ())
        if gone := set(named) - set(self.levels):
            return 422, {"error": f"Component {gone} not found"}
        if "component" in body:
            self.levels[path.rpartition("/")[2]] = body["component"]["status"]
            return 200, {}
        fields = dict(body["incident"])
        self.levels |= fields.pop("components", {})
        update = {"body": fields.pop("body"), "status": fields["status"]}
        if method == "POST":
            number = len(self.incidents)
            made = {"id": f"i{number}", "created_at": "2030-01-05T19:00:00Z", "incident_updates": [update], **fields}
            self.incidents.append(made)
            return 201, made
        found = self._find(path)
        if found is None:
            return 404, {"error": "not found"}
        found["incident_updates"].insert(0, update)
        found.update(fields)
        return 200, found


def statuspage_chosen(url: str, **more: Any) -> Settings:
    """Settings with this page, and two of the three components known there by their ids."""
    components = {"shared-databases": COMPONENTS[0], "deploys": COMPONENTS[1]}
    about = StatusSettings(statuspage_page=PAGE, statuspage_components=components, statuspage_url=url)
    return settings(status=about, statuspage_key=SecretStr(KEY), **more)


@contextmanager
def statuspage_peer() -> Iterator[Statuspage]:
    """Statuspage on a free port."""
    peer = Statuspage()

    class Api(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            key = self.headers["Authorization"] or ""
            status, answer = peer.answer(self.command, self.path, key, json.loads(body or b"{}"))
            if not status:
                self.close_connection = True
                return
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "20")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        do_POST = do_PATCH = do_GET  # noqa: N815 (http.server looks for these names)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with _served(Api) as port:
        peer.url = f"http://127.0.0.1:{port}/v1"
        yield peer
        peer.may_answer.set()


@contextmanager
def json_server() -> Iterator[Peer]:
    """HTTP as Apprise's json:// speaks it, on a free port."""
    peer = Peer()

    class Post(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if not peer.refuses:
                peer.take(Got(self.path, sent["title"], sent["message"]))
            self.send_response(503 if peer.refuses else 200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with _served(Post) as port:
        peer.url = f"json://127.0.0.1:{port}/hush-hush"
        yield peer
        peer.may_answer.set()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked was killed."""


@contextmanager
def _served(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    server = _Server(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
