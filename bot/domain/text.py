"""Text that people typed: made safe to keep, cut to a length, and read for durations and links."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from difflib import SequenceMatcher, get_close_matches
from itertools import takewhile
from urllib.parse import urlsplit

TITLE_LIMIT = 150
SOURCE_LIMIT = 100
# Longer ones don't fit into the fields and buttons that show them.
LINK_LIMIT = 1000
# A note may be as long as a person likes; this keeps one paste from filling the disk.
TEXT_LIMIT = 40_000

_DURATION = re.compile(
    r"(?:(\d{1,3}(?:[.,]\d{1,2})?)\s*h(?:(?:ou)?rs?)?)?\s*(?:(\d{1,4})\s*m(?:in(?:ute)?s?)?)?", re.IGNORECASE
)
# Marks that a reader can't see but that move, hide or join the text around them.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
# Emoji are built with these two; taking them away would change what people see.
_KEPT = {"\u200d", "\ufe0f"}


def clean(text: str) -> str:
    """`text` without control, bidirectional and zero-width characters; line breaks stay."""
    kept = (
        c for c in text.replace("\r\n", "\n") if c in "\n\t" or c in _KEPT or unicodedata.category(c) not in _INVISIBLE
    )
    return "".join(kept).strip()[:TEXT_LIMIT].rstrip()


def clean_line(text: str) -> str:
    """`text` cleaned, on one line, runs of white space made one; empty when nothing visible is left."""
    line = " ".join(clean(text).split())
    return line if set(line) - _KEPT - {" "} else ""


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters of `text`, with … where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def parse_duration(text: str) -> timedelta | None:
    """`8h`, `8 hours`, `1.5h`, `90 min`, `1h30m` in whole minutes; None when it is not a duration or is nothing."""
    found = _DURATION.fullmatch(text.strip())
    if not found:
        return None
    hours = float((found.group(1) or "0").replace(",", "."))
    return timedelta(minutes=round(hours * 60) + int(found.group(2) or 0)) or None


def format_duration(duration: timedelta, *, days: bool = True) -> str:
    """`8 h 12 min`, `3 d 4 h`, `less than a minute`: the two largest units, never a negative.

    Without `days` hours are the largest: a shift is `24 h` long, not `1 d`.
    """
    minutes = max(0, int(duration.total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    if days and hours >= 24:
        return f"{hours // 24} d {hours % 24} h" if hours % 24 else f"{hours // 24} d"
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{rest} min" if rest else "less than a minute"


def is_web_link(text: str) -> bool:
    """Whether `text` is one http or https address with a host and nothing that could break out of a Slack link."""
    if re.search(r"[\s<>|]", text) or len(text) > LINK_LIMIT:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def is_contact_link(text: str) -> bool:
    """Whether it is one address on the web, as `is_web_link` has it, or one of a mailbox: `mailto:help@example.com`."""
    is_mailbox = re.fullmatch(r"mailto:[\w.+-]+@[\w-]+(\.[\w-]+)*", text) is not None
    return is_web_link(text) or (is_mailbox and len(text) <= LINK_LIMIT)


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` that `word` was most likely meant to be."""
    wanted = word.lower()
    found = get_close_matches(wanted, list(words), n=5, cutoff=0.6)
    # People get the beginning of a word right: `decide` is meant to be `decision`, not `declare`.
    return max(found, key=lambda close: _shared_beginning(wanted, close), default=None)


def _shared_beginning(one: str, other: str) -> int:
    """How many characters two words begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def alike(one: str, other: str) -> bool:
    """Whether two titles probably mean the same outage."""
    return SequenceMatcher(None, one.lower(), other.lower()).ratio() >= 0.6
