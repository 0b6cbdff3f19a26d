"""What is still open when an incident is resolved, on a line each."""

from bot.domain.left_open import LeftOpen
from bot.messages.communication.vendors import name_of
from bot.messages.kit import person, typed

_MOST = 5
_TEXT = 120


def left_open_lines(left: LeftOpen) -> list[str]:
    """Asks, vendor cases and pages, each with how it is ended; empty when nothing is open."""
    asks = [f"• Ask {one.number}: {typed(one.text, _TEXT)} (`/incident ask done {one.number}`)" for one in left.needs]
    cases = [f"• *{name_of(case)}* (`/incident vendor … closed`)" for case in left.cases]
    pages = [f"• {person(one)} was being woken: that has ended." for one in dict.fromkeys(p.person for p in left.pages)]
    return [*_some(asks, "`/incident asks`"), *_some(cases, "`/incident vendors`"), *pages]


def _some(lines: list[str], where: str) -> list[str]:
    more = [f"• and {len(lines) - _MOST} more: {where}"] if len(lines) > _MOST else []
    return [*lines[:_MOST], *more]
