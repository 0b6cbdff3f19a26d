"""The few Block Kit pieces that the bot uses, each cut to Slack's limits, and text made harmless.

Slack refuses a whole message for one field that is too long, so every builder shortens what it is given.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.text import shorten

Block = dict[str, Any]

_NAMED = re.compile(r"&lt;@([UW][A-Z0-9]+)(?:\|[^&]*)?&gt;")

TEXT_LIMIT = 3000
HEADER_LIMIT = 150
BUTTON_LIMIT = 75
OPTION_LIMIT = 75
FIELD_LIMIT = 2000
MESSAGE_TEXT_LIMIT = 3900


@dataclass(frozen=True, slots=True)
class Message:
    """What is said: `text` for notifications and screen readers, `blocks` for everyone else."""

    text: str
    blocks: list[Block] = field(default_factory=list)

    def as_arguments(self) -> dict[str, Any]:
        """The arguments of a call that posts or updates it."""
        arguments: dict[str, Any] = {"text": cut(self.text, MESSAGE_TEXT_LIMIT)}
        return arguments | ({"blocks": self.blocks} if self.blocks else {})


def escape(text: str) -> str:
    """Text that somebody typed, for mrkdwn: no mention, link or date of theirs works in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str, limit: int = TEXT_LIMIT) -> str:
    """What somebody typed, for mrkdwn: escaped, except that the people they named stay named; cut to `limit`."""
    return cut(_NAMED.sub(r"<@\1>", escape(text)), limit)


def cut(text: str, limit: int) -> str:
    """Escaped mrkdwn, cut to `limit` without leaving half an entity or half a `<…>` at the end."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    for opening, closing in (("<", ">"), ("&", ";")):
        last = kept.rfind(opening)
        if last > kept.rfind(closing):
            kept = kept[:last]
    return kept.rstrip() + "…"


def person(person_id: str | None) -> str:
    return f"<@{person_id}>" if person_id else "nobody"


def at(when: datetime, style: str = "{date_short_pretty} {time}") -> str:
    """A time that each reader sees in their own zone; where it can't be shown so, in UTC."""
    fallback = when.strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(when.timestamp())}^{style}|{fallback}>"


def clock_time(when: datetime, zone: ZoneInfo) -> str:
    """A time on somebody's own wall: `Sat 21 Nov 16:00 CET`."""
    return when.astimezone(zone).strftime("%a %-d %b %H:%M %Z")


def span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """From when to when on somebody's own wall, less than a week apart: `Sat 21 Nov 16:00 to Sun 00:00 EST`."""
    begins, ends = start.astimezone(zone), end.astimezone(zone)
    zone_of_start = f" {begins:%Z}" if begins.tzname() != ends.tzname() else ""
    day_of_end = f"{ends:%a} " if begins.date() != ends.date() else ""
    return f"{begins:%a %-d %b %H:%M}{zone_of_start} to {day_of_end}{ends:%H:%M %Z}"


def mrkdwn(text: str, limit: int = TEXT_LIMIT) -> Block:
    # verbatim: Slack must not find names, channels and addresses in text that people typed.
    return {"type": "mrkdwn", "text": cut(text, limit) or " ", "verbatim": True}


def plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": shorten(text, limit) or " ", "emoji": True}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER_LIMIT)}


def section(text: str, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | ({"accessory": accessory} if accessory else {})


def fields(texts: Sequence[str]) -> Block:
    """Up to ten short texts in two columns."""
    return {"type": "section", "fields": [mrkdwn(text, FIELD_LIMIT) for text in texts[:10]]}


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text, FIELD_LIMIT) for text in texts[:10]]}


def divider() -> Block:
    return {"type": "divider"}


def button(text: str, action_id: str, value: str, style: str = "", confirm: Block | None = None) -> Block:
    made: Block = {"type": "button", "text": plain(text, BUTTON_LIMIT), "action_id": action_id, "value": value}
    made |= {"style": style} if style else {}
    return made | ({"confirm": confirm} if confirm else {})


def link_button(text: str, action_id: str, url: str) -> Block:
    return {"type": "button", "text": plain(text, BUTTON_LIMIT), "action_id": action_id, "url": url}


def are_you_sure(title: str, text: str, yes: str, no: str) -> Block:
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def option(text: str, value: str, description: str = "") -> Block:
    made: Block = {"text": plain(text, OPTION_LIMIT), "value": value}
    return made | ({"description": plain(description, OPTION_LIMIT)} if description else {})


def select(action_id: str, options: Sequence[Block], initial: str = "") -> Block:
    """A menu; `initial` is the value of the option chosen at first."""
    made: Block = {"type": "static_select", "action_id": action_id, "options": list(options)}
    chosen = [found for found in options if found["value"] == initial]
    return made | ({"initial_option": chosen[0]} if chosen else {})


def checkboxes(action_id: str, options: Sequence[Block]) -> Block:
    return {"type": "checkboxes", "action_id": action_id, "options": list(options)}


def text_input(
    action_id: str, *, limit: int = TEXT_LIMIT, initial: str = "", many_lines: bool = False, hint: str = ""
) -> Block:
    made: Block = {"type": "plain_text_input", "action_id": action_id, "max_length": min(limit, TEXT_LIMIT)}
    made |= {"multiline": True} if many_lines else {}
    made |= {"initial_value": initial[: min(limit, TEXT_LIMIT)]} if initial else {}
    return made | ({"placeholder": plain(hint, 150)} if hint else {})


def field_input(block_id: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    made: Block = {"type": "input", "block_id": block_id, "label": plain(label, 2000), "element": element}
    made |= {"optional": True} if optional else {}
    return made | ({"hint": plain(hint, 2000)} if hint else {})


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    callback_id: str = "",
    submit: str = "",
    close: str = "Cancel",
    metadata: str = "",
) -> Block:
    """A modal view; without `submit` it only shows something."""
    made: Block = {"type": "modal", "title": plain(title, 24), "blocks": list(blocks)[:100], "close": plain(close, 24)}
    made |= {"callback_id": callback_id} if callback_id else {}
    made |= {"submit": plain(submit, 24)} if submit else {}
    return made | ({"private_metadata": metadata} if metadata else {})


def home(blocks: Sequence[Block]) -> Block:
    return {"type": "home", "blocks": list(blocks)[:100]}


def said(text: str, *more: Block) -> Message:
    """A message of one paragraph, and blocks under it."""
    return Message(text, [section(text), *more])


def metadata(key: str) -> Mapping[str, Any]:
    """What marks a post as ours, so that an uncertain one can be found again in the channel's history."""
    return {"event_type": "watchbill", "event_payload": {"key": key}}
