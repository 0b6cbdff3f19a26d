"""Fallbacks: messages left with Slack for the case that the bot's machine is dead when they are due.

Slack answers `ok` to a deletion less than about five minutes before it posts, and posts all the same. So each fallback
freezes before its time: from then on the bot neither takes it back nor says the same itself, and looks afterwards.
`tests/faults/deadman_simulation.py` plays these decisions against a Slack that does its worst.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from hashlib import sha256

from bot.domain.incident import PersonId

# After the boundary: a bot that is alive has long said it by then.
AFTER_BOUNDARY = timedelta(minutes=10)
# Slack takes messages for 120 days; whose plan reaches further than this is changed before.
HORIZON = timedelta(days=14)
FREEZE = timedelta(minutes=6)
# What the bot says itself must leave the time to take the fallback back.
TO_TAKE_BACK = timedelta(minutes=1)
LOOK_AFTER = timedelta(seconds=60)
# The bot's own: when it was not seen for so long, Slack says so; it is left anew so often.
SILENCE = timedelta(minutes=30)
LEFT_ANEW = timedelta(minutes=10)


class FallbackState(StrEnum):
    """Planned, then left with Slack; it ends withdrawn, posted by Slack, or given up."""

    PLANNED = "planned"
    LEFT = "left"
    WITHDRAWN = "withdrawn"
    POSTED = "posted"
    GIVEN_UP = "given-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """One such message. Slack posts it at `post_at` unless the bot withdraws it before.

    `reason` is why it is not wanted any more, from when that is so; it may still be with Slack then.
    """

    id: int
    key: str
    incident: int | None
    subject: int | None
    version: int
    target: PersonId | str
    message: str
    post_at: datetime
    state: FallbackState
    scheduled_id: str | None
    ts: str | None
    reason: str
    made_at: datetime
    settled_at: datetime | None

    @property
    def ref(self) -> str:
        """What stands in its text and its block_id, so that it is found again: it can carry no metadata."""
        return ref_of(self.key)


class AfterLook(Enum):
    """What becomes of a fallback once Slack was looked at, after its time."""

    ADOPT = "it becomes the bot's own message"
    DELETE = "the bot has said it as well: the copy goes"
    SET_RIGHT = "it is posted and wrong: its text is corrected"
    SAY = "it was not posted: the bot says it"
    NOTHING = "it was not posted, and need not be said"


def ref_of(key: str) -> str:
    """`h-1f0c9a27`: short, and the same whenever it is asked for."""
    return f"h-{sha256(key.encode()).hexdigest()[:8]}"


def post_time(boundary: datetime) -> datetime:
    """When Slack is to post the fallback of a boundary: in whole seconds, as Slack counts."""
    due = boundary + AFTER_BOUNDARY
    return due if due.microsecond == 0 else due.replace(microsecond=0) + timedelta(seconds=1)


def may_be_changed(post_at: datetime, now: datetime) -> bool:
    """Whether a fallback may still be left or taken back: not once it is frozen."""
    return now < post_at - FREEZE


def may_be_said(post_at: datetime, now: datetime) -> bool:
    """Whether the bot may say itself what a fallback says that Slack has or may have.

    Not once there is too little time to take it back afterwards, and not before Slack was looked at.
    """
    return now < post_at - FREEZE - TO_TAKE_BACK


def look_at(post_at: datetime) -> datetime:
    """When to look whether Slack has posted it."""
    return post_at + LOOK_AFTER


def after_look(*, found: bool, wanted: bool, said: bool, ended: bool = False) -> AfterLook:
    """What to do once Slack was looked at: `found` there, or twice absent.

    `wanted`: the handoff still waits to be said. `said`: the bot's own message of it stands in Slack already.
    `ended`: the handoff was made, and is over without a message of its own.
    """
    if not found:
        return AfterLook.SAY if wanted and not said else AfterLook.NOTHING
    if said:
        return AfterLook.DELETE
    return AfterLook.ADOPT if wanted or ended else AfterLook.SET_RIGHT
