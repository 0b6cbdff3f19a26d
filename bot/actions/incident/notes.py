"""Writing to the timeline: notes, decisions, hypotheses, what was ruled out, workarounds."""

from bot.actions import effects
from bot.domain.incident import Incident, PersonId
from bot.domain.text import clean
from bot.domain.timeline import Entry, EntryKind
from bot.errors import WrongWords
from storage import timeline
from storage.store import Tx

# A note is kept; these are also said in the channel, because others act on them.
_SAID = {EntryKind.DECISION, EntryKind.HYPOTHESIS, EntryKind.RULED_OUT, EntryKind.WORKAROUND}


def record(tx: Tx, incident: Incident, kind: EntryKind, text: str, by: PersonId, *, public: bool = False) -> Entry:
    """Add what somebody says to the timeline. Possible in every state: what is learned later counts too.

    `public`: customers may be told.
    """
    cleaned = clean(text)
    if not cleaned:
        raise WrongWords(
            f"A {kind.replace('-', ' ')} needs words.", f"For example: `/incident {kind} the 14:00 deploy`"
        )
    entry = timeline.add(tx, incident.number, kind, cleaned, by, public=public)
    if kind in _SAID:
        what = f"{kind}-public" if public else kind
        effects.say(tx, incident, what, f"t{entry.number}", by=by, text=cleaned, number=entry.number)
        effects.after_entry(tx, incident, entry)
    return entry
