"""Trades: somebody can't take a shift, and the others are asked one at a time whether they would exchange."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.incident import PersonId

SHORTEST_ANSWER = timedelta(minutes=10)
LONGEST_ANSWER = timedelta(hours=2)
# By then it must be known who comes: the boundary table begins.
SETTLED_BEFORE = timedelta(hours=1)


class TradeState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """`person` can't take `shift`; `asked` would take it and give `for_shift` (None: nothing) in return.

    `version` is the shift's when the question was asked.
    """

    id: int
    shift: int
    version: int
    person: PersonId
    asked: PersonId
    for_shift: int | None
    asked_at: datetime
    state: TradeState


def time_to_answer(starts_at: datetime, now: datetime, left: int) -> timedelta:
    """How long one person is given to answer when `left` people are still to be asked, this one included.

    The time until an hour before the shift, shared out; from ten minutes to two hours, so that nobody is hurried
    long before and nobody holds up the others shortly before.
    """
    share = (starts_at - SETTLED_BEFORE - now) / max(left, 1)
    return min(max(share, SHORTEST_ANSWER), LONGEST_ANSWER)


def in_order(candidates: Sequence[PersonId], rested: Sequence[PersonId]) -> list[PersonId]:
    """The candidates, the rested first; otherwise as they come."""
    return sorted(candidates, key=lambda person: person not in rested)
