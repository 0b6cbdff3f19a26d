"""Setting right when an incident was detected, acknowledged, mitigated or resolved."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.actions import effects
from bot.domain.incident import Incident, PersonId
from bot.domain.timeline import EntryKind
from bot.domain.times import Moment, none_at, set_right
from bot.domain.walltime import wall_text
from storage import incidents, timeline
from storage.store import Tx


def set_time(tx: Tx, incident: Incident, moment: Moment, at: datetime, by: PersonId) -> Incident:
    """Say when it was. Raises WrongState when that is in the future or out of order."""
    changes = set_right(incident, moment, at, tx.now)
    said = wall_text(changes[f"{moment}_at"], UTC, tx.now)
    return _change(tx, incident, changes, f"{moment.capitalize()} {said}", by)


def clear_time(tx: Tx, incident: Incident, moment: Moment, by: PersonId) -> Incident:
    """Say that it has not come. Raises WrongState when that can't be said of it."""
    return _change(tx, incident, none_at(incident, moment), f"Not {moment} yet", by)


def _change(tx: Tx, incident: Incident, values: Mapping[str, datetime | None], text: str, by: PersonId) -> Incident:
    changed = incidents.change(tx, incident.number, **values)
    entry = timeline.add(tx, incident.number, EntryKind.SYSTEM, text, by)
    effects.after_entry(tx, changed, entry)
    return changed
