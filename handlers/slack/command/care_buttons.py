"""Buttons about people: I'm here, on a call, I go on. Their values name the tenure that was asked about."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.actions.command import absence, fatigue, presence
from bot.actions.zones import zone_of
from bot.domain.command import COMMANDER
from bot.messages import replies
from bot.messages.command import care
from bot.messages.kit import said
from handlers.slack.button import Button
from handlers.slack.call import Call, Reply


def _here(call: Call) -> Reply:
    incident = presence.here(call.tx, int(call.rest), call.by)
    absence.spoke(call.tx, incident, call.tx.now)
    return Reply(replies.role_done(incident, COMMANDER, "stays yours. Thank you."))


def _on_a_call(call: Call) -> Reply:
    incident, until = presence.on_a_call(call.tx, int(call.rest), call.by)
    absence.spoke(call.tx, incident, call.tx.now)
    return Reply(said(care.on_a_call(until, zone_of(call.tx, call.by))))


def _go_on(call: Call) -> Reply:
    tenure, _, warned_at = call.rest.partition(":")
    at = datetime.fromtimestamp(int(warned_at), UTC)
    incident, recorded = fatigue.go_on(call.tx, int(tenure), at, call.by)
    if presence.did_something(call.tx, incident, call.by):
        absence.spoke(call.tx, incident, call.tx.now)
    words = "is recorded: you go on." if recorded else "has it on record already that you go on."
    return Reply(replies.done(incident, words))


BUTTONS: Mapping[str, Button] = {
    "presence:here": Button(run=_here, changes=True, about_incident=False),
    "presence:call": Button(run=_on_a_call, changes=True, about_incident=False),
    "fatigue:go-on": Button(run=_go_on, changes=True, about_incident=False),
}
