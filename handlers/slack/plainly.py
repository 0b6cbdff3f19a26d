"""A refusal as a form shows it: in plain text, where no mention, channel or code works."""

import re

from bot.heard import MENTION
from storage import incidents, people
from storage.store import Tx

_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^>]*)?>")
_DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def plainly(tx: Tx, text: str) -> str:
    """The same words, with people and channels by name."""
    known = people.find(tx, MENTION.findall(text))

    def person(found: re.Match[str]) -> str:
        return known[found[1]].name if found[1] in known else "somebody"

    def channel(found: re.Match[str]) -> str:
        incident = incidents.in_channel(tx, found[1])
        return f"#{incident.channel_name}" if incident and incident.channel_name else "its channel"

    text = _DATE.sub(r"\1", _CHANNEL.sub(channel, MENTION.sub(person, text))).replace("`", "")
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text
