"""Buttons and the form about progress."""

from collections.abc import Mapping

from bot.actions.communication import progress
from bot.actions.zones import zone_of
from bot.domain import walltime
from bot.domain.incident import Incident
from bot.domain.permission import Who
from bot.errors import WrongFields, WrongWords
from bot.messages.communication import forms_progress
from bot.messages.kit import Block
from handlers.slack.button import Button
from handlers.slack.call import Call, Reply
from handlers.slack.communication.progress_commands import post_chart, whole
from handlers.slack.filled import Filled, Submission
from storage import measures
from storage.store import Tx


def _open_form(call: Call) -> Reply:
    known = measures.of(call.tx, call.incident.number)
    return Reply(view=forms_progress.reading(call.incident, known, call.asked.channel_id))


def _keep(filled: Filled) -> Block | None:
    incident, _ = filled.incident(Who.MEMBER)
    tx, answers = filled.tx, filled.answers
    name = _chosen(tx, incident, answers.get("measure") or forms_progress.NEW, str(answers["name"] or ""))
    numbers = {field: _number(field, str(answers[field] or "")) for field in ("done", "total")}
    when = str(answers["at"] or "").strip()
    try:
        at = walltime.parse(when, tx.now, zone_of(tx, filled.by), past=True).at if when else None
    except WrongWords as refused:
        raise WrongFields({"at": refused.sentence}) from refused
    progress.report(tx, incident, name, numbers["done"], numbers["total"], filled.by, at)
    return None


def _chosen(tx: Tx, incident: Incident, measure: str, name: str) -> str:
    """The name of what was chosen, or of something new; the two together are refused."""
    if measure == forms_progress.NEW:
        if not name.strip():
            raise WrongFields({"name": "What is counted? Give it a name."})
        return name
    if name.strip():
        raise WrongFields({"name": "Choose “Something new” above, or leave this empty."})
    known = {str(one.id): one.name for one in measures.of(tx, incident.number)}
    if measure not in known:
        raise WrongFields({"measure": "Its readings were taken back meanwhile. Open the form again."})
    return known[measure]


def _number(field: str, text: str) -> int:
    try:
        return whole(text.strip())
    except WrongWords as refused:
        raise WrongFields({field: "That is no whole number, such as 412."}) from refused


BUTTONS: Mapping[str, Button] = {
    "progress:form": Button(run=_open_form, changes=False, who=Who.MEMBER),
    "progress:chart": Button(run=post_chart, changes=True, who=Who.MEMBER),
}
SUBMISSIONS: Mapping[str, tuple[Submission, str]] = {forms_progress.READING: (_keep, "done")}
