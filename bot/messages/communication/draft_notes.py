"""Short notes in the form of a public update, for whoever writes it."""

from bot.domain.incident import PersonId
from bot.domain.update import Update
from bot.messages.kit import at, person


def nothing_new(last: Update | None) -> str:
    """When there are no facts to draft from."""
    since = f" since update {last.number} at {at(last.published_at)}" if last and last.published_at else ""
    return f"I know of nothing new{since}. Say what you are doing, and when there will be news."


def asks_who(lead: PersonId | None) -> str:
    """For somebody who may not publish."""
    return f"You may not publish: I'll ask {person(lead)} to, and tell you what comes of it."
