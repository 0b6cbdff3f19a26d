"""Taking back what somebody wrote into the timeline: a slip, or a secret. Who did it, and when, is kept; the words go.

They go from the entry, from what was posted about it, from promises that wait, and from every briefing.
"""

from dataclasses import dataclass
from datetime import UTC

from bot.actions.command import briefing
from bot.actions.communication import needs as asks
from bot.domain.effect import EffectKind
from bot.domain.incident import Incident, PersonId
from bot.domain.permission import Standing, Who, may
from bot.domain.text import clean
from bot.domain.timeline import REMOVED, Entry, EntryKind
from bot.domain.walltime import wall_text
from bot.errors import NotAllowed, WrongState, WrongWords
from storage import needs, outbox, said, timeline, vendors
from storage.store import Tx

# What people write, and nothing else follows from.
_WRITTEN = frozenset(
    {
        EntryKind.NOTE,
        EntryKind.DECISION,
        EntryKind.HYPOTHESIS,
        EntryKind.RULED_OUT,
        EntryKind.WORKAROUND,
        EntryKind.PINNED,
    }
)
_REMOVABLE = _WRITTEN | {EntryKind.ASK, EntryKind.VENDOR}


@dataclass(frozen=True, slots=True)
class Revised:
    """What was done: the entry as it was, and whether what the bot had posted about it changes too."""

    entry: Entry
    in_slack: bool


def edit(tx: Tx, incident: Incident, number: int, text: str, by: PersonId, standing: Standing) -> Revised:
    """Let an entry say something else. Raises a BotError when it can't be changed, or not by them."""
    entry = _entry(tx, incident, number, by, standing)
    cleaned = clean(text)
    if not cleaned:
        raise WrongWords("What shall it say?", "For example: `/incident timeline edit 12 disk of db-3 is full`")
    if entry.kind not in _WRITTEN:
        removable = "Remove it, and say it anew" if entry.kind in _REMOVABLE else "Add what is right"
        raise WrongState(f"The words of entry {number} can't be changed.", f"{removable}: `/incident help timeline`")
    audit = _audit(tx, incident, "Edited", entry, by)
    _reword(tx, incident, entry, cleaned, audit)
    return Revised(entry, _in_slack(tx, incident, entry, audit, text=cleaned))


def remove(tx: Tx, incident: Incident, number: int, by: PersonId, standing: Standing) -> Revised:
    """Take an entry away; of what the bot wrote itself only the words that somebody typed.

    Raises a BotError when nothing of it can go, or not by them.
    """
    entry = _entry(tx, incident, number, by, standing)
    what_happened, colon, _ = entry.text.partition(": ")
    if entry.kind in _REMOVABLE:
        # The newest entry stays in the timeline, or its number would be given again.
        audit = _audit(tx, incident, "Removed", entry, by)
        timeline.remove(tx, entry)
        briefing.take_back(tx, incident, entry, None, f"t{audit.number}")
        _forget_elsewhere(tx, incident, entry, audit)
    elif entry.kind is EntryKind.SYSTEM and colon:
        audit = _audit(tx, incident, "Removed the words of", entry, by)
        _reword(tx, incident, entry, f"{what_happened}: {REMOVED}", audit)
    else:
        raise WrongState(f"Entry {number} says what happened, so it stays.", "Add what is right: `/incident note …`")
    return Revised(entry, _in_slack(tx, incident, entry, audit, text=None))


def _entry(tx: Tx, incident: Incident, number: int, by: PersonId, standing: Standing) -> Entry:
    """The entry of that number. Raises WrongWords if there is none, NotAllowed unless it is theirs or they command."""
    entry = timeline.numbered(tx, incident.number, number)
    if entry is None:
        hint = f"See their numbers: `/incident timeline {incident.name}`"
        raise WrongWords(f"{incident.name} has no entry {number} in its timeline.", hint)
    if entry.who != by and not may(standing, Who.COMMAND):
        raise NotAllowed(
            f"Entry {number} is somebody else's: only they, {Who.COMMAND.value} can do that.",
            f"Ask one of them: `/incident command {incident.name}`",
        )
    return entry


def _audit(tx: Tx, incident: Incident, what: str, entry: Entry, by: PersonId) -> Entry:
    """Who did what to which entry; never its words."""
    written = f" by <@{entry.who}>" if entry.who else ""
    text = f"{what} entry {entry.number}, {entry.kind.replace('-', ' ')} of {wall_text(entry.at, UTC)}{written}"
    return timeline.add(tx, incident.number, EntryKind.SYSTEM, text, by)


def _reword(tx: Tx, incident: Incident, entry: Entry, text: str, audit: Entry) -> None:
    timeline.reword(tx, entry, text)
    briefing.take_back(tx, incident, entry, text, f"t{audit.number}")


def _forget_elsewhere(tx: Tx, incident: Incident, entry: Entry, audit: Entry) -> None:
    """An ask, what was said when it was done, and the last note of a vendor case say what their entries say."""
    if entry.kind is EntryKind.ASK:
        for need in needs.of(tx, incident.number):
            if asks.asked_text(need) == entry.text:
                needs.reword(tx, need.id, REMOVED)
                for done in timeline.saying(tx, incident.number, EntryKind.ASK, asks.done_text(need)):
                    _in_slack(tx, incident, done, audit, text=REMOVED)
    if entry.kind is EntryKind.VENDOR:
        for case in vendors.of(tx, incident.number):
            if case.note and entry.text == f"{case.name}: {case.note}":
                vendors.reword(tx, case.id, "")


def _in_slack(tx: Tx, incident: Incident, entry: Entry, audit: Entry, text: str | None) -> bool:
    """Let what was posted about an entry say `text`, or that it was removed; whether anything was posted."""
    found = said.about(tx, incident, entry.number)
    for post in found:
        about = {**post.intent["about"], "text": REMOVED if text is None else text}
        said.reword(tx, post.key, {**post.intent, "about": about})
        what = post.intent["what"] if text is not None else "removed"
        if text is None:
            about = {"by": audit.who, "number": entry.number, "kind": entry.kind}
        key, kind = f"{post.key}:t{audit.number}", EffectKind.POST
        outbox.enqueue(tx, key, kind, post.lane, incident=incident.number, what=what, about=about, edits=post.key)
    return bool(found)
