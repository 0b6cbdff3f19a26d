"""Progress: readings reported, corrected, taken back; the chart posted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape

from bot.actions import effects
from bot.domain.incident import Incident, PersonId
from bot.domain.progress import MOST_COUNTED, NAME_LIMIT, Measure, Reading, nearly, same_name
from bot.domain.text import clean_line
from bot.domain.timeline import EntryKind
from bot.errors import NotAllowed, WrongState, WrongWords
from storage import measures, timeline
from storage.store import Tx

MOST_MEASURES = 20
EXAMPLE = 'For example: `/incident progress "shared databases" 412/900`'


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What became of a reading: its measure as it is now, and the reading of the same minute that it replaced."""

    measure: Measure
    reading: Reading
    replaced: Reading | None
    is_new: bool


def report(
    tx: Tx, incident: Incident, name: str, value: int, total: int, by: PersonId, at: datetime | None = None
) -> Reported:
    """Say how far something is as of `at` (None: now), to the minute; a reading of the same minute is replaced.

    `name` may be empty while only one thing is counted. Possible in every state: what is learned later counts too.
    Raises WrongWords for what is no reading, and WrongState when too much is counted already.
    """
    _check(value, total)
    minute = (at or tx.now).replace(second=0, microsecond=0)
    if minute > tx.now:
        raise WrongWords("That time has not come yet.", "A reading is of now, or of a time that has passed.")
    title = named(tx, incident, name)
    found = measures.find(tx, incident.number, title)
    measure = _begun(tx, incident, title) if found is None else found
    replaced = measures.read(tx, measure, minute, value, total, by)
    reading = Reading(at=minute, value=value, total=total, said_by=by)
    _tell(tx, incident, measure, _kept(title, reading, replaced), by, minute)
    now = _measure(tx, incident, measure)
    return Reported(measure=now, reading=reading, replaced=replaced, is_new=len(now.readings) == 1)


def _check(value: int, total: int) -> None:
    if total < 1:
        raise WrongWords("Out of nothing, nothing can be done.", EXAMPLE)
    if value > total:
        raise WrongWords(f"{value:,} is more than {total:,}: what is done comes first, then out of how many.", EXAMPLE)
    if value < 0 or total > MOST_COUNTED:
        raise WrongWords(f"I count from 0 to {MOST_COUNTED:,}.", EXAMPLE)


def named(tx: Tx, incident: Incident, name: str) -> str:
    """What a reading is of: the name as it is known, or as it was typed; the only one there is for no name at all.

    Raises WrongWords when nothing or too much is meant.
    """
    title = clean_line(name)
    if len(title) > NAME_LIMIT:
        raise WrongWords(f"That name has {len(title):,} characters, and {NAME_LIMIT} fit.", EXAMPLE)
    known = [measure.name for measure in measures.of(tx, incident.number)]
    if title:
        return next((one for one in known if same_name(one) == same_name(title)), title)
    if not known:
        raise WrongWords("What is counted?", EXAMPLE)
    if len(known) > 1:
        raise WrongWords(f"Several things are counted here: {_list(known)}.", f"Name one. {EXAMPLE}")
    return known[0]


def probably(tx: Tx, incident: Incident, name: str) -> str | None:
    """What is counted already and may be meant by a name that is not known; None when it is known, or like no other."""
    known = [measure.name for measure in measures.of(tx, incident.number)]
    title = clean_line(name)
    if not title or len(title) > NAME_LIMIT or same_name(title) in map(same_name, known):
        return None
    return nearly(title, known)


def take_back(tx: Tx, incident: Incident, name: str, by: PersonId) -> tuple[str, Reading, Measure | None]:
    """Take back the reading that was said last: of what, which one, and how it stands now; None: nothing is left.

    Raises WrongWords when it is not clear of what, WrongState when there is none.
    """
    if not measures.of(tx, incident.number):
        raise WrongState(f"Nothing is counted in {incident.name}.", EXAMPLE)
    title = named(tx, incident, name)
    measure = measures.find(tx, incident.number, title)
    last = measures.take_back(tx, measure) if measure is not None else None
    if measure is None or last is None:
        known = _list(one.name for one in measures.of(tx, incident.number))
        raise WrongState(f"There is no reading of {_code(title)}.", f"There are readings of {known}.")
    text = f"{title}: the reading {last.text} of {last.at:%H:%M} UTC was taken back"
    _tell(tx, incident, measure, text, by, tx.now)
    return title, last, next(iter(measures.in_full(tx, incident.number, measure)), None)


def post_chart(tx: Tx, incident: Incident, name: str, by: PersonId) -> list[Measure]:
    """Post the chart in the incident's channel, of one measure if it is named; what will be in it.

    Raises WrongState when nothing is counted, NotAllowed when there is no channel to post it in.
    """
    known = list(measures.of(tx, incident.number))
    if not known:
        raise WrongState(f"Nothing is counted in {incident.name}.", EXAMPLE)
    if incident.channel_archived:
        raise NotAllowed(f"The channel of {incident.name} is archived.", "See it here: `/incident progress`")
    wanted = known
    if clean_line(name):
        wanted = [one for one in known if same_name(one.name) == same_name(clean_line(name))]
        if not wanted:
            raise WrongWords("Nothing of that name is counted.", f"There is {_list(one.name for one in known)}.")
    only = wanted[0].id if len(wanted) == 1 else None
    effects.post_chart(tx, incident, only, by, f"{tx.now.timestamp():.6f}")
    return wanted


def _begun(tx: Tx, incident: Incident, title: str) -> int:
    if len(measures.of(tx, incident.number)) >= MOST_MEASURES:
        raise WrongState(
            f"{MOST_MEASURES} things are counted in {incident.name} already.",
            "Go on with one of them: `/incident progress` lists them.",
        )
    return measures.add(tx, incident.number, title)


def _kept(title: str, reading: Reading, replaced: Reading | None) -> str:
    was = f", was {replaced.text}" if replaced else ""
    return f"{title}: {reading.text} ({reading.percent} %){was}"


def _tell(tx: Tx, incident: Incident, measure: int, text: str, by: PersonId, at: datetime) -> None:
    """Keep it in the timeline, and bring the card and the one message about this measure up to date."""
    entry = timeline.add(tx, incident.number, EntryKind.PROGRESS, text, by, at)
    effects.show_measure(tx, incident, measure, f"t{entry.number}")
    effects.after_entry(tx, incident, entry)


def _measure(tx: Tx, incident: Incident, measure: int) -> Measure:
    return measures.in_full(tx, incident.number, measure)[0]


def _list(names: Iterable[str]) -> str:
    return ", ".join(_code(name) for name in names)


def _code(name: str) -> str:
    return f"`{escape(name.replace('`', ''), quote=False)}`"
