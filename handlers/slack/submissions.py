"""The one table of forms: what sending each does. All of it happens, or nothing and the form says why."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.actions import change, effects, membership, notes
from bot.actions.declare import Declaration, declare
from bot.actions.standing import may_see, standing
from bot.domain.incident import Incident, Kind, PersonId, Severity, State
from bot.domain.permission import Who, check_may
from bot.domain.text import clean, clean_line
from bot.domain.timeline import EntryKind
from bot.errors import NoSuchIncident, WrongState
from bot.messages import forms
from bot.messages.kit import TEXT_LIMIT as FORM_TEXT_LIMIT
from bot.messages.kit import Block
from bot.settings import Settings
from storage import incidents, outbox
from storage.store import Tx

Answers = Mapping[str, Any]


def _declare(tx: Tx, settings: Settings, answers: Answers, _metadata: str, by: PersonId) -> Block | None:
    flags = answers["flags"] or []
    wanted = Declaration(
        title=answers["title"] or "",
        severity=Severity(answers["severity"]),
        kind=Kind.DRILL if "drill" in flags else Kind.REAL,
        private="private" in flags,
        summary=answers["summary"] or "",
    )
    return forms.declared(declare(tx, settings, wanted, by))


def _edit(tx: Tx, settings: Settings, answers: Answers, metadata: str, by: PersonId) -> Block | None:
    incident = _incident(tx, settings, metadata, by, Who.MEMBER)
    title, summary, call = answers["title"] or "", answers["summary"] or "", answers["call"] or ""
    if clean_line(title) != incident.title:
        incident = change.set_title(tx, incident, title, by)
    if Severity(answers["severity"]) is not incident.severity:
        incident = change.set_severity(tx, settings, incident, Severity(answers["severity"]), by)
    if State(answers["state"]) is not incident.state:
        incident = change.set_state(tx, incident, State(answers["state"]), by)
    # The form shows no more of a summary than it can hold: what it did not show must not be lost by saving it.
    shown = {incident.summary, clean(incident.summary[:FORM_TEXT_LIMIT])}
    if summary and clean(summary) not in shown:
        incident = change.set_summary(tx, incident, summary, by)
    if call and call.strip() != incident.call_url:
        change.set_call(tx, incident, call, by)
    return None


def _note(tx: Tx, settings: Settings, answers: Answers, metadata: str, by: PersonId) -> Block | None:
    kind = EntryKind(answers["kind"])
    incident = _incident(tx, settings, metadata, by, Who.ANYONE if kind is EntryKind.NOTE else Who.MEMBER)
    notes.record(tx, incident, kind, answers["text"] or "", by)
    return None


def _use_channel(tx: Tx, settings: Settings, answers: Answers, metadata: str, by: PersonId) -> Block | None:
    incident = _incident(tx, settings, metadata, by, Who.MEMBER)
    if incident.private:
        raise WrongState(
            f"{incident.name} is private: a public channel can't replace its own.",
            "Ask an admin to let me create channels.",
        )
    if incident.channel_id:
        raise WrongState(f"{incident.name} has a channel already.", f"It is #{incident.channel_name}.")
    if taken := incidents.in_channel(tx, answers["channel"]):
        raise WrongState(f"That channel belongs to {taken.name}.", "Choose another one.")
    membership.live_in(tx, incident, answers["channel"], by)
    outbox.forget_failed(tx, f"{incident.name}:channel")
    effects.refresh(tx, incident, "use-channel", topic=True)
    return None


def _incident(tx: Tx, settings: Settings, metadata: str, by: PersonId, who: Who) -> Incident:
    incident = incidents.find(tx, forms.number_in(metadata))
    if incident is None or not may_see(tx, incident, by):
        raise NoSuchIncident("That incident is not known here.", "See which there are: /incident list all")
    check_may(standing(tx, settings, incident, by), who, incident.name, incident.channel_id)
    return incident


Submission = Callable[[Tx, Settings, Answers, str, PersonId], Block | None]

# Callback id to what sending it does, and the block that shows why it could not be done.
SUBMISSIONS: Mapping[str, tuple[Submission, str]] = {
    forms.DECLARE: (_declare, "title"),
    forms.EDIT: (_edit, "title"),
    forms.NOTE: (_note, "text"),
    forms.USE_CHANNEL: (_use_channel, "channel"),
}
