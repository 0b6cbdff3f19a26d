"""Effects: what must be done in Slack, kept until it is done, and what to do when a try fails."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

LEASE = timedelta(seconds=30)
# How long Slack is given between two looks for something that may have arrived after all.
SETTLE = timedelta(seconds=20)
LOOKS = 2
LONGEST_BACKOFF = timedelta(seconds=60)
# Nothing waits longer than this, a long rate limit included: a row that seems to, waits for a clock that was set back.
LONGEST_DELAY = timedelta(minutes=10)
# A bug is tried so often, in case it was the moment's; then the next of the lane has its turn.
MOST_BUGS = 10


class EffectKind(StrEnum):
    """What is to be done. The names are kept in the database: never rename one."""

    CREATE_CHANNEL = "create-channel"
    INVITE = "invite"
    CARD = "card"
    PIN = "pin"
    TOPIC = "topic"
    BOOKMARK = "bookmark"
    ANNOUNCEMENT = "announcement"
    ANNOUNCED = "announced"
    POST = "post"
    UPDATE = "update"
    OFFER = "offer"
    RESPOND = "respond"
    HOME = "home"
    SWEEP = "sweep"
    BRIEFING = "briefing"
    PRESENCE = "presence"
    USERGROUP = "usergroup"
    GROUPS = "groups"
    MEMBERS = "members"
    NOTICE = "notice"
    CALENDAR = "calendar"
    PINNED = "pinned"
    NOTIFY = "notify"
    PROBE = "probe"
    DIGEST = "digest"
    CHART = "chart"
    PROGRESS = "progress"
    # what customers are told, brought elsewhere
    STATUSPAGE = "statuspage"
    STATUS_PUSH = "status-push"
    # of what is left with Slack
    LEAVE = "leave"
    TAKE_BACK = "take-back"
    LOOK_AFTER = "look-after"
    SET_RIGHT = "set-right"
    COUNT_LEFT = "count-left"


# What has somewhere else to go when an incident's channel could not be created: the rest waits for one.
WITHOUT_CHANNEL = frozenset(
    {
        EffectKind.ANNOUNCEMENT,
        EffectKind.ANNOUNCED,
        EffectKind.POST,
        EffectKind.UPDATE,
        EffectKind.OFFER,
        EffectKind.BRIEFING,
        EffectKind.LEAVE,
    }
)


class EffectState(StrEnum):
    """Sending is a state under a lease: it can't be held by somebody dead for ever."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One row of the outbox. `key` is derived from what it is about; in one `lane` all goes out in order."""

    id: int
    key: str
    kind: EffectKind
    lane: str
    incident: int | None
    intent: Mapping[str, Any]
    sends: int
    absences: int
    failures: int
    first_try_at: datetime | None
    created_at: datetime


def backoff(failures: int) -> timedelta:
    """How long to wait after the n-th failure in a row: 1, 2, 4 … seconds, at most a minute."""
    return min(timedelta(seconds=2 ** min(failures - 1, 10)), LONGEST_BACKOFF)


def must_look_first(effect: Effect) -> bool:
    """Whether Slack may have this one already, and has not yet twice said that it doesn't."""
    return effect.sends > 0 and effect.absences < LOOKS
