"""What people are reached by beside Slack, on this machine: a mail server and a push server, real ones."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class Got:
    """A message as it arrived."""

    to: str
    title: str
    body: str


@dataclass(slots=True)
class Peer:
    """A server, what it got, and the Apprise URL by which somebody is reached there. `refuses`: it takes nothing."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    refuses: bool = False
    arrived: Event = field(default_factory=Event)
    may_answer: Event = field(default_factory=Event)
    answered: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.may_answer.set()

    def hold(self) -> None:
        """Answer nothing from now on until `may_answer` is set."""
        for event in (self.arrived, self.may_answer, self.answered):
            event.clear()

    def take(self, got: Got) -> None:
        """Something has arrived: it is kept, and answered when that is allowed."""
        self.got.append(got)
        self.arrived.set()
        self.may_answer.wait()
        self.answered.set()

    def for_(self, name: str) -> str:
        return self.url.format(name=name)


class _Mail:
    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    async def handle_DATA(  # noqa: N802 (aiosmtpd calls it so)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self._peer.refuses:
            return "550 nobody here"
        message = message_from_bytes(
            envelope.content if isinstance(envelope.content, bytes) else b"", policy=policy.default
        )
        body = message.get_body(("plain",))
        text = str(body.get_content()) if body else ""
        got = Got(envelope.rcpt_tos[0], str(message["Subject"]), text.strip())
        await asyncio.to_thread(self._peer.take, got)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Peer]:
    """SMTP on a free port."""
    peer = Peer()
    # It asks itself whether it is up, at the port that it was told: a free one is looked for before.
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(_Mail(peer), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        sender = "from=watchbill@example.org&to={name}@example.org&mode=insecure"
        peer.url = f"mailto://127.0.0.1:{port}/?{sender}"
        yield peer
    finally:
        controller.stop()


@contextmanager
def push_server() -> Iterator[Peer]:
    """HTTP as ntfy speaks it, on a free port."""
    peer = Peer()

    class Push(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if not peer.refuses:
                peer.take(Got(sent["topic"], sent.get("title", ""), sent["message"]))
            self.send_response(500 if peer.refuses else 200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Push)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        peer.url = f"ntfy://127.0.0.1:{server.server_port}/{{name}}"
        yield peer
    finally:
        server.shutdown()
        server.server_close()
