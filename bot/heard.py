"""What people said in Slack, as Slack describes it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.incident import PersonId
from bot.domain.text import clean

MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#[CGD][A-Z0-9]+(?:\|([^>]*))?>")
_GROUP = re.compile(r"<!subteam\^S[A-Z0-9]+(?:\|([^>]*))?>")
_SPECIAL = re.compile(r"<!(here|channel|everyone)(?:\|[^>]*)?>")
_DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
_LINK = re.compile(r"<((?:https?://|mailto:)[^|>]+)(?:\|[^>]*)?>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message: what it says, when it was said, and by whom; nobody, when no person said it."""

    words: str
    said_at: datetime
    author: PersonId | None


def heard(message: Mapping[str, Any]) -> Heard:
    """A message as the timeline keeps it. Of one that an app posted the app's name comes first."""
    words, author = words_of(message), message.get("user")
    if message.get("bot_id"):
        app = message.get("username") or (message.get("bot_profile") or {}).get("name")
        words, author = f"{clean(str(app))}: {words}" if app and words else words, None
    return Heard(words=words, said_at=moment_of(message["ts"]), author=author)


def as_typed(text: str) -> str:
    """Slack's escaped text as the person typed it; people stay `<@U…>`, everything else becomes plain text."""
    text = MENTION.sub(r"<@\1>", text)
    text = _CHANNEL.sub(lambda found: f"#{found.group(1) or 'private channel'}", text)
    text = _GROUP.sub(lambda found: found.group(1) or "@group", text)
    text = _SPECIAL.sub(r"@\1", text)
    text = _DATE.sub(r"\1", text)
    text = _LINK.sub(r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def words_of(message: Mapping[str, Any]) -> str:
    """What a message says, as typed and cleaned; of one without text what its attachments or files are called."""
    return next((words for text in _texts(message) if (words := clean(as_typed(text)))), "")


def _texts(message: Mapping[str, Any]) -> Iterator[str]:
    yield str(message.get("text") or "")
    for attachment in message.get("attachments") or []:
        yield from (str(attachment.get(name) or "") for name in ("fallback", "title", "text"))
    for file in message.get("files") or []:
        yield from (str(file.get(name) or "") for name in ("title", "name"))


def moment_of(ts: str) -> datetime:
    """When the message of this `ts` was said, to the microsecond: no two of a channel have the same."""
    seconds, _, micros = ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(micros.ljust(6, "0")[:6]))


def permalink(channel: str, ts: str, thread: str = "") -> str:
    """The address of a message; `thread` is the `ts` of the message that it replies to."""
    # slack.com sends whoever is signed in on to their own workspace.
    address = f"https://slack.com/archives/{channel}/p{ts.replace('.', '')}"
    return f"{address}?thread_ts={thread}&cid={channel}" if thread and thread != ts else address
