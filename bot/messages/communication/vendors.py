"""Vendor cases, on lines: in card, digest and briefing."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.text import format_duration
from bot.domain.vendor import VendorCase
from bot.messages.kit import at, typed

_NOTE_SHOWN = 200
_NAMED = 3


def name_of(case: VendorCase) -> str:
    """`AWS case 1234`, for mrkdwn."""
    return typed(case.name)


def vendor_lines(cases: Sequence[VendorCase], now: datetime) -> list[str]:
    """The open ones, each on a line of mrkdwn: `*AWS case 1234* high · Jane Doe · last word 55 min ago: …`."""
    return [vendor_line(case, now) for case in cases if case.is_open]


def vendor_line(case: VendorCase, now: datetime) -> str:
    """One of these lines."""
    parts = [f"*{name_of(case)}*{f' {typed(case.priority)}' if case.priority else ''}"]
    parts += [typed(case.contact)] if case.contact else []
    note = f": {typed(' '.join(case.note.split()), _NOTE_SHOWN)}" if case.note else ""
    return " · ".join([*parts, f"last word {format_duration(case.silent_for(now))} ago{note}"])


def count_line(cases: Sequence[VendorCase]) -> str:
    """`Vendors: AWS case 1234 (last word 14:05)`, where nothing counts on: of the open ones; empty without any."""
    told = [f"{name_of(case)} (last word {at(case.heard_at)})" for case in cases if case.is_open]
    more = f" and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
    return f"Vendors: {', '.join(told[:_NAMED])}{more}" if told else ""
