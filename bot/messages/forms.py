"""Forms: modals for everything that takes more than a line."""

import json
from collections.abc import Mapping
from typing import Any

from bot.domain import edit as edits
from bot.domain.incident import OPEN_STATES, ChannelId, Incident, Severity, State
from bot.domain.text import LINK_LIMIT, TITLE_LIMIT, clean, clean_line
from bot.messages.card import label, where
from bot.messages.communication.impact_menus import levels_menu, parts_menu
from bot.messages.kit import (
    TEXT_LIMIT,
    Block,
    checkboxes,
    field_input,
    modal,
    option,
    section,
    select,
    text_input,
    typed,
)
from bot.settings import Settings

DECLARE = "form:declare"
EDIT = "form:edit"
NOTE = "form:note"
USE_CHANNEL = "form:use-channel"
PUBLIC_DECISION = "decision-public"

_STATES = [state for state in State if state in OPEN_STATES]


def _severity(settings: Settings, chosen: Severity) -> Block:
    options = [option(f"{severity}: {settings.meaning(severity)}", severity) for severity in Severity]
    return field_input("severity", "Severity", select("value", options, chosen))


def declare(settings: Settings, title: str = "", summary: str = "", warning: str = "") -> Block:
    """The declare form. Its answers are blocks `title`, `severity`, `summary`, `flags`. `warning` stands above them.

    Where components are set, also `impact` and `level`: how one of them does, from now on.
    """
    flags = [
        option("Private", "private", "Only the people you invite can see it"),
        option("Drill", "drill", "An exercise: nothing is really broken"),
    ]
    blocks = [
        field_input(
            "title", "What is broken?", text_input("value", limit=TITLE_LIMIT, initial=title, hint="Checkout is down")
        ),
        _severity(settings, Severity.SEV2),
        field_input(
            "summary", "What do you know?", text_input("value", many_lines=True, initial=summary), optional=True
        ),
        *(_impact(settings) if settings.components else []),
        field_input("flags", "Only when it applies", checkboxes("value", flags), optional=True),
    ]
    blocks = [*([section(warning)] if warning else []), *blocks]
    return modal("Declare an incident", blocks, callback_id=DECLARE, submit="Declare")


def _impact(settings: Settings) -> list[Block]:
    return [
        field_input("impact", "What is affected?", parts_menu(settings.parts), optional=True),
        field_input("level", "How does it do?", levels_menu(), optional=True),
    ]


def declared(incident: Incident) -> Block:
    """What the declare form turns into when it was sent, and again once the channel is there."""
    visibility = "private" if incident.private else "public"
    text = (
        f"*{label(incident)}* {typed(incident.title)} is declared: {incident.severity}, {visibility}."
        " You are incident commander."
    )
    go = f"Go to {where(incident)}." if incident.channel_id else "Its channel is being made: the link comes here."
    return modal(incident.name, [section(text), section(go)], close="Close")


def edit(settings: Settings, incident: Incident, opened_in: ChannelId = "") -> Block:
    """The edit form. Its answers are blocks `title`, `severity`, `state`, `summary`, `call`.

    It remembers what it showed: others may change that before it is sent.
    """
    states = [option(state, state) for state in _STATES]
    blocks = [
        field_input("title", "Title", text_input("value", limit=TITLE_LIMIT, initial=incident.title)),
        _severity(settings, incident.severity),
        field_input("state", "State", select("value", states, incident.state)),
        field_input(
            "summary", "Summary", text_input("value", many_lines=True, initial=incident.summary), optional=True
        ),
        field_input(
            "call",
            "Link of the call",
            text_input("value", limit=LINK_LIMIT, initial=incident.call_url, hint="https://…"),
            optional=True,
        ),
    ]
    stood = editable(incident)
    seen = edits.seen({**stood, "summary": _readable(incident.summary)}, stood)
    metadata = about(incident, opened_in, shown=seen.shown, stood=seen.stood)
    return modal(f"Edit {incident.name}", blocks, callback_id=EDIT, submit="Save", metadata=metadata)


def editable(incident: Incident) -> dict[str, str]:
    """What the edit form can change, by block."""
    return {
        "title": incident.title,
        "severity": incident.severity,
        "state": incident.state,
        "summary": incident.summary,
        "call": incident.call_url,
    }


def edited(answers: Mapping[str, Any]) -> dict[str, str]:
    """The answers of the edit form, written as `editable` writes them."""
    given = {block: str(answers[block] or "") for block in ("title", "severity", "state", "summary", "call")}
    return {
        **given,
        "title": clean_line(given["title"]),
        "summary": clean(given["summary"]),
        "call": given["call"].strip(),
    }


def _readable(summary: str) -> str:
    """As much of a summary as the form holds, as it comes back when nobody touches it."""
    return clean(summary[:TEXT_LIMIT])


def note(incident: Incident, opened_in: ChannelId = "") -> Block:
    """The note form. Its answers are blocks `kind` and `text`."""
    kinds = [
        option("Note", "note", "Kept in the timeline"),
        option("Decision", "decision", "Kept, and said in the channel"),
        option("Public decision", PUBLIC_DECISION, "Said in the channel; customers may be told"),
        option("Workaround", "workaround", "Kept, and said in the channel"),
        option("Hypothesis", "hypothesis", "Kept, and said in the channel"),
        option("Ruled out", "ruled-out", "Kept, and said in the channel"),
    ]
    blocks = [
        field_input("kind", "What is it?", select("value", kinds, "note")),
        field_input("text", "Text", text_input("value", many_lines=True)),
    ]
    metadata = about(incident, opened_in)
    return modal(f"Note on {incident.name}", blocks, callback_id=NOTE, submit="Add", metadata=metadata)


def use_channel(incident: Incident) -> Block:
    """Which channel shall the incident live in, when the bot may not create one. Its answer is block `channel`."""
    menu: Block = {"type": "channels_select", "action_id": "value"}
    blocks = [
        section(
            f"{label(incident)} {typed(incident.title)} needs a channel. Everything said there is for everyone in it."
        ),
        field_input("channel", "Channel", menu),
    ]
    return modal("Use a channel", blocks, callback_id=USE_CHANNEL, submit="Use it", metadata=about(incident))


def number_in(metadata: str) -> int:
    """The incident that a form is about."""
    return int(json.loads(metadata)["incident"])


def opened_in(metadata: str) -> ChannelId:
    """The channel in which a form was opened; empty when it was not in one."""
    return str(json.loads(metadata).get("channel", ""))


def seen_in(metadata: str) -> edits.Seen:
    """What the edit form showed."""
    known = json.loads(metadata)
    return edits.Seen(known["shown"], known["stood"])


def answers(view: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, by block: text, the value of a choice, a list of values or ids, an id, or None."""
    return {block: _answer(next(iter(fields.values()))) for block, fields in view["state"]["values"].items()}


def _answer(given: Mapping[str, Any]) -> Any:
    if "selected_options" in given:
        return [chosen["value"] for chosen in given["selected_options"] or []]
    if "selected_option" in given:
        return given["selected_option"]["value"] if given["selected_option"] else None
    for kind in ("selected_channel", "selected_user", "selected_users"):
        if kind in given:
            return given[kind]
    return given.get("value")


def people_chosen(view: Mapping[str, Any]) -> list[str]:
    """Everybody who was chosen from a menu of people."""
    given = [entry for fields in view["state"]["values"].values() for entry in fields.values()]
    chosen = [one for entry in given for one in [entry.get("selected_user"), *(entry.get("selected_users") or [])]]
    return [one for one in chosen if one]


def about(incident: Incident, channel: ChannelId = "", **more: Mapping[str, str]) -> str:
    """What a form remembers while it is open: which incident, where it was opened, and more."""
    return json.dumps({"incident": incident.number, "channel": channel, **more})
