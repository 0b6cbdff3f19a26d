"""What the forms of the pages do: the same actions as the buttons in Slack, so that channel and card follow."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from bot.actions.command import absence, handoff, presence, shifts, taking
from bot.actions.incident import notes
from bot.actions.standing import may_see, standing
from bot.actions.waking import paging
from bot.domain.command import role_name
from bot.domain.incident import Incident, PersonId
from bot.domain.page import AnsweredBy
from bot.domain.permission import Who, check_may
from bot.domain.timeline import EntryKind
from bot.errors import NoSuchIncident, WrongWords
from bot.settings import Settings
from handlers.slack import activity
from handlers.web.reader import Reader
from storage import handoffs, inbox, incidents
from storage.store import Tx

_MOST_DIGITS = 9
_KEY = 24
_RELOAD = "Load the page again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a signed-in person has sent: the fields of one form."""

    settings: Settings
    by: PersonId
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """A form on its way to be done, inside a transaction; `about` is what its button names."""

    tx: Tx
    settings: Settings
    by: PersonId
    form: Mapping[str, str]
    about: str

    @property
    def reader(self) -> Reader:
        return Reader(self.tx, self.by)


Done = tuple[Incident | None, str]


def number_in(text: str) -> int | None:
    """A number that an address or a button holds; None when it is none that could be ours."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def found(tx: Tx, number: int | None, person: PersonId) -> Incident:
    """The incident of that number. Raises NoSuchIncident when there is none that this person may see."""
    incident = incidents.find(tx, number) if number is not None else None
    if incident is None or not may_see(tx, incident, person):
        raise NoSuchIncident("That incident is not known here.", "See which there are: `/incident list all`")
    return incident


def do(tx: Tx, asked: Asked) -> str:
    """Do what a form asks, once: the key under which `said` finds what came of it.

    Raises a BotError with a sentence and a hint when it can't be done, and changes nothing.
    """
    deed, about = DEEDS.get(asked.form.get("deed", "")), asked.form.get("about", "")
    if deed is None or not asked.form.get("once"):
        raise WrongWords("That button is not known here.", _RELOAD)
    key = _key(asked.form)
    kept = _kept(asked.by, key)
    if inbox.answer_to(tx, kept) is not None:
        return key
    tx.promised = True
    incident, text = deed(Doing(tx=tx, settings=asked.settings, by=asked.by, form=asked.form, about=about))
    if incident:
        activity.noted(tx, incidents.get(tx, incident.number), asked.by)
    inbox.remember(tx, kept, {"said": text})
    return key


def _key(form: Mapping[str, str]) -> str:
    """The same for the same form sent twice; other words from the same page, gone back to, are another form."""
    fields = [form.get(name, "") for name in ("once", "deed", "about", "kind", "text")]
    return sha256(json.dumps(fields).encode()).hexdigest()[:_KEY]


def said(tx: Tx, person: PersonId, key: str) -> str:
    """What came of a form of theirs; empty when nothing is known of it."""
    return str((inbox.answer_to(tx, _kept(person, key)) or {}).get("said", "")) if len(key) == _KEY else ""


def _kept(person: PersonId, key: str) -> str:
    return f"web:{person}:{key}"


def _id(doing: Doing) -> int:
    number = number_in(doing.about)
    if number is None:
        raise WrongWords("That button is not known here.", _RELOAD)
    return number


def _shift(doing: Doing) -> tuple[int, int]:
    shift, _, version = doing.about.partition(":")
    found_shift, found_version = number_in(shift), number_in(version)
    if found_shift is None or found_version is None:
        raise WrongWords("That button is not known here.", _RELOAD)
    return found_shift, found_version


def _has(doing: Doing, came: handoff.Accepted) -> Done:
    thoughts = "".join(f" {doing.reader.ours(warning)}" for warning in came.warnings)
    return came.incident, f"You have {role_name(came.role)} of {came.incident.name}.{thoughts}"


def _accept(doing: Doing) -> Done:
    return _has(doing, handoff.accept(doing.tx, _id(doing), doing.by))


def _decline(doing: Doing) -> Done:
    incident = handoff.decline(doing.tx, doing.settings, _id(doing), doing.by)
    goes_on = handoffs.get(doing.tx, _id(doing)).is_open
    words = "Others are asked." if goes_on else "It stays with whoever has it."
    return incident, f"{words} Thank you for saying so."


def _heard(doing: Doing) -> Done:
    incident = found(doing.tx, number_in(doing.about), doing.by)
    paging.acknowledged(doing.tx, incident, doing.by, AnsweredBy.WEB)
    return incident, f"Your pages of {incident.name} are silent now."


def _note(doing: Doing) -> Done:
    incident = found(doing.tx, number_in(doing.about), doing.by)
    kind = EntryKind.DECISION if doing.form.get("kind") == "decision" else EntryKind.NOTE
    who = Who.MEMBER if kind is EntryKind.DECISION else Who.ANYONE
    check_may(standing(doing.tx, doing.settings, incident, doing.by), who, incident.name, incident.channel_id)
    entry = notes.record(doing.tx, incident, kind, doing.form.get("text", ""), doing.by)
    return incident, f"Kept as number {entry.number} of the timeline."


def _take(doing: Doing) -> Done:
    return _has(doing, taking.confirm(doing.tx, _id(doing), doing.by))


def _hand(doing: Doing) -> Done:
    incident = taking.hand(doing.tx, _id(doing), doing.by)
    return incident, f"{incident.name} has a new IC. Rest well."


def _keep(doing: Doing) -> Done:
    incident = taking.keep(doing.tx, _id(doing), doing.by)
    return incident, f"{incident.name} stays yours."


def _up(doing: Doing) -> Done:
    shift = shifts.up(doing.tx, *_shift(doing), doing.by)
    at = doing.reader.at(shift.starts_at)
    return None, f"Good morning. It is offered to you at {at.wall}."


def _cant(doing: Doing) -> Done:
    shifts.cant(doing.tx, doing.settings, *_shift(doing), doing.by)
    return None, "The others are asked, one at a time. Until one of them accepts, the shift stays yours."


def _here(doing: Doing) -> Done:
    incident = presence.here(doing.tx, _id(doing), doing.by)
    absence.spoke(doing.tx, incident, doing.tx.now)
    return incident, f"{incident.name} stays yours. Thank you."


def _call(doing: Doing) -> Done:
    incident, until = presence.on_a_call(doing.tx, _id(doing), doing.by)
    absence.spoke(doing.tx, incident, doing.tx.now)
    return incident, f"You are not asked before {doing.reader.at(until).wall}."


DEEDS: Mapping[str, Callable[[Doing], Done]] = {
    "accept": _accept,
    "decline": _decline,
    "heard": _heard,
    "note": _note,
    "take": _take,
    "hand": _hand,
    "keep": _keep,
    "up": _up,
    "cant": _cant,
    "here": _here,
    "call": _call,
}
