"""An object store on this machine that speaks as much of S3 as a page needs: whole objects, put, got and deleted.

What real clients make of it was compared with moto's server, whose own client can't live beside our python-dateutil.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import fromstring

BUCKET = "public"
_KEPT = ("Content-Type", "Cache-Control")


@dataclass(slots=True)
class ObjectPeer:
    """`held`: what lies in the bucket, by key, with its headers. `down`: it hangs up on everyone; `hold` it, and it
    answers nothing until `may_answer` is set. `refuses`: it lets nobody write."""

    env: dict[str, str] = field(default_factory=dict)
    held: dict[str, tuple[bytes, dict[str, str]]] = field(default_factory=dict)
    down: bool = False
    refuses: bool = False
    asked: Event = field(default_factory=Event)
    may_answer: Event = field(default_factory=Event)
    put: Condition = field(default_factory=Condition)

    def __post_init__(self) -> None:
        self.may_answer.set()

    def hold(self) -> None:
        """Answer nothing from now on; `asked` is set when somebody waits for it."""
        self.asked.clear()
        self.may_answer.clear()

    def content(self, key: str) -> bytes:
        return self.held[key][0]

    def gets(self, key: str, words: bytes) -> bool:
        """Whether these words stand there, within 20 s."""
        with self.put:
            return self.put.wait_for(lambda: key in self.held and words in self.content(key), 20)


@contextmanager
def object_store() -> Iterator[ObjectPeer]:
    """On a free port, with one bucket. `env` is what a client of it needs in its environment."""
    peer = ObjectPeer()
    server = _Server(peer)
    peer.env.update(
        AWS_ENDPOINT_URL=f"http://127.0.0.1:{server.server_port}",
        AWS_ALLOW_HTTP="true",
        AWS_REGION="eu-central-1",
        AWS_ACCESS_KEY_ID="AKIATEST",
        AWS_SECRET_ACCESS_KEY="secret",
    )
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        peer.may_answer.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Sixteen files come at a time.
    request_queue_size = 64

    def __init__(self, peer: ObjectPeer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.peer = peer


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def _serve(self) -> None:
        peer = self.server.peer
        peer.asked.set()
        peer.may_answer.wait()
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        bucket, _, key = unquote(urlsplit(self.path).path).removeprefix("/").partition("/")
        if peer.down:
            return
        if not self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256 Credential=AKIATEST/"):
            self._refuse(403, "InvalidAccessKeyId")
        elif bucket != BUCKET:
            self._refuse(404, "NoSuchBucket")
        elif self.command == "PUT":
            self._put(key, sent)
        elif self.command == "POST":
            self._delete([one.text or "" for one in fromstring(sent).iter() if one.tag.endswith("Key")])
        elif key not in peer.held:
            self._refuse(404, "NoSuchKey")
        else:
            content, headers = peer.held[key]
            self._answer(200, headers, content)

    do_GET = do_HEAD = do_PUT = do_POST = _serve  # noqa: N815 (http.server calls them so)

    def _put(self, key: str, content: bytes) -> None:
        peer = self.server.peer
        if peer.refuses:
            self._refuse(403, "AccessDenied")
            return
        headers = {name: self.headers[name] for name in _KEPT if name in self.headers}
        headers["ETag"] = f'"{md5(content, usedforsecurity=False).hexdigest()}"'
        with peer.put:
            peer.held[key] = content, headers
            peer.put.notify_all()
        self._answer(200, {"ETag": headers["ETag"]}, b"")

    def _delete(self, keys: list[str]) -> None:
        """The way in which S3 takes many at once."""
        for key in keys:
            self.server.peer.held.pop(key, None)
        gone = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self._answer(200, {"Content-Type": "application/xml"}, f"<DeleteResult>{gone}</DeleteResult>".encode())

    def _refuse(self, status: int, code: str) -> None:
        self._answer(status, {"Content-Type": "application/xml"}, f"<Error><Code>{code}</Code></Error>".encode())

    def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        said = {"Content-Length": str(len(content)), "Last-Modified": formatdate(usegmt=True)}
        for name, value in {**headers, **said}.items():
            self.send_header(name, value)
        # Whoever was kept waiting may have gone.
        with suppress(OSError):
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """It says nothing."""
