"""HTTP to the sandbox: one connection for each thread, kept alive."""

import http.client
import json
import threading
from typing import Any
from urllib.parse import urlencode, urlsplit

Json = dict[str, Any]

LIMIT = 90.0
"""Real seconds; the sandbox gives up by itself before that."""


class Refused(Exception):
    """The sandbox said no."""


class Doors:
    """Everything the sandbox offers to tests."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._address = urlsplit(url).netloc
        self._mine = threading.local()
        self._all: list[http.client.HTTPConnection] = []

    def get(self, path: str, **query: str) -> Any:
        """GET, decoded."""
        return self._ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, **body: Any) -> Json:
        """POST of a JSON object, decoded."""
        answer: Json = self._ask("POST", path, body)
        return answer

    def delete(self, path: str) -> None:
        """DELETE."""
        self._ask("DELETE", path)

    def control(self, door: str, **body: Any) -> Json:
        """POST to a control; raises Refused."""
        answer = self.post(f"/control/{door}", **body)
        if not answer.get("ok"):
            raise Refused(f"/control/{door} {body}: {answer}")
        return answer

    def act(self, handle: str, act: str, **arguments: Any) -> Json:
        """What a person does; the answer may be a refusal."""
        return self.post("/ui/act", **{"as": handle, "act": act, **arguments})

    def close(self) -> None:
        """Let go of all connections."""
        for connection in self._all:
            connection.close()

    def _ask(self, method: str, path: str, body: Json | None = None) -> Any:
        connection = self._connection()
        payload = None if body is None else json.dumps(body).encode()
        try:
            connection.request(method, path, payload, {"Content-Type": "application/json"})
            return json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException):
            # What is half done on this connection must not answer the next question.
            connection.close()
            raise

    def _connection(self) -> http.client.HTTPConnection:
        found: http.client.HTTPConnection | None = getattr(self._mine, "connection", None)
        if found is None:
            found = self._mine.connection = http.client.HTTPConnection(self._address, timeout=LIMIT)
            self._all.append(found)
        return found
