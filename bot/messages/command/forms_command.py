"""Forms about command: taking it, handing it over, planning who takes turns."""

from collections.abc import Sequence

from bot.domain.briefing import ANSWER_LIMIT
from bot.domain.incident import Incident, PersonId
from bot.domain.overview import Overview
from bot.domain.rota import Rota
from bot.domain.text import format_duration
from bot.messages.card import label
from bot.messages.forms import about
from bot.messages.kit import (
    Block,
    checkboxes,
    context,
    field_input,
    modal,
    option,
    person,
    section,
    select,
    text_input,
    typed,
)

TAKE = "form:take"
HANDOFF = "form:handoff"
ROTA_START = "form:rota-start"
ROTA_EDIT = "form:rota-edit"

_LENGTHS = ("30m", "1h", "2h", "4h", "6h", "8h", "12h", "24h")


def take(overview: Overview, channel: str, *, may_relieve: bool) -> Block:
    """Asking for command. Its answers are blocks `reason` and, for commanders, `how`."""
    incident, held = overview.incident, overview.command
    has = f"{person(held.person)} has command." if held else "Nobody has command."
    blocks = [
        section(f"{has} They are asked first; if they say nothing, you may take it. Until then it stays theirs."),
        field_input(
            "reason", "Why?", text_input("value", limit=300, hint="Ada is on a plane"), hint="It goes into the record."
        ),
    ]
    if may_relieve:
        now = [option("Relieve at once", "relieve", "As a commander: without asking first")]
        blocks.append(field_input("how", "As a commander", checkboxes("value", now), optional=True))
    metadata = about(incident, channel)
    return modal(f"Command of {incident.name}", blocks, callback_id=TAKE, submit="Go on", metadata=metadata)


def hand_over(overview: Overview, channel: str, worries: str = "", do_first: str = "") -> Block:
    """Offering command, with the briefing. Its answers are blocks `to`, `worries`, `first`."""
    incident, following = overview.incident, overview.next_shift
    menu: Block = {"type": "users_select", "action_id": "value"}
    if following:
        menu["initial_user"] = following.person
    blocks = [
        section(f"*{label(incident)}* {typed(incident.title, 200)}: command stays yours until it is accepted."),
        field_input("to", "To whom?", menu, hint="The next on the rota is filled in, if there is one."),
        field_input(
            "worries",
            "What worries you?",
            text_input("value", limit=ANSWER_LIMIT, many_lines=True, initial=worries),
            optional=True,
        ),
        field_input(
            "first",
            "What to do first?",
            text_input("value", limit=ANSWER_LIMIT, many_lines=True, initial=do_first),
            optional=True,
        ),
        context("The facts are put together by themselves: `/incident catchup` shows them."),
    ]
    metadata = about(incident, channel)
    return modal("Hand over command", blocks, callback_id=HANDOFF, submit="Offer", metadata=metadata)


def rota_start(incident: Incident, channel: str, people: Sequence[PersonId] = ()) -> Block:
    """Starting a rota of command. Its answers are blocks `people`, `length`, `from`."""
    menu: Block = {"type": "multi_users_select", "action_id": "value"}
    if people:
        menu["initial_users"] = list(people)
    lengths = [option(length, length) for length in _LENGTHS]
    blocks = [
        field_input("people", "Who takes turns, in this order?", menu, hint="The first has the first shift."),
        field_input("length", "How long is a shift?", select("value", lengths, "8h")),
        field_input(
            "from",
            "From when?",
            text_input("value", limit=60, hint="now, or 16:00"),
            optional=True,
            hint="Empty: from now on. A wall-clock time is in your zone.",
        ),
    ]
    metadata = about(incident, channel)
    return modal("Start a rota", blocks, callback_id=ROTA_START, submit="Start", metadata=metadata)


def rota_edit(incident: Incident, running: Rota, channel: str) -> Block:
    """Who takes turns from now on. Its answer is block `people`; boundaries stay where they are.

    It remembers whom it showed: only what this person changed is changed.
    """
    menu: Block = {"type": "multi_users_select", "action_id": "value", "initial_users": list(running.people)}
    blocks = [
        section(f"The rota of command of *{label(incident)}*, {format_duration(running.shift, days=False)} each."),
        field_input(
            "people",
            "Who takes turns?",
            menu,
            hint="Whoever you add comes at the end of the order; those after somebody you take away move up.",
        ),
        context("Trading two shifts: `/incident rota swap @ada @bob`"),
    ]
    metadata = about(incident, channel, shown={"rota": str(running.id), "people": " ".join(running.people)})
    return modal("Change the rota", blocks, callback_id=ROTA_EDIT, submit="Save", metadata=metadata)
