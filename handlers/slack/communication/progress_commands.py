"""Commands about progress: how far something is."""

import re
from dataclasses import dataclass

from bot.actions.communication import progress
from bot.actions.zones import zone_of
from bot.domain import walltime
from bot.domain.permission import Who
from bot.domain.progress import MOST_COUNTED
from bot.errors import WrongWords
from bot.messages.communication import progress as texts
from bot.messages.kit import escape
from handlers.slack.call import Call, Reply
from handlers.slack.table import About, Command
from storage import measures

_QUOTED = re.compile(r"[\"“„«'‘](.+)[\"”“»'’](?=\s|$)", re.DOTALL)
_COUNT = re.compile(r"(?<!\S)(?:(\d[\d,]*)\s*(?:/|of|out of)\s*(\d[\d,]*)|(\d[\d,]*)\s*%)(?!\S)", re.IGNORECASE)
_BROKEN = re.compile(r"\d\.\d+\s*(?:/|of\b|%)|/\s*\d+\.\d")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
# More digits than any count has; a number of thousands of them is not even read.
_MOST_DIGITS = 15
_EXAMPLE = progress.EXAMPLE
_AT = re.compile(r"at\s+(.+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A reading as somebody typed it. `is_new`: they have said that the name is new."""

    name: str
    value: int
    total: int
    when: str
    count: str
    is_new: bool = False


def read(text: str) -> Typed:
    """`"shared databases" 412/900 at 14:00`: what is meant. Raises WrongWords with an example."""
    new, rest = _after_new(text)
    quoted = _QUOTED.match(rest)
    name, rest = (quoted[1], rest[quoted.end() :]) if quoted else ("", rest)
    found = list(_COUNT.finditer(rest))
    if not found:
        raise _no_count(rest)
    # In `region 1/2 30/90` the last is meant.
    last = found[-1]
    name = name or rest[: last.start()].strip()
    when = rest[last.end() :].strip()
    typed_at = _AT.fullmatch(when)
    if when and not typed_at:
        raise WrongWords("I don't understand what stands after the count.", f"Only a time can: `at 14:00`. {_EXAMPLE}")
    value, total = (whole(last[3]), 100) if last[3] else (whole(last[1]), whole(last[2]))
    return Typed(
        name=name,
        value=value,
        total=total,
        when=typed_at[1] if typed_at else "",
        count=f"{value}/{total}{f' at {typed_at[1]}' if typed_at else ''}",
        is_new=new,
    )


def _after_new(text: str) -> tuple[bool, str]:
    """Whether it says that the name, in quotes, is a new one; and what follows that word."""
    head, _, tail = text.partition(" ")
    return (True, tail.strip()) if head.lower() == "new" and _QUOTED.match(tail.strip()) else (False, text.strip())


def _no_count(text: str) -> WrongWords:
    if _BROKEN.search(text):
        return WrongWords("A reading is made of whole numbers.", _EXAMPLE)
    return WrongWords("How far is it?", f"Say how many are done out of how many, or a percentage. {_EXAMPLE}")


def whole(digits: str) -> int:
    """The number; `9,000` is nine thousand. Raises WrongWords."""
    if len(digits) > _MOST_DIGITS:
        raise WrongWords(f"I count from 0 to {MOST_COUNTED:,}.", _EXAMPLE)
    if not _THOUSANDS.fullmatch(digits):
        raise WrongWords(f"I don't understand `{escape(digits)}` as a number.", _EXAMPLE)
    return int(digits.replace(",", ""))


def _progress(call: Call) -> Reply:
    if not call.rest.strip():
        return Reply(texts.listed(call.incident, measures.of(call.tx, call.incident.number), call.tx.now))
    typed = read(call.rest)
    if not typed.is_new and (known := progress.probably(call.tx, call.incident, typed.name)):
        return Reply(texts.is_it(call.incident, typed.name, known, typed.count))
    zone = zone_of(call.tx, call.by)
    at = walltime.parse(typed.when, call.tx.now, zone, past=True).at if typed.when else None
    done = progress.report(call.tx, call.incident, typed.name, typed.value, typed.total, call.by, at)
    return Reply(texts.reported(call.incident, done.measure, done.reading, done.replaced, zone, call.tx.now))


def _undo(call: Call) -> Reply:
    name, last, left = progress.take_back(call.tx, call.incident, _unquoted(call.rest), call.by)
    return Reply(texts.taken_back(name, last, left, zone_of(call.tx, call.by)))


def post_chart(call: Call) -> Reply:
    """Post the chart of what was named, or of all."""
    return Reply(texts.chart_asked(progress.post_chart(call.tx, call.incident, _unquoted(call.rest), call.by)))


def _unquoted(text: str) -> str:
    found = _QUOTED.fullmatch(text.strip())
    return found[1] if found else text.strip()


COMMANDS = (
    Command(
        name="progress",
        arguments='["what" 412/900 [at 14:00]]',
        help="Keeps how far something is: 412/900 or 46%. Alone it lists what is counted, with an estimate.",
        example='/incident progress "shared databases" 412/900',
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_progress,
    ),
    Command(
        name="progress undo",
        arguments='["what"]',
        help="Takes back the reading that was given last.",
        example="/incident progress undo",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_undo,
    ),
    Command(
        name="progress chart",
        arguments='["what"]',
        help="Posts the chart in the incident's channel.",
        example="/incident progress chart",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=post_chart,
    ),
)
