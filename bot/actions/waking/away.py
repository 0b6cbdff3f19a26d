"""Slack can't be reached: who is needed hears it by their own channels; on its return everybody hears how things are.

Nothing here waits for Slack: what could not be said stays in the outbox and is said, as things are then, on its return.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.actions import effects, groups
from bot.actions.command import presence
from bot.actions.incident import membership
from bot.domain.away import AWAY_AFTER, LOOK_EVERY, TOLD, URGENT
from bot.domain.effect import Effect, EffectKind
from bot.domain.incident import PersonId
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, superseded
from bot.settings import Settings
from storage import command, contacts, handoffs, incidents, marks, outbox, reminders, rotas, updates
from storage.store import Tx

_MARK = "slack-away"


def since(tx: Tx) -> datetime | None:
    """Since when people are reached without Slack; None while it is there, or not away for long enough."""
    found = marks.get(tx, _MARK)
    return datetime.fromisoformat(found["since"]) if found and found.get("told") else None


def lost(tx: Tx, at: datetime) -> None:
    """Nothing has gone through to Slack since `at`."""
    if marks.get(tx, _MARK) is None:
        marks.put(tx, _MARK, {"since": at.isoformat()})
        _look_again(tx, at + AWAY_AFTER, at)


def due(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """It is away for five minutes, or goes on being so: reach who is needed, and look again in a minute."""
    found = marks.get(tx, _MARK)
    if found is None:
        return superseded("Slack is back")
    if incidents.every_open(tx):
        if not found.get("told"):
            marks.put(tx, _MARK, {**found, "told": tx.now.isoformat()})
        reach(tx)
    _look_again(tx, tx.now + LOOK_EVERY, datetime.fromisoformat(found["since"]))
    return DELIVERED


def reach(tx: Tx) -> None:
    """Write to everybody of whom something waits, once for each thing that waits."""
    for person, effect in waiting(tx):
        for contact in contacts.of(tx, person):
            effects.notify(tx, contact, "away", f"effect{effect.id}")


def waiting(tx: Tx) -> list[tuple[PersonId, Effect]]:
    """What waits in the outbox for an answer of one person, and of whom."""
    found: list[tuple[PersonId, Effect]] = []
    for effect in outbox.waiting_of(tx, {EffectKind.POST, EffectKind.OFFER}):
        person = _asked(tx, effect)
        if person:
            found.append((person, effect))
    return found


def what_waits(effect: Effect) -> str:
    """In plain words, what a waiting effect asks of somebody."""
    return URGENT["offer" if effect.kind is EffectKind.OFFER else effect.intent["what"]]


def _asked(tx: Tx, effect: Effect) -> PersonId | None:
    if effect.kind is EffectKind.OFFER:
        offer = handoffs.find(tx, effect.intent["handoff"])
        return offer.offered_to if offer and offer.is_open else None
    if effect.intent["what"] not in URGENT or _is_past(tx, effect.intent["about"]):
        return None
    return effect.intent.get("to")


def _is_past(tx: Tx, about: Mapping[str, Any]) -> bool:
    """Whether it was about a shift that has begun, or was changed since, or about an update that came meanwhile."""
    if "promise" in about:
        promise = updates.find_promise(tx, about["promise"])
        return promise is None or not promise.is_open
    if "shift" not in about:
        return False
    shift = rotas.shift(tx, about["shift"])
    return shift is None or shift.version != about.get("version", shift.version) or shift.starts_at <= tx.now


def answered(tx: Tx, settings: Settings) -> None:
    """Slack does what it is asked again: what waits goes out as things are now, much of it put together."""
    found = marks.get(tx, _MARK)
    if found is None:
        return
    marks.clear(tx, _MARK)
    reminders.supersede(tx, None, "Slack is back", {ReminderKind.SLACK_AWAY})
    if not found.get("told"):
        return
    away_since = datetime.fromisoformat(found["since"])
    cause = f"away{away_since.timestamp():.0f}"
    groups.read_all(tx, settings)
    membership.read_all(tx, cause)
    for incident in incidents.every_open(tx):
        effects.refresh(tx, incident, cause, topic=True)
        effects.say(tx, incident, "slack-back", cause, since=away_since.timestamp())
        tenure = command.open_tenure(tx, incident.number)
        if tenure:
            # What they did meanwhile Slack may never tell by itself.
            presence.look_now(tx, incident, tenure, "Slack is back: the channel is read")
    _catch_up(tx, away_since)


def _catch_up(tx: Tx, away_since: datetime) -> None:
    """Of somebody for whom several things wait that ask nothing any more: one message instead of all of them."""
    missed: dict[tuple[PersonId, int], list[Effect]] = {}
    for effect in outbox.waiting_of(tx, {EffectKind.POST}):
        to = effect.intent.get("to")
        if to and effect.incident and effect.sends == 0 and effect.intent["what"] in TOLD:
            missed.setdefault((to, effect.incident), []).append(effect)
    for (person, number), rows in missed.items():
        if len(rows) < 2:
            continue
        key = f"away{away_since.timestamp():.0f}"
        told = [{"what": row.intent["what"], "about": row.intent["about"]} for row in rows]
        effects.tell(
            tx, incidents.get(tx, number), person, "slack-back-dm", key, since=away_since.timestamp(), told=told
        )
        for row in rows:
            outbox.cover(tx, row.id, f"told together: {key}")


def _look_again(tx: Tx, at: datetime, began: datetime) -> None:
    key = f"slack-away:{began.timestamp():.0f}:{at.timestamp():.0f}"
    reminders.plan(tx, key, ReminderKind.SLACK_AWAY, at, None)
