"""Asks to managers, on lines: in card, digest and briefing."""

from collections.abc import Sequence

from bot.domain.need import Need
from bot.messages.kit import at, typed

_LINE = 200


def need_lines(needs: Sequence[Need]) -> list[str]:
    """The open ones, each on a line of mrkdwn: `1. a budget (since 14:05)`."""
    return [f"{need.number}. {typed(need.text, _LINE)} (since {at(need.asked_at)})" for need in needs if need.is_open]


def count_line(needs: Sequence[Need]) -> str:
    """`Asks: 2 open`; empty when none is."""
    count = sum(need.is_open for need in needs)
    return f"Asks: {count} open" if count else ""
