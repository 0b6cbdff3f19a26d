"""Forms about command: what sending each does."""

from collections.abc import Mapping

from bot.actions import briefing, handoff, rota, taking
from bot.actions.zones import zone_of
from bot.domain import walltime
from bot.domain.command import COMMANDER
from bot.domain.incident import Incident
from bot.domain.people import check_can_act
from bot.domain.permission import Standing, Who
from bot.domain.rota import Rota
from bot.domain.text import parse_duration
from bot.errors import NotAllowed, WrongWords
from bot.messages import forms_command
from handlers.slack.filled import Filled, Submission
from storage import people, rotas
from storage.store import Tx


def _take(filled: Filled) -> None:
    incident, standing = filled.incident(Who.MEMBER)
    reason = str(filled.answers["reason"] or "")
    if "relieve" in (filled.answers.get("how") or []):
        if standing is not Standing.COMMANDER:
            raise NotAllowed("Only commanders may relieve an IC at once.", "Leave the box empty to ask for command.")
        taking.relieve(filled.tx, incident, filled.by, reason)
    else:
        taking.take(filled.tx, incident, filled.by, reason)


def _handoff(filled: Filled) -> None:
    incident, _ = filled.incident(Who.COMMAND)
    tx, by, answers = filled.tx, filled.by, filled.answers
    written = briefing.prepare(tx, incident, COMMANDER, for_shift=None, by=by)
    briefing.answer(tx, written, str(answers["worries"] or ""), str(answers["first"] or ""), by)
    handoff.hand_over(tx, incident, answers["to"], by)


def _rota_start(filled: Filled) -> None:
    incident, _ = filled.incident(Who.COMMAND)
    tx, by = filled.tx, filled.by
    named = list(filled.answers["people"] or [])
    _check_people(tx, named)
    length = parse_duration(filled.answers["length"] or "")
    if length is None:
        raise WrongWords("How long is a shift?", "Choose a length.")
    when = str(filled.answers["from"] or "").strip()
    now = when.lower() in {"", "now"}
    anchor = None if now else walltime.parse(when, tx.now, zone_of(tx, by)).at
    rota.start(tx, incident, COMMANDER, named, length, by, anchor)


def _rota_edit(filled: Filled) -> None:
    incident, _ = filled.incident(Who.COMMAND)
    tx, by = filled.tx, filled.by
    wanted = list(filled.answers["people"] or [])
    running = rotas.running(tx, incident.number)
    if running is None:
        raise WrongWords("This incident has no rota any more.", "Start one: /incident rota start @ada @bob 8h")
    _check_people(tx, wanted)
    _change_people(tx, incident, running, wanted, by)


def _change_people(tx: Tx, incident: Incident, running: Rota, wanted: list[str], by: str) -> None:
    new = [person for person in wanted if person not in running.people]
    if new:
        rota.add(tx, incident, COMMANDER, new, by)
    for person in running.people:
        if person not in wanted:
            rota.remove(tx, incident, COMMANDER, person, by)


def _check_people(tx: Tx, named: list[str]) -> None:
    known = people.find(tx, named)
    for person in named:
        check_can_act(known.get(person), person)


# Callback id to what sending it does, and the block that shows why it could not be done.
SUBMISSIONS: Mapping[str, tuple[Submission, str]] = {
    forms_command.TAKE: (_take, "reason"),
    forms_command.HANDOFF: (_handoff, "to"),
    forms_command.ROTA_START: (_rota_start, "people"),
    forms_command.ROTA_EDIT: (_rota_edit, "people"),
}
