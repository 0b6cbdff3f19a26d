"""The form of the briefing: two short answers, asked for and never required."""

from collections.abc import Mapping
from typing import Any

from bot.domain import edit as edits
from bot.domain.briefing import ANSWER_LIMIT, Briefing
from bot.domain.incident import ChannelId, Incident
from bot.domain.text import clean
from bot.messages.card import label
from bot.messages.forms import about
from bot.messages.kit import Block, context, field_input, modal, section, text_input, typed

BRIEFING = "form:briefing"


def briefing(incident: Incident, role: str, written: Briefing | None, opened_in: ChannelId = "") -> Block:
    """What a human adds to the facts. Its answers are blocks `worries` and `first`; it remembers what it showed."""
    stood = answers_of(written)
    seen = edits.seen(stood, stood)
    which = {"role": role, "id": str(written.id) if written else ""}
    blocks = [
        section(f"*{label(incident)}* {typed(incident.title, 200)}: the facts are put together by themselves."),
        field_input("worries", "What worries you?", _text(stood["worries"], "The replica lags again"), optional=True),
        field_input("first", "What to do first?", _text(stood["first"], "Ask the vendor for an ETA"), optional=True),
        context("Two short answers, for whoever takes over from you. You may leave both empty."),
    ]
    metadata = about(incident, opened_in, shown=seen.shown, stood=seen.stood, briefing=which)
    title = f"Briefing of {incident.name}"
    return modal(title, blocks, callback_id=BRIEFING, submit="Save", metadata=metadata)


def _text(initial: str, hint: str) -> Block:
    return text_input("value", limit=ANSWER_LIMIT, many_lines=True, initial=initial, hint=hint)


def answers_of(written: Briefing | None) -> dict[str, str]:
    """What stands in a briefing now, by block of the form."""
    return {"worries": written.worries, "first": written.do_first} if written else {"worries": "", "first": ""}


def given(answers: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, as it would be kept."""
    return {block: clean(str(answers[block] or "")) for block in ("worries", "first")}
