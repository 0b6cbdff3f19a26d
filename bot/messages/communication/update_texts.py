"""Updates as they stand in the incident's channel, and short answers about them."""

from datetime import datetime

from bot.domain.incident import Incident
from bot.domain.text import shorten
from bot.domain.update import Update
from bot.messages.card import label
from bot.messages.communication.updates import customer_lines, plainly
from bot.messages.kit import Block, Message, actions, at, button, context, escape, section, typed

# Who sent an update that nobody here did: it was written into a copy of the page.
BY_HAND = "hand, on the status page"
_SHOWN = 2600
_GLANCE = 140


def posted(
    incident: Incident, update: Update, title: str, by: str, now: datetime, correction: Update | None
) -> Message:
    """An update in the incident's channel. `by`: the name of who sent it; `title`: what customers call the incident."""
    when = at(update.published_at or update.written_at)
    if not update.is_public:
        text = f"*Update {update.number}* on {label(incident)} by {by}: {typed(update.words.text, _SHOWN)}"
        return Message(text, [section(text)])
    drill = "*Drill.* " if incident.is_drill else ""
    if correction:
        head = f"{drill}*Public update {update.number} was corrected* at {at(correction.published_at or now)}: the one"
        head += f" that holds is update {correction.number}. It said:"
    elif update.corrects:
        head = f"{drill}*Public update {update.number}*, a correction, by {by}, {when}"
    else:
        head = f"{drill}*Public update {update.number}* by {by}, {when}"
    lines = customer_lines(update.words, update.words.next_at, update.published_at or now)
    state, text, *rest = lines
    blocks: list[Block] = [section(head), plainly(f"{title}\n{state}"), plainly(text)]
    blocks += [plainly("\n".join(rest))] if rest else []
    if not correction:
        blocks.append(actions(button("Correct…", "update:correct", str(update.id))))
    glance = f"Public update {update.number} on {label(incident)}: {escape(shorten(update.words.text, _GLANCE))}"
    return Message(f"Corrected: {glance}" if correction else glance, blocks)


def told(incident: Incident, what: str) -> Message:
    """A short answer about updates of an incident."""
    text = f"{label(incident)}: {what}"
    return Message(text, [section(text)])


def after_resolving(message: Message, incident: Incident) -> Message:
    """Customers know of it, so they should hear that it is over."""
    tell = actions(button("Final public update…", "update:open", str(incident.number), "primary"))
    line = f"`/incident update public {incident.name}`"
    ask = context(f"Customers were told of this incident: tell them that it is over, {line}")
    return Message(message.text, [*message.blocks, ask, tell])
