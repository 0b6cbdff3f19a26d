"""The bot's own dead-man: one message with Slack that says it was not seen, put off for as long as it lives."""

from datetime import timedelta

from bot.actions import effects
from bot.actions.waking import fallbacks
from bot.domain.effect import EffectKind
from bot.domain.fallback import LEFT_ANEW, SILENCE, Fallback, FallbackState
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, superseded
from bot.settings import Settings
from storage import fallbacks as rows
from storage import people, reminders
from storage.store import Tx

_KEPT = timedelta(days=2)
_OFF = "channels.operations is not set"


def on_start(tx: Tx, settings: Settings) -> None:
    """Begin to put it off, or take it back when the setting is gone."""
    for row in rows.unsettled(tx, None):
        if not settings.channels.operations and not row.reason:
            fallbacks.withdraw(tx, row, _OFF)
    reminders.supersede(tx, None, "the bot has started", {ReminderKind.ALIVE})
    if settings.channels.operations:
        _put_off(tx, settings.channels.operations)


def due(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """The bot lives: a new message is left, and once it is there the one before is taken back."""
    if not settings.channels.operations:
        return superseded(_OFF)
    _put_off(tx, settings.channels.operations)
    return DELIVERED


def left(tx: Tx, newest: Fallback) -> None:
    """The newest is with Slack: those before it are not needed any more."""
    for row in rows.unsettled(tx, None):
        if row.id < newest.id and not row.reason:
            fallbacks.withdraw(tx, row, "the bot was seen")


def _put_off(tx: Tx, channel: str) -> None:
    name = f"alive:{tx.now.timestamp():.6f}"
    waiting = [row for row in rows.unsettled(tx, None) if row.state is FallbackState.PLANNED]
    for row in waiting:
        # Slack was away since: it would say so from too early a time.
        if not fallbacks.is_maybe_left(tx, row):
            rows.settle(tx, row.id, FallbackState.WITHDRAWN, "a newer one is left")
    target = people.place_of(tx, channel)
    post_at = (tx.now + SILENCE).replace(microsecond=0)
    made = rows.add(tx, f"fallback:{name}", target, post_at, incident=None, subject=None)
    effects.fallback(tx, EffectKind.LEAVE, made, "leave")
    reminders.plan(tx, name, ReminderKind.ALIVE, tx.now + LEFT_ANEW, None)
    reminders.forget(tx, ReminderKind.ALIVE, tx.now - _KEPT)
    rows.forget_own(tx, tx.now - _KEPT)
