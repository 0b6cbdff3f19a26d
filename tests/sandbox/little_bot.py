"""A stand-in for the bot as a process: its development doors, and one call at Slack for each `GET /call`."""

import json
import os
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CLOCK = {"offset": float(os.environ["WATCHBILL_DEV_CLOCK_OFFSET"]), "now": 0.0, "next_due": None}


def post_to_slack() -> dict[str, Any]:
    """One message to #general; it dies here if the sandbox kills it."""
    url = f"{os.environ['SLACK_API_URL']}chat.postMessage?channel=general&text=from+the+bot"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {os.environ['SLACK_BOT_TOKEN']}"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


class Doors(BaseHTTPRequestHandler):
    """What the sandbox asks of the bot."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        answers: dict[str, Any] = {"/dev/clock": CLOCK, "/dev/settled": {"settled": True, "why": ""}, "/readyz": {}}
        answers["/environment"] = dict(os.environ)
        self._answer(post_to_slack() if path == "/call" else answers[path])

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        CLOCK["offset"] = body["offset"]
        print(f"clock {body['offset']:.0f}", flush=True)
        self._answer({"ok": True})

    def _answer(self, body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


if __name__ == "__main__":
    print("little bot", flush=True)
    port = int(os.environ["WATCHBILL_HTTP_PORT"])
    ThreadingHTTPServer((os.environ["WATCHBILL_HTTP_HOST"], port), Doors).serve_forever()
