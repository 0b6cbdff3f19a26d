"""Asking as Slack's entrance does: what may change writes, the rest reads."""

import re
from collections.abc import Mapping
from typing import Any

from bot.messages.kit import Block, Message
from bot.settings import Settings
from handlers.slack.buttons import BUTTONS, press
from handlers.slack.call import Asked, Reply
from handlers.slack.commands import perform, understand
from handlers.slack.filled import Filled
from handlers.slack.incident.submissions import SUBMISSIONS
from storage.store import Store
from tests.support.database import Dump, dump
from tests.support.story import BOB, ELSEWHERE, EVE, IC, settings

_NAMES = {"@ada": IC, "@bob": BOB, "@eve": EVE}


def command(store: Store, by: str, text: str, channel: str = ELSEWHERE, setting: Settings | None = None) -> Reply:
    """Somebody types `/incident TEXT`."""
    asked = Asked(by=by, channel_id=channel, text=text, key="trigger")
    opened = store.write if understand(text)[0].changes else store.read
    with opened() as tx:
        return perform(tx, setting or settings(), asked)


def button(store: Store, by: str, name: str, value: str, channel: str = ELSEWHERE) -> Reply:
    """Somebody presses a button of ours."""
    opened = store.write if BUTTONS[name].changes else store.read
    with opened() as tx:
        return press(tx, settings(), BUTTONS[name], Asked(by=by, channel_id=channel, text=value, key="trigger"))


def submission(store: Store, by: str, view: Block, answers: Mapping[str, object]) -> Block | None:
    """Somebody sends a form of ours, filled in like this."""
    with store.write() as tx:
        filled = Filled(tx=tx, settings=settings(), answers=answers, metadata=view.get("private_metadata", ""), by=by)
        return SUBMISSIONS[view["callback_id"]][0](filled)


def everything(store: Store) -> Dump:
    with store.read() as tx:
        return dump(tx)


def about(example: str, name: str, number: int) -> str:
    """The example of a command, about this incident, with people as Slack sends them."""
    if name == "duplicate":
        # The incident in its example is the other one.
        return f"{name} INC-{number} INC-2"
    words = re.sub(r"\s*INC-\d+", "", example.removeprefix("/incident")).strip()
    rest = with_ids(words.removeprefix(name).strip())
    return f"{name} INC-{number} {rest}".strip()


def with_ids(text: str) -> str:
    """The people named in a text as Slack sends them."""
    return re.sub(r"@(?:ada|bob|eve)\b", lambda found: f"<@{_NAMES[found[0]]}>", text)


def text_of(reply: Reply) -> str:
    """Every word of an answer."""
    found: list[str] = []
    _gather(reply.message.blocks if isinstance(reply.message, Message) else [], found)
    _gather(reply.view, found)
    return "\n".join([reply.message.text if reply.message else "", *found])


def _gather(value: Any, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(value)
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _gather(item, found)
