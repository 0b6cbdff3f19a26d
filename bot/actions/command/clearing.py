"""Taking back what an incident says of itself: its summary, its call. The timeline keeps what it was."""

from bot.actions import effects
from bot.domain.incident import Incident, PersonId
from bot.domain.timeline import EntryKind
from storage import incidents, timeline
from storage.store import Tx


def clear_summary(tx: Tx, incident: Incident, by: PersonId) -> Incident:
    """Leave the incident without a summary."""
    changed = incidents.change(tx, incident.number, summary="")
    entry = timeline.add(tx, incident.number, EntryKind.SYSTEM, "Summary: none", by)
    effects.after_entry(tx, changed, entry)
    return changed


def clear_call(tx: Tx, incident: Incident, by: PersonId) -> Incident:
    """Leave the incident without a call: it goes from the card and from the bookmarks."""
    changed = incidents.change(tx, incident.number, call_url="")
    entry = timeline.add(tx, incident.number, EntryKind.SYSTEM, "Call: none", by)
    effects.bookmark_call(tx, changed, f"t{entry.number}")
    effects.after_entry(tx, changed, entry)
    return changed
