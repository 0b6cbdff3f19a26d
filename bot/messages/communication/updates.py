"""Status updates as customers see them, and how punctual they are, in a line.

What goes to customers is plain text everywhere: nothing in it is a mention, a link or bold, here or on a page.
"""

from datetime import datetime

from bot.domain.cadence import lateness
from bot.domain.draft import utc
from bot.domain.incident import OPEN_STATES
from bot.domain.overview import Overview
from bot.domain.text import format_duration, shorten
from bot.domain.update import Words, customer_paragraphs
from bot.messages.kit import HEADER_LIMIT, Block, at, plain, typed

_PLAIN_LIMIT = 3000
_GLANCE = 140
# `:fire:` is no picture on a page.
_AS_TYPED = {"emoji": False}


def plainly(text: str) -> Block:
    """A paragraph of plain text: what people typed shows as they typed it."""
    return {"type": "section", "text": plain(text, _PLAIN_LIMIT) | _AS_TYPED}


def customer_lines(words: Words, due: datetime | None, now: datetime) -> list[str]:
    """What customers read under the title, a paragraph each, in plain text. Every time is in UTC."""
    is_over = words.incident_state not in OPEN_STATES
    said = customer_paragraphs(words, lambda moment: utc(moment, now), is_over=is_over)
    return [str(words.incident_state).capitalize(), *said, *([f"Next update by {utc(due, now)}."] if due else [])]


def customer_view(title: str, words: Words, due: datetime | None, now: datetime) -> list[Block]:
    """An update as customers see it."""
    head = {"type": "header", "text": plain(title, HEADER_LIMIT) | _AS_TYPED}
    return [head, *(plainly(line) for line in customer_lines(words, due, now))]


def update_line(overview: Overview, *, counting: bool = True) -> str:
    """`Last public update 14:05; next due 14:35, *late by 12 min*`, one line of mrkdwn; empty when there is nothing.

    `counting`: whether it may count minutes: what stands still, as a card does, says `*late*`.
    """
    parts = []
    if overview.last_update:
        parts.append(f"Last public update {at(overview.last_update.published_at or overview.now)}")
    if overview.promise:
        known = overview.last_update is not None
        name = "next due" if known else "First public update due"
        parts.append(f"{name} {at(overview.promise.due_at)}{_late(overview, counting)}")
    return "; ".join(parts)


def _late(overview: Overview, counting: bool) -> str:
    promise = overview.promise
    if promise is None:
        return ""
    if late := lateness(promise, overview.now):
        return f", *late by {format_duration(late)}*" if counting else ", *late*"
    return " (put off once)" if promise.snoozed_from else ""


def late_mark(overview: Overview) -> str:
    """`public update *late by 12 min*` while it is; else empty."""
    late = lateness(overview.promise, overview.now) if overview.promise else None
    return f"public update *late by {format_duration(late)}*" if late else ""


def internal_line(overview: Overview) -> str:
    """The last thing that was told inside, in one line; empty when nothing was."""
    last = overview.last_internal
    if last is None or last.published_at is None:
        return ""
    flat = " ".join(last.words.text.split())
    return f"Last internal update {at(last.published_at)}: {typed(shorten(flat, _GLANCE))}"


def update_lines(overview: Overview) -> list[str]:
    """Both for the card, as far as there is anything to say."""
    return [line for line in (update_line(overview, counting=False), internal_line(overview)) if line]
