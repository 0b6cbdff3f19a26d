"""Text for customers, whoever wrote it: without what a reader can't see; and ids that tell nothing of ours."""

import re
from functools import lru_cache
from hashlib import sha256

# Control, bidirectional and zero-width characters, halves of pairs, private use and what is no character at all. As
# `bot.domain.text.clean`, which looks at each character: here whole pages pass. Joiners of emoji stay.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200c\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_ID_LENGTH = 12


def safe(text: str) -> str:
    """`text` without characters that move, hide or break what is around them; line breaks and tabs stay."""
    return text if text.isprintable() else _UNSEEN.sub("", text.replace("\r\n", "\n"))


def line(text: str) -> str:
    """The same on one line."""
    return " ".join(safe(text).split())


@lru_cache(maxsize=100_000)
def public_id(kind: str, key: str | int) -> str:
    """Twelve lower-case letters and digits, as Statuspage's ids are: always the same for the same thing."""
    digest = sha256(f"watchbill:{kind}:{key}".encode()).digest()
    # The bias of a byte towards the first letters does no harm.
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:_ID_LENGTH])
