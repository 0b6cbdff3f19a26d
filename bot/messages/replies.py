"""Answers to commands and buttons, for one person's eyes."""

import re
from collections.abc import Sequence

from bot.domain.command import role_name
from bot.domain.incident import Incident
from bot.domain.overview import Overview
from bot.domain.text import shorten
from bot.domain.timeline import Entry
from bot.messages.card import card, label, mark, one_line, where, worst_first
from bot.messages.kit import Block, Message, actions, at, button, context, escape, header, person, said, section, typed

_ENTRY_LIMIT = 600
# A button shows plain text only: a mention would be an ID there.
_MENTION = re.compile(r"<@[A-Z0-9]+>")
_LISTED = {"open": "Open incidents", "all": "All incidents", "mine": "Incidents you are in"}
_NO_INCIDENTS = {
    "open": "No incident is open.",
    "all": "There has been no incident.",
    "mine": "You are in no incident.",
}
# Of more incidents than this, the one meant is typed sooner than found.
MOST_ASKED = 5


def refusal(sentence: str) -> Message:
    """A sentence that says why not, and what to do instead."""
    return said(sentence)


def broke(ref: str) -> Message:
    """What a person is told when the fault is ours."""
    return said(f"Something broke on our side, ref {ref}. Try again; if it stays so, give the operator this ref.")


def told_once() -> Message:
    """The answer to a second delivery of what was answered with a secret, which is kept nowhere."""
    return said("You were answered already, and that is told once. Ask again: `/incident web`")


def declaring(incident: Incident) -> Message:
    """The answer within milliseconds; it is replaced by `ready`."""
    visibility = "private" if incident.private else "public"
    drill = " *This is a drill.*" if incident.is_drill else ""
    return said(
        f"Declaring *{label(incident)}* {typed(incident.title)}: {incident.severity}, {visibility}.{drill}"
        " You are incident commander. I'm creating its channel and will invite you."
    )


def ready(overview: Overview) -> Message:
    incident = overview.incident
    return said(f"*{label(incident)}* {typed(incident.title)} is {incident.severity}: go to {where(incident)}.")


def similar(message: Message, found: Sequence[Incident]) -> Message:
    """`message`, and a word about open incidents that look alike."""
    if not found:
        return message
    named = ", ".join(f"{label(incident)} {typed(incident.title, 80)} ({where(incident)})" for incident in found[:3])
    return Message(message.text, [*message.blocks, context(f"Open already, and maybe the same: {named}")])


def opened(overviews: Sequence[Overview]) -> Message:
    """`/incident` outside an incident's channel: what is open, the worst first, and Declare."""
    lines: list[Block] = [section(one_line(overview)) for overview in worst_first(overviews)[:20]]
    lines = lines or [section("No incident is open.")]
    buttons = actions(
        button("Declare an incident…", "declare:open", "list", "danger"), button("Help", "help:open", "all")
    )
    return Message(f"{len(overviews)} open incidents", [*lines, buttons, context("All commands: `/incident help`")])


def listing(overviews: Sequence[Overview], what: str) -> Message:
    if not overviews:
        return said(_NO_INCIDENTS[what], context("Declare one: `/incident declare checkout is down`"))
    lines = [section(one_line(overview)) for overview in overviews[:40]]
    return Message(_LISTED[what], [header(_LISTED[what]), *lines])


def shown(overview: Overview) -> Message:
    """The card, for whoever asks."""
    return card(overview)


def timeline(incident: Incident, entries: Sequence[Entry], total: int) -> Message:
    """The newest entries, in order of time."""
    lines = [
        f"*{entry.number}* {at(entry.at, '{date_short_pretty} {time}')} {_who(entry)}*{entry.kind}* "
        + typed(shorten(entry.text, _ENTRY_LIMIT))
        for entry in entries
    ]
    blocks: list[Block] = [header(f"Timeline of {label(incident)}")]
    blocks += [section(paragraph) for paragraph in _paragraphs(lines)]
    if total > len(entries):
        blocks.append(context(f"The newest {len(entries)} of {total}."))
    return Message(f"Timeline of {label(incident)}: {total} entries", blocks)


def _who(entry: Entry) -> str:
    return f"{person(entry.who)} " if entry.who else ""


def _paragraphs(lines: Sequence[str], limit: int = 2900) -> list[str]:
    """Lines put together into texts that Slack accepts."""
    found: list[str] = []
    for line in lines:
        if found and len(found[-1]) + len(line) < limit:
            found[-1] += "\n" + line
        else:
            found.append(line)
    return found


def recorded(incident: Incident, entry: Entry) -> Message:
    told = " Customers may be told." if entry.public else ""
    kind = entry.kind.replace("-", " ").capitalize()
    return said(f"{kind} {entry.number} is in the timeline of {label(incident)}.{told}")


def done(incident: Incident, what: str) -> Message:
    """`INC-7 is sev1 now.`"""
    return said(f"{label(incident)} {what}")


def role_done(incident: Incident, role: str, what: str) -> Message:
    """`Command of INC-7 is offered to @eve.`"""
    return said(f"{role_name(role).capitalize()} of {label(incident)} {what}")


def confirm(incident: Incident, command_text: str, words: str) -> Message:
    """A change asked for elsewhere: is this the incident that is meant?"""
    name = escape(shorten(command_text.partition(f" {incident.name}")[0], 40))
    text = f"Do you mean *{label(incident)}* {typed(incident.title)}?"
    yes = button(shorten(f"Yes: {_MENTION.sub('@…', words)}", 70), "command:run", command_text, "primary")
    return Message(text, [section(text), actions(yes), context(f"Another one? Name it: `/incident {name} INC-… …`")])


def which(found: Sequence[Incident], name: str, rest: str) -> Message:
    """Several are open: a button on each line does there what was asked. Choosing confirms."""
    asked = escape(shorten(_MENTION.sub("@…", f"{name} {rest}".strip()).replace("`", ""), 60))
    text = f"Which incident is `{asked}` meant for?"
    lines: list[Block] = [
        section(
            f"{mark(incident)} *{label(incident)}* {typed(incident.title)}\n{incident.severity} · {incident.state}",
            button(label(incident), "command:run", f"{name} {incident.name} {rest}".strip()),
        )
        for incident in found[:MOST_ASKED]
    ]
    if len(found) > MOST_ASKED:
        lines.append(context(f"There are more: `/incident list`. Name the one you mean: `/incident {name} INC-…`"))
    return Message(text, [section(text), *lines])


def joined(incident: Incident, *, new: bool) -> Message:
    if new:
        return said(f"You are in {label(incident)}: {where(incident)}.")
    return said(f"You are in {label(incident)} already: {where(incident)}.")
