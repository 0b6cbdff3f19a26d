"""Forms about command: what sending each does."""

from collections.abc import Mapping

from bot.actions.command import briefing, handoff, rota, taking
from bot.actions.zones import zone_of
from bot.domain import walltime
from bot.domain.command import COMMANDER
from bot.domain.handoff import Taking
from bot.domain.incident import Incident
from bot.domain.people import check_can_act
from bot.domain.permission import Standing, Who
from bot.domain.rota import Rota
from bot.domain.text import parse_duration
from bot.errors import NotAllowed, WrongState, WrongWords
from bot.messages.command import forms_command
from bot.messages.kit import Block, modal
from handlers.slack.call import Asked, Call, Reply
from handlers.slack.command.command_commands import after_taking
from handlers.slack.command.rota_commands import started
from handlers.slack.filled import Filled, Submission
from storage import people, rotas
from storage.store import Tx


def _take(filled: Filled) -> Block:
    incident, standing = filled.incident(Who.MEMBER)
    reason = str(filled.answers["reason"] or "")
    if "relieve" in (filled.answers.get("how") or []):
        if standing is not Standing.COMMANDER:
            raise NotAllowed("Only commanders may relieve an IC at once.", "Leave the box empty to ask for command.")
        came: handoff.Accepted | Taking = taking.relieve(filled.tx, incident, filled.by, reason)
    else:
        came = taking.take(filled.tx, incident, filled.by, reason)
    at_once = isinstance(came, Taking) and came.confirm_at <= filled.tx.now
    return _outcome(incident, after_taking(_call(filled, incident), came), with_buttons=at_once)


def _call(filled: Filled, incident: Incident) -> Call:
    asked = Asked(by=filled.by, channel_id="", text="")
    return Call(tx=filled.tx, settings=filled.settings, asked=asked, rest="", found=incident)


def _outcome(incident: Incident, reply: Reply, *, with_buttons: bool = False) -> Block:
    """What a command in one line is answered, in the form's place: to read, unless a button is what it is about."""
    blocks = reply.message.blocks if reply.message else []
    return modal(incident.name, [one for one in blocks if with_buttons or one["type"] != "actions"], close="Close")


def _handoff(filled: Filled) -> None:
    incident, _ = filled.incident(Who.COMMAND)
    tx, by, answers = filled.tx, filled.by, filled.answers
    written = briefing.prepare(tx, incident, COMMANDER, for_shift=None, by=by)
    briefing.answer(tx, written, str(answers["worries"] or ""), str(answers["first"] or ""), by)
    handoff.hand_over(tx, incident, answers["to"], by)


def _rota_start(filled: Filled) -> Block:
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
    planned = rota.start(tx, incident, COMMANDER, named, length, by, anchor)
    return _outcome(incident, started(_call(filled, incident), planned))


def _rota_edit(filled: Filled) -> None:
    incident, _ = filled.incident(Who.COMMAND)
    tx, by = filled.tx, filled.by
    wanted = list(filled.answers["people"] or [])
    running = rotas.running(tx, incident.number)
    if running is None:
        raise WrongWords("This incident has no rota any more.", "Start one: /incident rota start @ada @bob 8h")
    shown_then = filled.about["shown"]
    if shown_then["rota"] != str(running.id):
        raise WrongState("Another rota was started meanwhile.", "Close this form and open it again.")
    _check_people(tx, wanted)
    _change_people(tx, incident, running, shown_then["people"].split(), wanted, by)


def _change_people(tx: Tx, incident: Incident, running: Rota, then: list[str], wanted: list[str], by: str) -> None:
    """Only what this person changed: whom others have added or taken away since the form was opened stays so."""
    new = [person for person in wanted if person not in then and person not in running.people]
    if new:
        rota.add(tx, incident, COMMANDER, new, by)
    for person in then:
        if person not in wanted and person in running.people:
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
