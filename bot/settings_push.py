"""Settings of where updates to customers are brought besides the page: what can't be, told in one sentence each."""

import re
from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.domain.impact import Part
from bot.settings_tables import StatusSettings

if TYPE_CHECKING:
    from bot.settings import Settings

_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{1,30}://\S+")


def check(status: StatusSettings, key: str, push: str, parts: Collection[Part]) -> None:
    """Raise ValueError for what can't work: a page without a key, components that there are not, no addresses."""
    if status.statuspage_page and not re.fullmatch(r"[\x21-\x7e]+", key):
        raise ValueError("status.statuspage_page: needs WATCHBILL_STATUSPAGE_KEY, the API key of a user of the page")
    if status.statuspage_components and not status.statuspage_page:
        raise ValueError("status.statuspage_components: needs status.statuspage_page, the ID of the page")
    known = {part.component for part in parts} | {f"{part.component}/{part.tier}" for part in parts}
    if strange := [name for name in status.statuspage_components if name not in known]:
        raise ValueError(f"status.statuspage_components: {strange[0]} is no component, or component/tier, of yours")
    if wrong := [place for place, url in enumerate(push.split(), 1) if not _URL.fullmatch(url)]:
        raise ValueError(f"WATCHBILL_STATUS_PUSH: number {wrong[0]} is no Apprise URL, such as ntfys://host/topic")


def targets_of(settings: "Settings") -> Mapping[str, str]:
    """The Apprise URLs, by a short hash of each: what is written down of them."""
    return {sha256(url.encode()).hexdigest()[:10]: url for url in settings.status_push.get_secret_value().split()}


def redacted(hash_: str, url: str) -> str:
    """How a URL is shown to the operator: what it speaks, and its hash."""
    return f"{url.partition('://')[0]}://… ({hash_})"


def without_secrets(text: str, url: str) -> str:
    """`text`, written by somebody who knew this URL, without its parts."""
    for part in sorted(re.split(r"[/:@?&=,]+", url.partition("://")[2]), key=len, reverse=True):
        if len(part) > 3:
            text = text.replace(part, "…")
    return text
