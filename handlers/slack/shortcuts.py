"""The one table of shortcuts: the global one, and those in the menu of a message."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.actions.incident import pinning
from bot.domain.text import TITLE_LIMIT, clean_line, shorten
from bot.errors import WrongState
from bot.heard import heard, permalink, words_of
from bot.messages import forms
from bot.messages.card import label
from bot.messages.kit import TEXT_LIMIT, said
from bot.settings import Settings
from handlers.slack import activity
from handlers.slack.call import Asked, Call, Reply
from storage import incidents, people
from storage.store import Tx

_UNNAMED = frozenset({"privategroup", "directmessage"})
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)>")
_PRIVATE = (
    "*That message was said where not everybody can read it.* What stands here is for everybody,"
    " unless you tick *Private* below."
)
Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """A shortcut: what Slack sends of a global one names no message and no channel. `changes`: it writes something."""

    run: Callable[[Call, Payload], Reply]
    changes: bool = False


def _declare(call: Call, payload: Payload) -> Reply:
    return Reply(view=forms.declare(call.settings))


def _declare_from(call: Call, payload: Payload) -> Reply:
    """The form with what the message says. A form shows no mention, so people stand in it by name."""
    message = payload["message"]
    words = _with_names(call.tx, words_of(message))
    link = permalink(call.asked.channel_id, str(message["ts"]), str(message.get("thread_ts") or ""))
    title = next((line for text in words.splitlines() if (line := clean_line(text))), "")
    summary = f"{shorten(words, TEXT_LIMIT - len(link) - 2)}\n\n{link}".strip()
    warning = _PRIVATE if _is_private(call, payload) else ""
    return Reply(view=forms.declare(call.settings, shorten(title, TITLE_LIMIT), summary, warning))


def _with_names(tx: Tx, words: str) -> str:
    known = people.find(tx, _PERSON.findall(words))
    return _PERSON.sub(lambda found: f"@{known[found[1]].name}" if found[1] in known else found[0], words)


def _is_private(call: Call, payload: Payload) -> bool:
    """Whether it was said in a private channel, which Slack does not name, or in direct messages."""
    name = str(payload["channel"].get("name") or "")
    incident = incidents.in_channel(call.tx, call.asked.channel_id)
    return name in _UNNAMED or name.startswith("mpdm-") or (incident is not None and incident.private)


def _add_to_timeline(call: Call, payload: Payload) -> Reply:
    incident = incidents.in_channel(call.tx, call.asked.channel_id)
    if incident is None:
        raise WrongState(
            "That message is not in the channel of an incident, so there is no timeline to add it to.",
            "Keep what it says: `/incident note INC-7 …`",
        )
    entry, new = pinning.add(call.tx, incident, heard(payload["message"]), call.by)
    activity.noted(call.tx, incident, call.by)
    already = "" if new else " already"
    return Reply(said(f"That message is in the timeline of {label(incident)}{already}, as entry {entry.number}."))


# Callback ids; the manifest tells Slack their names.
SHORTCUTS: Mapping[str, Shortcut] = {
    "declare": Shortcut(run=_declare),
    "declare-from-message": Shortcut(run=_declare_from),
    "add-to-timeline": Shortcut(run=_add_to_timeline, changes=True),
}


def use(tx: Tx, settings: Settings, shortcut: Shortcut, asked: Asked, payload: Payload) -> Reply:
    """Do what a shortcut does. Raises a BotError when it can't be done."""
    return shortcut.run(Call(tx=tx, settings=settings, asked=asked, rest=""), payload)
