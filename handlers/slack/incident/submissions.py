"""The one table of forms: what sending each does. All of it happens, or nothing and the form says why."""

from collections.abc import Mapping

from bot.actions import effects
from bot.actions.command import clearing
from bot.actions.communication import impact
from bot.actions.incident import change, membership, notes
from bot.actions.incident.declare import Declaration, declare
from bot.domain import edit
from bot.domain.incident import Incident, Kind, PersonId, Severity, State
from bot.domain.permission import Who
from bot.domain.text import shorten
from bot.domain.timeline import EntryKind
from bot.errors import BotError, WrongFields, WrongState
from bot.messages import forms
from bot.messages.kit import Block
from bot.settings import Settings
from handlers.slack.command import briefing_submissions, command_submissions
from handlers.slack.communication import impact_submissions, progress_buttons, update_submissions, vendor_buttons
from handlers.slack.filled import Filled, Submission
from handlers.slack.waking import paging_buttons
from storage import incidents, outbox
from storage.store import Tx


def _declare(filled: Filled) -> Block | None:
    answers = filled.answers
    flags = answers["flags"] or []
    wanted = Declaration(
        title=answers["title"] or "",
        severity=Severity(answers["severity"]),
        kind=Kind.DRILL if "drill" in flags else Kind.REAL,
        private="private" in flags,
        summary=answers["summary"] or "",
    )
    incident = declare(filled.tx, filled.settings, wanted, filled.by, view=filled.view)
    if answers.get("impact") or answers.get("level"):
        told = impact_submissions.read_report(filled, incident, "impact", "level")
        impact.keep(filled.tx, filled.settings, incident, told, filled.by)
    return forms.declared(incident)


def _edit(filled: Filled) -> Block | None:
    """Only what this person changed is changed; what somebody else changed too is not decided by who sends last."""
    incident, _ = filled.incident(Who.MEMBER)
    seen, now = forms.seen_in(filled.metadata), forms.editable(incident)
    wanted = edit.changed(seen, forms.edited(filled.answers), now)
    if clashing := {field: _clash(now[field]) for field in wanted if field in edit.stale(seen, now)}:
        raise WrongFields(clashing)
    for field, value in wanted.items():
        try:
            incident = _change(filled.tx, filled.settings, incident, field, value, filled.by)
        except BotError as refused:
            raise WrongFields({field: refused.sentence}) from refused
    return None


def _clash(now: str) -> str:
    stands = f"it is now: {shorten(now, 200)}" if now else "it is empty now"
    return f"Somebody changed this meanwhile; {stands}. Put the same here, or open the form again."


def _change(tx: Tx, settings: Settings, incident: Incident, field: str, value: str, by: PersonId) -> Incident:
    match field:
        case "title":
            return change.set_title(tx, incident, value, by)
        case "severity":
            return change.set_severity(tx, settings, incident, Severity(value), by)
        case "state":
            return change.set_state(tx, incident, State(value), by)
        case "summary":
            return change.set_summary(tx, incident, value, by) if value else clearing.clear_summary(tx, incident, by)
    return change.set_call(tx, incident, value, by) if value else clearing.clear_call(tx, incident, by)


def _note(filled: Filled) -> Block | None:
    chosen = str(filled.answers["kind"])
    public = chosen == forms.PUBLIC_DECISION
    kind = EntryKind.DECISION if public else EntryKind(chosen)
    incident, _ = filled.incident(Who.ANYONE if kind is EntryKind.NOTE else Who.MEMBER)
    notes.record(filled.tx, incident, kind, filled.answers["text"] or "", filled.by, public=public)
    return None


def _use_channel(filled: Filled) -> Block | None:
    incident, _ = filled.incident(Who.MEMBER)
    tx, channel = filled.tx, filled.answers["channel"]
    if incident.private:
        raise WrongState(
            f"{incident.name} is private: a public channel can't replace its own.",
            "Ask an admin to let me create channels.",
        )
    if incident.channel_id:
        # A form shows no link, and of a channel that was there before the name may not be known yet.
        known = f"It is #{incident.channel_name}." if incident.channel_name else "The announcement links to it."
        raise WrongState(f"{incident.name} has a channel already.", known)
    if taken := incidents.in_channel(tx, channel):
        raise WrongState(f"That channel belongs to {taken.name}.", "Choose another one.")
    membership.live_in(tx, incident, channel, filled.by)
    outbox.forget_failed(tx, f"{incident.name}:channel")
    effects.refresh(tx, incident, "use-channel", topic=True)
    return None


# Callback id to what sending it does, and the block that shows why it could not be done.
SUBMISSIONS: Mapping[str, tuple[Submission, str]] = {
    forms.DECLARE: (_declare, "title"),
    forms.EDIT: (_edit, "title"),
    forms.NOTE: (_note, "text"),
    forms.USE_CHANNEL: (_use_channel, "channel"),
    **command_submissions.SUBMISSIONS,
    **impact_submissions.SUBMISSIONS,
    **briefing_submissions.SUBMISSIONS,
    **paging_buttons.SUBMISSIONS,
    **vendor_buttons.SUBMISSIONS,
    **progress_buttons.SUBMISSIONS,
    **update_submissions.SUBMISSIONS,
}
