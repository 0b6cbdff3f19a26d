"""What all messages have in common: posted once, edited from then on, swept when one was sent twice."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.actions.incident.membership import archived
from bot.domain.effect import Effect, EffectKind
from bot.domain.incident import Incident
from bot.engine.effectors.base import Call, Effector, Look, channel_of
from bot.messages.kit import Message, metadata
from storage import outbox
from storage.store import Tx

SWEEP_AFTER = timedelta(seconds=60)
# What Slack says when nothing can be said there, or the message is not there any more.
GONE = frozenset({"is_archived", "channel_not_found", "not_in_channel", "message_not_found", "cant_update_message"})


class Posting(Effector):
    """A message in a channel: posted when it is not there yet, else edited."""

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        if call.method != "chat.postMessage":
            return
        self.posted(tx, effect, answer["channel"], answer["ts"])
        if effect.sends > 0:
            # It was sent more than once: if an earlier request arrives after all, the later copy goes.
            _sweep(tx, effect, answer["channel"], call)

    def posted(self, tx: Tx, effect: Effect, channel: str, ts: str) -> None:
        """Remember where it stands."""


def post_or_edit(message: Message, channel: str, ts: str | None, marker: str, thread: str = "") -> Call:
    """Edit the message that stands at `ts`; post it when there is none, findable by `marker`, in a thread if given."""
    arguments = {"channel": channel, **message.as_arguments()}
    if ts:
        # Slack's own timer posts what we left with it without ours: from here on it can be found like any other.
        return Call(method="chat.update", arguments={**arguments, "ts": ts, "metadata": metadata(marker)})
    arguments |= {"metadata": metadata(marker), "unfurl_links": False, "unfurl_media": False}
    arguments |= {"thread_ts": thread} if thread else {}
    return Call(method="chat.postMessage", arguments=arguments, look=Look.HISTORY, marker=marker)


def note_archived(tx: Tx, incident: Incident, error: str) -> bool:
    """Remember that nothing can be said in the incident's channel now, if that is what Slack says; whether it is."""
    if error not in {"is_archived", "channel_not_found"}:
        return False
    archived(tx, channel_of(incident), None, lost=error == "channel_not_found")
    return True


def _sweep(tx: Tx, effect: Effect, channel: str, call: Call) -> None:
    outbox.enqueue(
        tx,
        f"sweep:{effect.id}",
        EffectKind.SWEEP,
        f"sweep:{effect.id}",
        incident=effect.incident,
        needs_channel=False,
        delay=SWEEP_AFTER,
        channel=channel,
        marker=call.marker,
        thread=call.arguments.get("thread_ts", ""),
        since=(effect.first_try_at or tx.now).timestamp(),
    )
