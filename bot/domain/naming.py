"""Names of incident channels: what Slack accepts, made from what people typed."""

import re
import unicodedata

# Slack's limit.
CHANNEL_NAME_LIMIT = 80
DEFAULT_PATTERN = "inc-{number}-{title}"


def slug(text: str) -> str:
    """`text` as lower-case ASCII words joined by hyphens; empty when nothing of it can be written so."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def channel_name(pattern: str, number: int, title: str, attempt: int = 1) -> str:
    """The channel's name for this incident; from the second `attempt` on with a suffix.

    `pattern` holds `{number}` and may hold `{title}`. At most 80 characters, of a-z, 0-9, hyphen and underscore.
    """
    suffix = f"-{attempt}" if attempt > 1 else ""
    # The title gives way: the number must not be cut off.
    room = max(0, CHANNEL_NAME_LIMIT - len(suffix) - len(pattern.format(number=number, title="")))
    raw = pattern.format(number=number, title=slug(title)[:room]).lower()
    name = re.sub(r"-{2,}", "-", re.sub(r"[^a-z0-9_-]+", "-", raw)).strip("-")
    return name[: CHANNEL_NAME_LIMIT - len(suffix)].rstrip("-") + suffix
