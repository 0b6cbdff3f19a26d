"""How payloads reach the app: by sockets that it opens, or by requests that it takes."""

from typing import Protocol

from sandbox.identity import Json
from sandbox.socket_mode import Ack


class Delivery(Protocol):
    """One of the two."""

    @property
    def connections(self) -> int:
        """How many ways to the app are open, as far as is known."""

    async def send(self, kind: str, payload: Json, retry: Json | None = None) -> Ack:
        """Send one payload and wait for its ack."""
