"""A host of calendars on this machine, in a thread of its own: the outside world of `duty from`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass(frozen=True, slots=True)
class Page:
    """What is answered at a path. `hangs`: never, until the host is closed."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs: bool = False


class CalendarHost:
    """`pages` by path; `asked` are the paths in the order in which they were asked for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pages: dict[str, Page] = {}
        self.asked: list[str] = []
        self.closed = Event()


@contextmanager
def calendar_host() -> Iterator[CalendarHost]:
    """A running host; its `url` ends without a slash."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.asked.append(self.path)
            page = host.pages.get(self.path, Page(status=404))
            if page.hangs:
                host.closed.wait()
                return
            self.send_response(page.status)
            for name, value in {"Content-Length": str(len(page.body)), **page.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(page.body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: what was asked is in `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = CalendarHost(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield host
    finally:
        host.closed.set()
        server.shutdown()
        server.server_close()
        thread.join()


def calendar(*events: tuple[str, datetime, datetime], zone: str = "UTC") -> Page:
    """A calendar of single events: whose e-mail address, from when to when."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:tests", f"X-WR-TIMEZONE:{zone}"]
    for number, (who, starts, ends) in enumerate(events):
        times = f"DTSTART:{starts:%Y%m%dT%H%M%SZ}", f"DTEND:{ends:%Y%m%dT%H%M%SZ}"
        named = f"ATTENDEE:mailto:{who}" if "@" in who else f"DESCRIPTION:{who}"
        lines += ["BEGIN:VEVENT", f"UID:{number}", f"SUMMARY:On call: {who}", *times, named, "END:VEVENT"]
    return Page("\r\n".join([*lines, "END:VCALENDAR", ""]).encode())
