"""Status updates: what is told to whom, and what was promised about the next one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.domain.incident import PersonId, State

# A public text is read on a phone; and this is what a field of a form holds.
PUBLIC_LIMIT = 3000
# Of cause and estimate.
LINE_LIMIT = 300


class Audience(StrEnum):
    """Whom an update is for: the people of the workspace, or customers."""

    INTERNAL = "internal"
    PUBLIC = "public"


class UpdateState(StrEnum):
    """A draft waits for somebody who may publish; a held one says nearly what the last one said."""

    DRAFT = "draft"
    HELD = "held"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    DISCARDED = "discarded"


class Cause(StrEnum):
    """How sure one is of the cause."""

    UNKNOWN = "unknown"
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"


class PromiseState(StrEnum):
    """How the promise of the next update ended. Only an update on time and not a repetition keeps it."""

    OPEN = "open"
    KEPT = "kept"
    LATE = "late"
    REPEATED = "repeated"
    # The severity changed, or the incident ended before it was due.
    REPLACED = "replaced"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What somebody writes for customers. `title` is set by the first update, and by a correction that changes it.

    An estimate is a moment or words; when there is neither, `no_estimate_why` says why. `next_at`: None is by cadence.
    """

    text: str
    incident_state: State
    cause: Cause = Cause.UNKNOWN
    cause_text: str = ""
    estimate_at: datetime | None = None
    estimate_text: str = ""
    no_estimate_why: str = ""
    next_at: datetime | None = None
    title: str = ""


class Estimated(Protocol):
    """Anything that says when it will be over, or why nobody can say."""

    @property
    def estimate_at(self) -> datetime | None: ...
    @property
    def estimate_text(self) -> str: ...
    @property
    def no_estimate_why(self) -> str: ...


def estimate_words(said: Estimated, when: Callable[[datetime], str]) -> str:
    """What customers read of the estimate, with its moment as `when` shows it; empty when nothing is said of it."""
    if said.estimate_at:
        return f"We expect it to be over by {when(said.estimate_at)}."
    if said.estimate_text:
        return f"When it will be over: {said.estimate_text}"
    return f"We can't say yet when it will be over: {said.no_estimate_why}" if said.no_estimate_why else ""


class Said(Estimated, Protocol):
    """Anything that customers are told: what is written, and what an update of the page is made of."""

    @property
    def text(self) -> str: ...
    @property
    def cause(self) -> Cause: ...
    @property
    def cause_text(self) -> str: ...


_CAUSE = {Cause.SUSPECTED: "Suspected", Cause.CONFIRMED: "Confirmed"}


def cause_words(said: Said, *, is_over: bool) -> str:
    """What stands beside *Cause*: `Suspected: a cable`; empty when it is unknown and the incident is over."""
    if said.cause is Cause.UNKNOWN:
        return "" if is_over else "Not known yet"
    return f"{_CAUSE[said.cause]}: {said.cause_text}" if said.cause_text else _CAUSE[said.cause]


def customer_paragraphs(said: Said, when: Callable[[datetime], str], *, is_over: bool) -> list[str]:
    """An update as customers read it, in plain text, a paragraph each: what is said, the cause, the estimate."""
    more = (_cause_sentence(said, is_over=is_over), estimate_words(said, when))
    return [said.text, *(one for one in more if one)]


def _cause_sentence(said: Said, *, is_over: bool) -> str:
    """The same where nothing stands beside it: `Suspected cause: a cable`."""
    if said.cause in _CAUSE:
        return f"{_CAUSE[said.cause]} cause: {said.cause_text or 'we say more soon'}"
    return "" if is_over else "The cause is not known yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One update, from draft to published and corrected; `number` counts from 1 within the incident."""

    id: int
    incident: int
    number: int
    audience: Audience
    state: UpdateState
    words: Words
    facts: Mapping[str, Any] = field(default_factory=dict)
    written_by: PersonId
    written_at: datetime
    published_by: PersonId | None = None
    published_at: datetime | None = None
    repeated: bool = False
    corrects: int | None = None
    message_channel: str | None = None
    message_ts: str | None = None

    @property
    def is_public(self) -> bool:
        return self.audience is Audience.PUBLIC

    @property
    def waits(self) -> bool:
        """Whether it was written and not sent."""
        return self.state in (UpdateState.DRAFT, UpdateState.HELD)

    @property
    def was_sent(self) -> bool:
        return self.published_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """That the next public update comes by `due_at`. How it was kept is data; `snoozed_from`: when it was due first."""

    id: int
    incident: int
    due_at: datetime
    snoozed_from: datetime | None
    state: PromiseState
    kept_by: int | None
    settled_at: datetime | None
    made_at: datetime

    @property
    def is_open(self) -> bool:
        return self.state is PromiseState.OPEN
