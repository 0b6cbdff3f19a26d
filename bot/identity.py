"""Who the bot is in Slack: asked once at each start, and remembered, so that it can start while Slack is away."""

import asyncio
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bot import log
from bot.clock import Clock
from bot.slack import Ok, Refused, SlackGateway
from storage import marks
from storage.store import Store, Tx

# So long a start waits for Slack's word on who the bot is, if that is known from before.
_WITHOUT_SLACK_SECONDS = 2.0
_RETRY_SECONDS = 1.0
_MARK = "identity"
_log = log.get("identity")
_KEPT = ("user_id", "team_id", "bot_id", "team", "url", "user")


class TokenRefused(Exception):
    """Slack lets nobody in with this bot token; the text is Slack's word for why."""


async def ask(
    gateway: SlackGateway, store: Store, clock: Clock, stop: asyncio.Event, token: str
) -> tuple[Mapping[str, Any], bool]:
    """What auth.test answers, asked until it does, and whether it has: after two seconds what it once said serves.

    Raises TokenRefused.
    """
    begun = clock.elapsed()
    while True:
        outcome = await gateway.call("auth.test", {})
        match outcome:
            case Ok(data):
                await store.run(keep, token, data)
                return data, True
            case Refused(error):
                raise TokenRefused(error)
        _log.warning("Slack does not answer yet", outcome=outcome)
        known = await store.view(remembered, token)
        if known and clock.elapsed() - begun >= _WITHOUT_SLACK_SECONDS:
            _log.warning("starting without Slack")
            return known, False
        await clock.wait(stop, _RETRY_SECONDS)


def keep(tx: Tx, token: str, answer: Mapping[str, Any]) -> None:
    """Remember what auth.test has answered for this token."""
    found = {name: answer[name] for name in _KEPT if answer.get(name)}
    if marks.get(tx, _MARK) != (wanted := {"token": _hash(token), "answer": found}):
        marks.put(tx, _MARK, wanted)


def remembered(tx: Tx, token: str) -> Mapping[str, Any] | None:
    """What auth.test has answered when it last let this very token in; None when it never has."""
    found = marks.get(tx, _MARK)
    return found["answer"] if found and found["token"] == _hash(token) else None


def _hash(token: str) -> str:
    # Only to see that it is the same: the token itself stands nowhere in the database.
    return sha256(token.encode()).hexdigest()
