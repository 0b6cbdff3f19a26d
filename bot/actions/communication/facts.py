"""The facts that a public update is drafted from, gathered."""

from dataclasses import dataclass

from bot.actions.communication.impact import impact_of
from bot.domain import draft
from bot.domain.draft import Snapshot
from bot.domain.incident import Incident
from bot.domain.timeline import Entry, EntryKind
from bot.domain.update import Audience, Update
from bot.settings import Settings
from storage import measures, timeline, updates
from storage.store import Tx

_TOLD = frozenset({EntryKind.DECISION, EntryKind.WORKAROUND})
_MOST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """The facts now, those of the last public update, and what was said since that customers may be told."""

    last: Update | None
    before: Snapshot | None
    now: Snapshot
    told: tuple[Entry, ...]

    @property
    def changes(self) -> tuple[str, ...]:
        return draft.changes(self.before, self.now, self.told)

    @property
    def text(self) -> str:
        return draft.draft(self.before, self.now, self.told)


def snapshot(tx: Tx, settings: Settings, incident: Incident) -> Snapshot:
    """The facts of now, as they are kept with an update."""
    titles = {component.name: component.title for component in settings.components if component.title}
    through = timeline.last_number(tx, incident.number)
    return draft.snapshot(impact_of(tx, incident), measures.of(tx, incident.number), titles, through, tx.now)


def news(tx: Tx, settings: Settings, incident: Incident) -> News:
    """What changed since the last public update."""
    last = updates.last_sent(tx, incident.number, Audience.PUBLIC)
    before = draft.from_json(last.facts) if last else None
    told = timeline.newest(tx, incident.number, _TOLD, _MOST, before.through if before else 0)
    return News(last=last, before=before, now=snapshot(tx, settings, incident), told=tuple(told))
