"""Contacts: a person's own ways to be reached beside Slack, each an Apprise URL."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.domain.incident import PersonId
from bot.errors import WrongWords

MOST = 5
LONGEST = 500
# What comes within this after a notice is put together into the next one.
NOTICE_EVERY = timedelta(minutes=1)
_EXAMPLES = "For example `mailto://user:password@gmail.com`, `ntfys://ntfy.sh/my-topic` or `pover://user@token`."


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One way to reach a person. `shown` may be seen by anybody; the URL itself is sealed in the database.

    `failed_at` and `failure`: since when it fails, and the last reason; none while it works.
    """

    id: int
    person: PersonId
    secret: bytes
    shown: str
    added_at: datetime
    delivered_at: datetime | None
    failed_at: datetime | None
    failure: str
    removed_at: datetime | None


def read_url(text: str, schemes: Collection[str]) -> str:
    """The Apprise URL in what somebody typed. Raises WrongWords with a hint."""
    # Slack writes what it takes for an address as <address|shown>.
    url = re.sub(r"^<([^|>]+)(\|[^>]*)?>$", r"\1", text.strip().strip("`"))
    scheme, found, rest = url.partition("://")
    if not found or not rest or len(url) > LONGEST or re.search(r"\s", url):
        raise WrongWords("That is no Apprise URL.", _EXAMPLES)
    if scheme.lower() not in schemes:
        known = ", ".join(sorted(schemes)[:30])
        raise WrongWords(f"I don't wake people by `{scheme[:20]}`.", f"What I can use here: {known}.")
    return url


def masked(url: str) -> str:
    """What may be shown of a URL: its kind, and the mail server or the last three letters. Never a password."""
    scheme, _, rest = url.partition("://")
    if scheme.startswith("mailto"):
        return f"{scheme} at {(urlsplit(url).hostname or '')[:60]}"
    last = re.sub(r"\W", "", rest.split("?")[0])[-3:]
    return f"{scheme} …{last}" if len(rest) > 8 else scheme
