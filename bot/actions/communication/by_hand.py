"""Updates that somebody wrote into a copy of the status page while the bot was away: taken in, each once."""

from collections.abc import Sequence

from bot.actions.communication import cadence
from bot.actions.communication.destinations import deliver
from bot.actions.incident.declare import Declaration, open_by_machine
from bot.actions.status import incident_id
from bot.domain.incident import Incident
from bot.domain.timeline import EntryKind
from bot.domain.update import Audience, Update, UpdateState, Words
from bot.settings import Settings
from bot.status.edit import Stray
from storage import incidents, marks, publications, timeline, updates
from storage.store import Tx

_SOURCE = "the status page, by hand"


def take_in(tx: Tx, settings: Settings, strays: Sequence[Stray]) -> list[Update]:
    """Store updates that stand in a copy, the oldest first; those that are stored already are left alone.

    They keep the promise that was open, stand in the timeline at their own time, and go wherever updates go. An
    incident that was begun by hand is opened as a machine opens one. Raises WrongState when nobody would command it:
    then nothing of these is stored.
    """
    known = publications.by_hand(tx)
    return [
        _store(tx, settings, stray, _incident(tx, settings, stray))
        for stray in strays
        if stray.update.id not in known.updates.values()
    ]


def _incident(tx: Tx, settings: Settings, stray: Stray) -> Incident:
    numbers = {incident_id(one.incident): one.incident for one in publications.published(tx)}
    numbers |= {public: number for number, public in publications.by_hand(tx).incidents.items()}
    number = numbers.get(stray.incident.id)
    if number is not None:
        return incidents.get(tx, number)
    opened = open_by_machine(tx, settings, Declaration(title=stray.incident.title, source=_SOURCE))
    marks.put(tx, f"{publications.INCIDENT}{stray.incident.id}", {"incident": opened.number})
    return opened


def _store(tx: Tx, settings: Settings, stray: Stray, incident: Incident) -> Update:
    said = stray.update
    words = Words(
        text=said.text,
        incident_state=said.state,
        cause=said.cause,
        cause_text=said.cause_text,
        title=stray.incident.title,
        next_at=cadence.next_after(tx, settings, incident, None),
    )
    kept = updates.add(tx, incident.number, Audience.PUBLIC, words, "", {})
    sent = updates.change(tx, kept.id, state=UpdateState.PUBLISHED, published_at=said.at)
    marks.put(tx, f"{publications.UPDATE}{said.id}", {"update": sent.id})
    if updates.public_title(tx, incident.number) is None:
        updates.publish_as(tx, incident.number, stray.incident.title)
    what = f"Public update {sent.number}, written into the status page by hand while I was away: {said.text}"
    timeline.add(tx, incident.number, EntryKind.UPDATE, what, None, said.at)
    cadence.sent(tx, incident, sent)
    deliver(tx, incident, sent)
    return sent
