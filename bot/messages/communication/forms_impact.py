"""Forms about impact: saying what is how broken, and when it ended."""

from collections.abc import Sequence

from bot.domain.impact import Impact, Part, PartImpact
from bot.domain.incident import Incident
from bot.domain.overview import Overview
from bot.messages.card import label
from bot.messages.communication.impact import downtime_lines, impact_line, part_line
from bot.messages.communication.impact_menus import levels_menu, parts_menu
from bot.messages.forms import about
from bot.messages.kit import TEXT_LIMIT, Block, context, field_input, modal, option, section, select, text_input

IMPACT = "form:impact"
RESOLVE = "form:resolve"
ENDED, GOES_ON = "ended", "goes-on"
# So many are asked about one by one; the others end, or go on, as the choice above them says.
MOST_ASKED = 20
_END = "end:"


def impact(overview: Overview, parts: Sequence[Part], channel: str) -> Block:
    """Saying what is affected, below how it stands now. Its answers are blocks `part`, `level`, `from`, `affected`."""
    incident, known = overview.incident, overview.impact
    lines = [impact_line(known, overview.now), *downtime_lines(known, overview.now)] if known.parts else []
    blocks = [
        section("\n".join(lines) or f"Nothing was said of the impact of {label(incident)} so far."),
        field_input("part", "What is it about?", parts_menu(parts)),
        field_input("level", "How does it do?", levels_menu()),
        field_input(
            "from",
            "Since when?",
            text_input("value", limit=60, hint="now, 08:15, yesterday 22:00"),
            optional=True,
            hint="Empty: from now on. A wall-clock time is in your zone and means the last one that has passed.",
        ),
        field_input(
            "affected",
            "How many are affected?",
            text_input("value", limit=20, hint="900"),
            optional=True,
            hint="Of one tier; empty when nobody knows.",
        ),
        context("In one line: `/incident impact …`. To take back what was said last: `/incident impact undo`"),
    ]
    metadata = about(incident, channel)
    return modal(f"Impact of {incident.name}", blocks, callback_id=IMPACT, submit="Say it", metadata=metadata)


def resolve(incident: Incident, known: Impact, text: str, channel: str) -> Block:
    """Resolving while something is not restored: when did it end? Its answers are `how`, `text`, and `end_block`s."""
    choices = [
        option("Now, or when it says below", ENDED),
        option("It goes on, unless it says below", GOES_ON, "Resolve it all the same"),
    ]
    above = f"*{label(incident)}* has impact that nobody has ended:"
    lines = [f"• {part_line(one, None)}" for one in known.open[:MOST_ASKED]]
    if len(known.open) > MOST_ASKED:
        lines.append(f"and {len(known.open) - MOST_ASKED} more")
    cut = "\nYour words are longer than a form holds: their end is cut." if len(text) > TEXT_LIMIT else ""
    blocks = [
        section("\n".join([above, *lines]) + cut),
        field_input("how", "When did it end?", select("value", choices, ENDED)),
        *(_asks_end(one) for one in known.open[:MOST_ASKED]),
        field_input("text", "What ended it?", text_input("value", many_lines=True, initial=text), optional=True),
    ]
    metadata = about(incident, channel)
    return modal(f"Resolve {incident.name}", blocks, callback_id=RESOLVE, submit="Resolve", metadata=metadata)


def end_block(part: Part) -> str:
    """The block that says when this part's impact ended."""
    return f"{_END}{part.name}"


def _asks_end(part: PartImpact) -> Block:
    return field_input(
        end_block(part.part),
        f"{part.name} worked again at",
        text_input("value", limit=60, hint="14:05, or: goes on"),
        optional=True,
        hint="Empty: as chosen above. A wall-clock time is in your zone and means the last one that has passed.",
    )
