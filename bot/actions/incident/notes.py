"""Writing to the timeline: notes, decisions, hypotheses and what was ruled out."""

from bot.actions import effects
from bot.domain.incident import Incident, PersonId
from bot.domain.text import clean
from bot.domain.timeline import Entry, EntryKind
from bot.errors import WrongWords
from storage import timeline
from storage.store import Tx

# A note is kept; these are also said in the channel, because others act on them.
_SAID = {EntryKind.DECISION, EntryKind.HYPOTHESIS, EntryKind.RULED_OUT}


def record(tx: Tx, incident: Incident, kind: EntryKind, text: str, by: PersonId) -> Entry:
    """Add what somebody says to the timeline. Possible in every state: what is learned later counts too."""
    cleaned = clean(text)
    if not cleaned:
        raise WrongWords(
            f"A {kind.replace('-', ' ')} needs words.", f"For example: `/incident {kind} the 14:00 deploy`"
        )
    entry = timeline.add(tx, incident.number, kind, cleaned, by)
    if kind in _SAID:
        effects.say(tx, incident, kind, f"t{entry.number}", by=by, text=cleaned, number=entry.number)
        effects.after_entry(tx, incident, entry)
    return entry
