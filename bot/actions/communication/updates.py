"""Status updates: written, previewed, published, held back, corrected. Stored first, then brought to where they belong.

What goes to customers takes two steps by two calls: `write` keeps a draft; `publish` takes what its preview showed.
"""

import json
from dataclasses import asdict, replace
from datetime import datetime

from bot.actions import effects
from bot.actions.communication import cadence, facts
from bot.actions.communication.destinations import deliver
from bot.actions.communication.publishing import check_has_public, check_may_publish, communications_lead
from bot.actions.standing import may_see
from bot.domain import draft
from bot.domain.edit import fingerprint
from bot.domain.incident import OPEN_STATES, Incident, PersonId
from bot.domain.text import TITLE_LIMIT, clean, clean_line
from bot.domain.timeline import EntryKind
from bot.domain.update import LINE_LIMIT, PUBLIC_LIMIT, Audience, Update, UpdateState, Words
from bot.errors import NoSuchIncident, WrongFields, WrongState, WrongWords
from bot.settings import Settings
from bot.similar import says_the_same
from storage import incidents, timeline, updates
from storage.store import Tx


def tell_inside(tx: Tx, incident: Incident, text: str, by: PersonId) -> Update:
    """An internal update: said in the channel at once, and on the card. Raises WrongWords for no text."""
    cleaned = clean(text)
    if not cleaned:
        raise WrongWords("An update needs words.", "For example: `/incident update half of the workers are back`")
    words = Words(text=cleaned, incident_state=incident.state)
    written = updates.add(tx, incident.number, Audience.INTERNAL, words, by, {})
    sent = updates.change(tx, written.id, state=UpdateState.PUBLISHED, published_by=by, published_at=tx.now)
    timeline.add(tx, incident.number, EntryKind.UPDATE, cleaned, by)
    deliver(tx, incident, sent)
    return sent


def write(
    tx: Tx,
    settings: Settings,
    incident: Incident,
    words: Words,
    by: PersonId,
    *,
    corrects: int | None = None,
    over: int | None = None,
) -> Update:
    """Keep what is meant for customers as a draft; nobody is told. `over`: the draft that it replaces, whoever's.

    Somebody has one draft of an incident: written again, it is the same one. Raises WrongFields for words that can't
    be sent, by the blocks of the form; WrongState when that update can't be corrected.
    """
    check_has_public(incident)
    first = updates.public_title(tx, incident.number) is None
    words = _checked(words, first=first)
    if corrects is not None:
        check_correctable(tx, incident, updates.find(tx, corrects))
    before = updates.find(tx, over) if over else updates.waiting_of(tx, incident.number, by, corrects)
    kept = draft.to_json(facts.snapshot(tx, settings, incident))
    if before and before.waits and before.incident == incident.number:
        return updates.write(tx, before.id, words, kept)
    if over:
        raise _settled(incident)
    return updates.add(tx, incident.number, Audience.PUBLIC, words, by, kept, corrects=corrects)


def _checked(words: Words, *, first: bool) -> Words:
    """The same, cleaned. Raises WrongFields."""
    title, text = clean_line(words.title), clean(words.text)
    wrong = {}
    if first and not title:
        wrong["title"] = "Customers need a title: what does not work for them?"
    if len(title) > TITLE_LIMIT:
        wrong["title"] = f"That title has {len(title):,} characters, and {TITLE_LIMIT} fit."
    if not text:
        wrong["text"] = "An update needs words."
    if len(text) > PUBLIC_LIMIT:
        wrong["text"] = (
            f"That has {len(text):,} characters, and {PUBLIC_LIMIT:,} fit. Say it shorter: people read it on phones."
        )
    if wrong:
        raise WrongFields(wrong)
    return replace(
        words,
        title=title,
        text=text,
        cause_text=_line(words.cause_text),
        estimate_text=_line(words.estimate_text),
        no_estimate_why=_line(words.no_estimate_why),
    )


def _line(text: str) -> str:
    return clean_line(text)[:LINE_LIMIT]


def seen_of(update: Update) -> str:
    """What a preview has shown, in a few letters: equal only for the very same words."""
    return fingerprint(json.dumps(asdict(update.words), default=str))


def next_of(tx: Tx, settings: Settings, incident: Incident, update: Update) -> datetime | None:
    """When the update after this one is promised, were it sent now; a correction promises nothing."""
    return None if update.corrects else cadence.next_after(tx, settings, incident, update.words.next_at)


def publish(
    tx: Tx,
    settings: Settings,
    update_id: int,
    by: PersonId,
    seen: str,
    *,
    promised: datetime | None = None,
    all_the_same: bool = False,
) -> Update:
    """Send what a preview showed (`seen`, and the next one `promised` for) to customers; or hold it back.

    One that says nearly what the last one said comes back as HELD and went nowhere; `all_the_same` sends it, and it
    counts as repeated. Raises NotAllowed for who may not, WrongState when it was changed, sent or discarded meanwhile.
    """
    incident, update = waiting(tx, update_id, by)
    check_may_publish(tx, settings, incident, by)
    _check_still_true(tx, incident, update, seen, promised)
    same = update.corrects is None and _is_repetition(tx, settings, update)
    if same and not all_the_same:
        return updates.change(tx, update.id, state=UpdateState.HELD)
    if update.corrects:
        check_correctable(tx, incident, updates.find(tx, update.corrects))
    due = promised if promised and incident.is_open else next_of(tx, settings, incident, update)
    values = {"state": UpdateState.PUBLISHED, "published_by": by, "published_at": tx.now, "repeated": same}
    sent = updates.change(tx, update.id, **values, next_at=due)
    _name(tx, incident, sent)
    _keep(tx, incident, sent, by)
    if sent.corrects:
        deliver(tx, incident, updates.change(tx, sent.corrects, state=UpdateState.CORRECTED))
    else:
        cadence.sent(tx, incident, sent)
    deliver(tx, incident, sent)
    if sent.written_by != by:
        effects.tell(tx, incident, sent.written_by, "update-published", f"update{sent.id}", update=sent.id, by=by)
    return sent


def _check_still_true(tx: Tx, incident: Incident, update: Update, seen: str, promised: datetime | None) -> None:
    again = f"Look at it again: `/incident update public {incident.name}`"
    check_has_public(incident)
    if seen != seen_of(update):
        raise WrongState("It was changed since you looked at it, so nothing was sent.", again)
    if not incident.is_open and update.words.incident_state in OPEN_STATES:
        raise WrongState(f"{incident.name} is {incident.state} by now, so nothing was sent.", again)
    due = promised or update.words.next_at
    if due and due <= tx.now and incident.is_open and not update.corrects:
        passed = f"{due:%H:%M} UTC"
        raise WrongState(f"It promises the next update for {passed}, which has passed, so nothing was sent.", again)


def _is_repetition(tx: Tx, settings: Settings, update: Update) -> bool:
    """Whether it says nearly what the last one said: in the same state, of the same cause, with the same estimate."""
    last = updates.last_sent(tx, update.incident, Audience.PUBLIC)
    if last is None or _but_text(last.words) != _but_text(update.words):
        return False
    return says_the_same(last.words.text, update.words.text, settings.updates.repetition)


def _but_text(words: Words) -> tuple[object, ...]:
    return words.incident_state, words.cause, words.cause_text, words.estimate_at, words.estimate_text


def _name(tx: Tx, incident: Incident, sent: Update) -> None:
    """Customers know the incident by the title of its first update, unless a correction sets it right."""
    known = updates.public_title(tx, incident.number)
    if known is None or (sent.corrects and sent.words.title):
        updates.publish_as(tx, incident.number, sent.words.title or incident.title)


def _keep(tx: Tx, incident: Incident, sent: Update, by: PersonId) -> None:
    if sent.corrects:
        what = f"Public update {sent.number}, correcting {updates.get(tx, sent.corrects).number}"
    else:
        what = f"Public update {sent.number}" + (", a repetition" if sent.repeated else "")
    timeline.add(tx, incident.number, EntryKind.UPDATE, f"{what}: {sent.words.text}", by)


def ask_to_publish(tx: Tx, incident: Incident, update: Update, by: PersonId) -> PersonId | None:
    """Somebody who may not publish has written this: ask the communications lead, else the IC; who is asked."""
    lead = communications_lead(tx, incident)
    if lead:
        cause = f"update{update.id}:{seen_of(update)}"
        effects.tell(tx, incident, lead, "update-asked", cause, update=update.id, by=by)
    return lead


def discard(tx: Tx, settings: Settings, update_id: int, by: PersonId) -> Update:
    """A draft is not sent. Its writer may say so, and whoever may publish; the writer is told."""
    incident, update = waiting(tx, update_id, by)
    if update.written_by != by:
        check_may_publish(tx, settings, incident, by)
    gone = updates.change(tx, update.id, state=UpdateState.DISCARDED)
    if update.written_by != by:
        effects.tell(tx, incident, update.written_by, "update-discarded", f"update{update.id}", update=update.id, by=by)
    return gone


def waiting(tx: Tx, update_id: int, by: PersonId) -> tuple[Incident, Update]:
    """A draft and its incident. Raises NoSuchIncident when they may not know of it, WrongState when it is none now."""
    incident, update = known(tx, update_id, by)
    if not update.waits:
        raise _settled(incident)
    return incident, update


def known(tx: Tx, update_id: int, by: PersonId) -> tuple[Incident, Update]:
    """An update and its incident. Raises NoSuchIncident when there is none that they may know of."""
    update = updates.find(tx, update_id)
    incident = incidents.get(tx, update.incident) if update else None
    if update is None or incident is None or not may_see(tx, incident, by):
        raise NoSuchIncident("That update is not known here.", "See what is open: `/incident list`")
    return incident, update


def _settled(incident: Incident) -> WrongState:
    hint = f"Write another one: `/incident update public {incident.name}`"
    return WrongState("That draft was sent or discarded already.", hint)


def check_correctable(tx: Tx, incident: Incident, update: Update | None) -> Update:
    """An update that customers were sent and that stands uncorrected. Raises a BotError for any other."""
    if update is None or update.incident != incident.number or not update.is_public or not update.was_sent:
        sent = [str(one.number) for one in updates.sent(tx, incident.number) if one.state is UpdateState.PUBLISHED]
        which = f"Those that can be corrected: {', '.join(sent)}." if sent else "Nothing was published yet."
        raise WrongWords(f"{incident.name} has no public update of that number.", which)
    if by := updates.correction_of(tx, update.id):
        raise WrongState(
            f"Update {update.number} was corrected already.",
            f"Correct the correction: `/incident update correct {incident.name} {by.number}`",
        )
    return update
