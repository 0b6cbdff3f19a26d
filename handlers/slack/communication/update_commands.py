"""Status updates: the commands and buttons that write, correct, preview, discard and put them off."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.actions.communication import cadence, facts, updates
from bot.actions.communication.publishing import check_has_public, check_may_publish, communications_lead, may_publish
from bot.actions.standing import standing
from bot.domain.cadence import SNOOZES
from bot.domain.incident import OPEN_STATES, Incident, State
from bot.domain.permission import Who, check_may
from bot.domain.text import format_duration
from bot.domain.update import Cause, Update, Words
from bot.errors import WrongWords
from bot.heard import MENTION
from bot.messages.communication import forms_updates, update_texts
from bot.messages.communication.draft_notes import asks_who, nothing_new
from bot.messages.communication.forms_updates import Writing
from bot.messages.kit import Block, at, said
from handlers.slack.button import Button
from handlers.slack.call import Call, Reply
from handlers.slack.table import About, Command
from handlers.slack.words import people_in
from storage import people
from storage import updates as stored

_WHY_NONE = "We are still finding out what is needed."


def _update(call: Call) -> Reply:
    if not call.rest:
        return open_write_form(call)
    sent = updates.tell_inside(call.tx, call.incident, call.rest, call.by)
    return Reply(update_texts.told(call.incident, f"update {sent.number} is in the channel and on the card."))


def open_write_form(call: Call) -> Reply:
    """The form for what is longer than a line, with the choice for whom it is."""
    return Reply(view=forms_updates.write(call.incident, call.asked.channel_id))


def _public(call: Call) -> Reply:
    return Reply(view=public_form(call, call.incident, _named(call, call.rest)))


def _named(call: Call, text: str) -> str:
    """The people named in a text by their names: customers know no IDs."""
    known = people.find(call.tx, people_in(text))
    return MENTION.sub(lambda found: known[found[1]].name if found[1] in known else "a colleague", text)


def _use_draft(call: Call) -> Reply:
    """The form with what the facts say now, whatever was begun before."""
    text = facts.news(call.tx, call.settings, call.incident).text
    return Reply(view=public_form(call, call.incident, text))


def public_form(call: Call, incident: Incident, text: str = "") -> Block:
    """The form for customers: with `text`, with what this person wrote and has not sent, or with a draft from facts."""
    check_has_public(incident)
    news = facts.news(call.tx, call.settings, incident)
    mine = stored.waiting_of(call.tx, incident.number, call.by, None)
    if mine and news.last and mine.written_at < (news.last.published_at or mine.written_at):
        mine = None
    words = mine.words if mine and not text else _begun(incident, news.last, text or news.text, call.tx.now)
    title = stored.public_title(call.tx, incident.number)
    writing = Writing(
        words=words,
        title=(words.title or incident.title) if title is None else None,
        cadence=_cadence(call, incident),
        nothing_new="" if words.text else nothing_new(news.last),
        asks=_asks(call, incident),
    )
    return forms_updates.public(incident, writing, call.asked.channel_id)


def _begun(incident: Incident, last: Update | None, text: str, now: datetime) -> Words:
    """What the last one said of cause and estimate holds until somebody says otherwise, or its time has come."""
    before = last.words if last else None
    estimate = before.estimate_at if before and before.estimate_at and before.estimate_at > now else None
    expected = before.estimate_text if before else ""
    state = incident.state if incident.state in OPEN_STATES else State.RESOLVED
    return Words(
        text=text,
        incident_state=state,
        cause=before.cause if before else Cause.UNKNOWN,
        cause_text=before.cause_text if before else "",
        estimate_at=estimate,
        estimate_text=expected,
        no_estimate_why="" if estimate or expected else (before.no_estimate_why if before else "") or _WHY_NONE,
    )


def _cadence(call: Call, incident: Incident) -> str:
    every = call.settings.update_every(incident.severity)
    return f"in {format_duration(every)}, as for every {incident.severity}" if every else ""


def _asks(call: Call, incident: Incident) -> str:
    if may_publish(call.tx, call.settings, incident, call.by):
        return ""
    return asks_who(communications_lead(call.tx, incident))


def _correct(call: Call) -> Reply:
    number = call.rest.strip().lstrip("#")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise WrongWords("Which update? Its number.", "For example: `/incident update correct 3`")
    found = stored.numbered(call.tx, call.incident.number, int(number))
    return Reply(view=_correction(call, call.incident, found))


def _correction(call: Call, incident: Incident, wrong: Update | None) -> Block:
    found = updates.check_correctable(call.tx, incident, wrong)
    check_has_public(incident)
    words = found.words
    if not incident.is_open and words.incident_state in OPEN_STATES:
        words = _begun(incident, found, words.text, call.tx.now)
    title = stored.public_title(call.tx, incident.number) or incident.title
    writing = Writing(words=words, title=title, corrects=found, asks=_asks(call, incident))
    return forms_updates.public(incident, writing, call.asked.channel_id)


def _press_correct(call: Call) -> Reply:
    incident, found = updates.known(call.tx, int(call.rest), call.by)
    known = standing(call.tx, call.settings, incident, call.by)
    check_may(known, Who.MEMBER, incident.name, incident.channel_id)
    return Reply(view=_correction(call, incident, found))


def _waiting(call: Call) -> tuple[Incident, Update]:
    """The draft that a button is about, for whoever may publish it."""
    incident, update = updates.waiting(call.tx, int(call.rest), call.by)
    check_may_publish(call.tx, call.settings, incident, call.by)
    return incident, update


def _preview(call: Call) -> Reply:
    incident, update = _waiting(call)
    return Reply(view=preview_of(call, incident, update))


def preview_of(call: Call, incident: Incident, update: Update) -> Block:
    """A draft as customers will see it."""
    known = stored.public_title(call.tx, incident.number)
    title = update.words.title if known is None or update.corrects else known
    due = updates.next_of(call.tx, call.settings, incident, update)
    seen = updates.seen_of(update)
    return forms_updates.preview(
        incident, update, title or known or incident.title, due, seen, call.tx.now, call.asked.channel_id
    )


def _edit(call: Call) -> Reply:
    incident, update = _waiting(call)
    known = stored.public_title(call.tx, incident.number)
    wrong = stored.get(call.tx, update.corrects) if update.corrects else None
    title = (update.words.title or known or incident.title) if known is None or wrong else None
    every = _cadence(call, incident)
    writing = Writing(words=update.words, title=title, cadence=every, draft=update.id, corrects=wrong)
    return Reply(view=forms_updates.public(incident, writing, call.asked.channel_id))


def _discard(call: Call) -> Reply:
    incident, _ = _waiting(call)
    updates.discard(call.tx, call.settings, int(call.rest), call.by)
    return Reply(update_texts.told(incident, "that draft is not sent. Who wrote it is told."))


def _snooze(minutes: int) -> Callable[[Call], Reply]:
    def run(call: Call) -> Reply:
        incident, promise = cadence.snooze(call.tx, call.settings, int(call.rest), minutes, call.by)
        text = f"The next public update of *{incident.name}* is due at {at(promise.due_at)} now. That was the one time."
        return Reply(said(text))

    return run


def _by_id(run: Callable[[Call], Reply], *, changes: bool) -> Button:
    return Button(run=run, changes=changes, about_incident=False)


BUTTONS: Mapping[str, Button] = {
    "update:write": Button(run=open_write_form, changes=False, who=Who.MEMBER),
    "update:open": Button(run=_use_draft, changes=False, who=Who.MEMBER),
    "update:correct": _by_id(_press_correct, changes=False),
    "update:preview": _by_id(_preview, changes=False),
    "update:edit": _by_id(_edit, changes=False),
    "update:discard": _by_id(_discard, changes=True),
    **{f"update:snooze-{minutes}": _by_id(_snooze(minutes), changes=True) for minutes in SNOOZES},
}
COMMANDS = (
    Command(
        name="update",
        arguments="[text]",
        help="Tells those in the incident what is new; without words it opens the form.",
        example="/incident update half of the workers are back",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_update,
        common=True,
    ),
    Command(
        name="update public",
        arguments="[text]",
        help="Writes to customers: a form, a preview, then **Publish**. Who may not publish asks for it.",
        example="/incident update public",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=False,
        run=_public,
        common=True,
    ),
    Command(
        name="update correct",
        arguments="number",
        help="Corrects a public update that was sent: it stays, marked, and points to the new one.",
        example="/incident update correct 1",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=False,
        run=_correct,
    ),
)
