"""What is said and answered when impact changes, and how it stands for whoever asks."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain.impact import Impact, Level, Part, PartImpact
from bot.domain.incident import Incident
from bot.domain.walltime import wall_text
from bot.messages.card import label
from bot.messages.communication.impact import downtime_lines, impact_line, part_line
from bot.messages.kit import Block, Message, at, context, header, said, section
from bot.messages.post import Post, Text

# So many parts are told of in an answer.
_MOST = 8
# The longest names make lines of 240 characters.
_LINES, _SECTIONS = 12, 45


def shown(incident: Incident, impact: Impact, now: datetime) -> Message:
    """How everything stands, for whoever asks."""
    title = f"Impact of {label(incident)}"
    if not impact.parts:
        return said(f"Nothing was said of the impact of {label(incident)}.", context(_EXAMPLE))
    blocks: list[Block] = [header(title), section(impact_line(impact, now))]
    blocks += [section(text) for text in _sections(downtime_lines(impact, now, most=len(impact.parts)))]
    return Message(title, [*blocks, context(_EXAMPLE)])


_EXAMPLE = "Say what is broken: `/incident impact`. Take back what was said last: `/incident impact undo`"


def _sections(lines: Sequence[str]) -> list[str]:
    """Lines in as many texts as one message takes, each as long as Slack takes it."""
    return ["\n".join(lines[start : start + _LINES]) for start in range(0, len(lines), _LINES)][:_SECTIONS]


def reported(changed: Sequence[PartImpact], level: Level, since: datetime, now: datetime, zone: ZoneInfo) -> Message:
    """To whoever said it: the time with date, zone and in UTC; and how it stands now, where that is something else."""
    names = ", ".join(one.name for one in changed)
    verb = "is" if len(changed) == 1 else "are"
    text = f"{names} {verb} *{level.words}* from {wall_text(since, zone, now)}."
    other = [part_line(one, now) for one in changed if one.level is not level or one.since != since]
    return said(text, *([section("\n".join(other[:_MOST]))] if other else []))


def taken_back(parts: Sequence[Part], level: Level, since: datetime, now: datetime, zone: ZoneInfo) -> Message:
    """To whoever took it back."""
    names = ", ".join(part.name for part in parts)
    return said(f"Taken back: {names} {level.words} from {wall_text(since, zone, now)}.")


def _said(post: Post) -> Message:
    many = f", {post.about['affected']:,} affected" if post.about.get("affected") else ""
    return said(f"*Impact*: {_what(post)}{many} ({post.by}).")


def _undone(post: Post) -> Message:
    return said(f"*Impact* taken back: {_what(post)} ({post.by}).")


def _what(post: Post) -> str:
    level, since = Level(post.about["level"]), datetime.fromtimestamp(post.about["since"], UTC)
    return f"{', '.join(post.about['names'])} *{level.words}* from {at(since)}"


POSTS: Mapping[str, Text] = {"impact": _said, "impact-undone": _undone}
