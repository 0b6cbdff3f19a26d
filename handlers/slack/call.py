"""What a handler is given and what it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.incident import Incident, PersonId
from bot.errors import WrongWords
from bot.messages.kit import Block, Message
from bot.settings import Settings
from storage.store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asked for something, where, and with what words."""

    by: PersonId
    channel_id: str
    text: str
    response_url: str = ""
    # Unique to this delivery; a second delivery has the same.
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A command or button on its way to be done: inside a transaction, its incident found, permission checked."""

    tx: Tx
    settings: Settings
    asked: Asked
    rest: str
    found: Incident | None = None

    @property
    def by(self) -> PersonId:
        return self.asked.by

    @property
    def incident(self) -> Incident:
        """The incident it is about. Only what asks for one in its table may use this."""
        if self.found is None:
            raise WrongWords("Which incident?", "Name it: `/incident show INC-7`")
        return self.found


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer: a message for this person's eyes, or a form to open. `fields`: what is wrong with which of a form."""

    message: Message | None = None
    view: Block | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    read_by_commander_of: int | None = None
    # It holds what nobody else may ever read: it is told once, and not kept for a second delivery.
    secret: bool = False
