"""The form for a reading."""

from collections.abc import Sequence

from bot.domain.incident import Incident
from bot.domain.progress import NAME_LIMIT, Measure, worst_first
from bot.messages.forms import about
from bot.messages.kit import Block, field_input, modal, option, select, text_input

READING = "form:progress"
NEW = "new"
# A menu of Slack holds a hundred.
_MOST = 99


def reading(incident: Incident, measures: Sequence[Measure], channel: str) -> Block:
    """Saying how far something is. Its answers are blocks `measure` (an id, or NEW), `name`, `done`, `total`, `at`.

    Without anything counted so far there is no block `measure`.
    """
    known = worst_first(measures)[:_MOST]
    menu = [option(measure.name, str(measure.id)) for measure in known]
    name = text_input("value", limit=NAME_LIMIT, hint="shared databases restored")
    blocks = [
        field_input("name", "What is counted?", name, optional=bool(known)),
        field_input("done", "How many are done?", text_input("value", limit=20, hint="412")),
        field_input("total", "Out of how many?", text_input("value", limit=20, initial=_total(known), hint="900")),
        field_input(
            "at", "When was that?", text_input("value", limit=80, hint="14:00"), optional=True, hint="Empty: just now."
        ),
    ]
    if known:
        chosen = select("value", [*menu, option("Something new", NEW)], str(known[0].id))
        blocks[0] = field_input("name", "Name, when it is something new", name, optional=True)
        blocks.insert(0, field_input("measure", "What is counted?", chosen))
    metadata = about(incident, channel)
    return modal(f"Progress of {incident.name}", blocks, callback_id=READING, submit="Keep", metadata=metadata)


def _total(known: Sequence[Measure]) -> str:
    return str(known[0].last.total) if len(known) == 1 else ""
