"""One file that the app uploads."""

import base64
from dataclasses import dataclass

_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass
class File:
    """One file of the app's. `content` is base64; empty until it was uploaded."""

    id: str
    name: str
    size: int
    alt_txt: str
    created: int
    ticket: str
    content: str = ""
    title: str = ""
    shared: bool = False

    @property
    def body(self) -> bytes:
        """What was uploaded."""
        return base64.b64decode(self.content)

    @property
    def mimetype(self) -> str:
        """By its first bytes: a picture, or anything."""
        return "image/png" if self.body.startswith(_PNG) else "application/octet-stream"
