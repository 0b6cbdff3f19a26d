"""Messages that people want kept: added to the timeline as they were said, when they were said, by whoever said it."""

from bot.actions import effects
from bot.domain.incident import ChannelId, Incident, PersonId
from bot.domain.timeline import Entry, EntryKind
from bot.errors import WrongWords
from bot.heard import Heard, moment_of
from storage import incidents, people, timeline
from storage.store import Tx

PUSHPIN = "pushpin"


def reacted(tx: Tx, channel_id: ChannelId, ts: str, by: PersonId, cause: str) -> None:
    """Somebody put a :pushpin: on a message: in an incident's channel it is added to the timeline, once."""
    incident = incidents.in_channel(tx, channel_id)
    known = people.get(tx, by)
    if incident is None or (known and known.bot) or timeline.pinned(tx, incident.number, moment_of(ts)):
        return
    # The event does not say what the message says: it is read.
    effects.pin_message(tx, incident, channel_id, ts, by, cause)


def add(tx: Tx, incident: Incident, message: Heard, by: PersonId) -> tuple[Entry, bool]:
    """Add a message of the incident's channel to its timeline; the entry, and whether it is new.

    One that is there already stays as it is. The entry names who added it, when that is not its author.
    Raises WrongWords when the message says nothing.
    """
    found = timeline.pinned(tx, incident.number, message.said_at)
    if found:
        return found, False
    if not message.words:
        raise WrongWords("That message has no words to keep.", "Say what it shows: `/incident note …`")
    text = message.words if by == message.author else f"{message.words}\n(added by <@{by}>)"
    entry = timeline.add(tx, incident.number, EntryKind.PINNED, text, message.author, at=message.said_at)
    return entry, True
