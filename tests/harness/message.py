"""One message as a reader sees it."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = dict[str, Any]

BOT = "U0WATCHBIL"
_SAID = {None, "", "thread_broadcast", "bot_message"}
_DATE = re.compile(r"<!date\^(-?\d+)\^[^|>]*\|([^>]*)>")
_PERSON = re.compile(r"<@(\w+)(?:\|[^>]*)?>")
_GROUP = re.compile(r"<!subteam\^(\w+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#(\w+)(?:\|[^>]*)?>")

Names = Callable[[str], str]
"""Turns the id of a person or channel into `bob` or `general`."""


class Message:
    """A message, its texts made readable: `@bob` for a mention, `#general` for a channel, UTC for a date.

    What a person typed stays escaped: `&lt;` is still `&lt;`. `raw` is what the bot sent.
    """

    def __init__(self, body: Mapping[str, Any], channel: str, names: Names) -> None:
        self.body, self.channel = body, channel
        self._names = names
        self.ts: str = body["ts"]
        self.user: str = body.get("user", "")
        self.blocks: list[Json] = body.get("blocks") or []
        self.ephemeral = bool(body.get("ephemeral"))
        self.thread: str | None = body.get("thread_ts") if body.get("thread_ts") != body["ts"] else None

    @property
    def by(self) -> str:
        """The handle of who said it."""
        return self._names(self.user)

    @property
    def from_bot(self) -> bool:
        """Whether the bot said it."""
        return self.user == BOT or bool(self.body.get("bot_id"))

    @property
    def is_said(self) -> bool:
        """Whether somebody said it: `ada has joined` and the like are not said."""
        return self.body.get("subtype") in _SAID

    @property
    def raw(self) -> str:
        """The text and the texts of all blocks, as the bot sent them."""
        return "\n".join([self.body.get("text") or "", *texts(self.blocks)])

    @property
    def text(self) -> str:
        """The text and the texts of all blocks, readable."""
        return readable(self.raw, self._names)

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons, in order."""
        return [element["text"]["text"] for _, element in elements(self.blocks) if element["type"] == "button"]

    @property
    def reactions(self) -> list[str]:
        """The names of its reactions."""
        found = self.body.get("reactions") or {}
        return list(found) if isinstance(found, Mapping) else [one["name"] for one in found]

    def has(self, *words: str) -> bool:
        """Whether all these words stand in it."""
        return all(word in self.text for word in words)

    def button(self, label: str) -> tuple[Json, Json] | None:
        """The block and the button of this label; a trailing … may be left out."""
        for block, element in elements(self.blocks):
            if element["type"] == "button" and element["text"]["text"].rstrip("…") == label.rstrip("…"):
                return block, element
        return None

    def __repr__(self) -> str:
        return f"<{self.by} in {self._names(self.channel)}: {self.text[:300]!r}>"


def readable(text: str, names: Names) -> str:
    """Slack's tokens as a reader sees them."""
    text = _PERSON.sub(lambda found: f"@{names(found[1])}", text)
    text = _GROUP.sub(lambda found: f"@{names(found[1])}", text)
    text = _CHANNEL.sub(lambda found: f"#{names(found[1])}", text)
    return _DATE.sub(lambda found: found[2], text)


def texts(part: object, only: str = "") -> Iterator[str]:
    """All texts of blocks or of a view, in order; `only` those of type `mrkdwn` or `plain_text`."""
    if isinstance(part, list):
        for one in part:
            yield from texts(one, only)
    elif isinstance(part, dict):
        if part.get("type") in ("mrkdwn", "plain_text") and isinstance(part.get("text"), str):
            if only in ("", part["type"]):
                yield part["text"]
        else:
            for key, value in part.items():
                if key not in ("confirm", "options", "initial_option", "placeholder", "state"):
                    yield from texts(value, only)


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each interactive element with its block."""
    for block in blocks:
        inside = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        yield from ((block, one) for one in inside if isinstance(one, dict) and "action_id" in one)
