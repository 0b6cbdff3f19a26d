"""Resolving, whoever asks for it and how: done, and answered with what is still open."""

from bot.actions.incident import ending
from bot.actions.incident.left_open import left_open
from bot.domain.incident import Incident, PersonId
from bot.messages import replies
from bot.messages.communication.left_open import left_open_lines
from bot.messages.communication.update_texts import after_resolving
from bot.messages.kit import Message, section
from storage import updates
from storage.store import Tx


def resolve(tx: Tx, incident: Incident, text: str, by: PersonId) -> Message:
    """Resolve an incident; the answer names asks, vendor cases and pages that were open. Raises WrongState."""
    left = left_open_lines(left_open(tx, incident))
    done = replies.done(ending.resolve(tx, incident, text, by), "is resolved.")
    if updates.public_title(tx, incident.number):
        done = after_resolving(done, incident)
    return Message(done.text, [*done.blocks, section("*Still open*\n" + "\n".join(left))]) if left else done
