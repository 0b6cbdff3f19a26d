"""Asks to managers: what an incident needs from them, said in the channel and kept until it is done."""

from bot.actions import effects
from bot.domain.incident import Incident, PersonId, check_open
from bot.domain.need import Need
from bot.domain.text import clean
from bot.domain.timeline import EntryKind
from bot.errors import WrongState, WrongWords
from storage import needs, timeline
from storage.store import Tx

_EXAMPLE = "For example: `/incident ask we need a budget for 40 more hosts`"


def ask(tx: Tx, incident: Incident, text: str, by: PersonId) -> Need:
    """Ask the managers for something. Raises WrongWords without words, WrongState when the incident has ended."""
    cleaned = clean(text)
    if not cleaned:
        raise WrongWords("An ask needs words.", _EXAMPLE)
    check_open(incident)
    need = needs.add(tx, incident.number, cleaned, by)
    entry = timeline.add(tx, incident.number, EntryKind.ASK, asked_text(need), by)
    effects.say(tx, incident, "ask", f"t{entry.number}", by=by, text=cleaned, number=need.number)
    effects.after_entry(tx, incident, entry)
    return need


def asked_text(need: Need) -> str:
    """What the timeline says when it is asked."""
    return f"Ask {need.number}: {need.text}"


def done_text(need: Need) -> str:
    """What the timeline says when it is done."""
    return f"Ask {need.number} is done"


def done(tx: Tx, incident: Incident, number: int, by: PersonId) -> Need:
    """The managers have done it; possible when the incident has ended, too.

    Raises WrongWords when there is no such ask, WrongState when it is done already.
    """
    need = needs.numbered(tx, incident.number, number)
    if need is None:
        raise WrongWords(
            f"{incident.name} has no ask {number}.", f"See which there are: `/incident asks {incident.name}`"
        )
    if not need.is_open:
        raise WrongState(f"Ask {number} of {incident.name} is done already.", "Nothing was changed.")
    needs.settle(tx, need.id, by)
    entry = timeline.add(tx, incident.number, EntryKind.ASK, done_text(need), by)
    effects.say(tx, incident, "ask-done", f"t{entry.number}", by=by, text=need.text, number=number)
    effects.after_entry(tx, incident, entry)
    return need
