"""How far something is: the bar of text, the estimate in words, and the messages about it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.incident import Incident
from bot.domain.progress import Estimate, Measure, Reading, Why, estimate, rate, worst_first
from bot.domain.walltime import wall_text
from bot.messages.kit import Block, Message, actions, at, button, context, escape, said, section

_CELLS = 10
# Of what is counted so much stands where the incident is shown.
MOST_SHOWN = 3
When = Callable[[datetime], str]


def name_of(name: str) -> str:
    """What somebody called it, for mrkdwn: it calls nobody, and ends no block of code."""
    return escape(name.replace("`", "'"))


def bar(reading: Reading) -> str:
    """`▰▰▰▰▱▱▱▱▱▱`: full only when all is done, and not empty when something is."""
    full = int(reading.share * _CELLS) or (1 if reading.value else 0)
    return "▰" * full + "▱" * (_CELLS - full)


def count(reading: Reading) -> str:
    """`412/900 (45 %)`."""
    return f"{reading.text} ({reading.percent} %)"


def estimate_words(measure: Measure, now: datetime, when: When = at) -> str:
    """When it may be finished, and what that is taken from; or why nobody can say."""
    found = estimate(measure, now)
    if isinstance(found, Estimate):
        ends = f"between {when(found.earliest)} and {when(found.latest)}"
        ends = f"by {when(found.latest)}" if found.earliest <= now else ends
        return f"done {ends} (an estimate from the last {found.readings} readings)"
    if found.why is Why.DONE:
        return f"done since {when(measure.done_at)}" if measure.done_at else "done"
    return f"no estimate: {found.why}"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def progress_line(measure: Measure, now: datetime, when: When = at) -> str:
    """One line of mrkdwn: name, bar, count, and when it may be finished. `when` shows a time."""
    return f"*{name_of(measure.name)}* {bar(measure.last)} {count(measure.last)} · {estimate_words(measure, now, when)}"


def progress_lines(measures: Sequence[Measure], now: datetime, when: When = at) -> list[str]:
    """A line each for what is furthest from done, and how much more is counted; empty when nothing is."""
    ordered = worst_first(measures)
    lines = [progress_line(measure, now, when) for measure in ordered[:MOST_SHOWN]]
    more = len(ordered) - MOST_SHOWN
    return [*lines, *([f"and {more} more: `/incident progress`"] if more > 0 else [])]


def _speed(measure: Measure) -> str:
    """How fast it goes: `57 an hour`; empty when that can't be said."""
    hourly = rate(measure)
    if hourly is None or measure.is_done:
        return ""
    return f"{hourly:+,.0f} an hour" if abs(hourly) >= 10 else f"{hourly:+,.1f} an hour"


def _full(measure: Measure, now: datetime, when: When) -> str:
    """The same on three lines, with how fast it goes and when it was read."""
    parts = [f"{bar(measure.last)} {count(measure.last)}", _speed(measure), f"read {when(measure.last.at)}"]
    told = " · ".join(part for part in parts if part)
    return f"*{name_of(measure.name)}*\n{told}\n{_sentence(estimate_words(measure, now, when))}"


def _buttons(incident: Incident) -> Block:
    return actions(
        button("Add a reading…", "progress:form", str(incident.number)),
        button("Post the chart", "progress:chart", str(incident.number)),
    )


def listed(incident: Incident, measures: Sequence[Measure], now: datetime) -> Message:
    """All that is counted in an incident, for whoever asks."""
    if not measures:
        add = actions(button("Add a reading…", "progress:form", str(incident.number), "primary"))
        hint = 'For example: `/incident progress "shared databases" 412/900`'
        return said(f"Nothing is counted in {incident.name} yet.", context(hint), add)
    blocks = [section(_full(measure, now, at)) for measure in worst_first(measures)]
    return Message(
        f"Progress of {incident.name}", [section(f"*Progress of {incident.name}*"), *blocks, _buttons(incident)]
    )


def posted(name: str, measure: Measure, now: datetime) -> Message:
    """The one message about a measure in the incident's channel, kept current. `name` is the incident's."""
    text = f"{name_of(measure.name)}: {count(measure.last)}"
    more = context(f"{name}, kept current here. Everything that is counted: `/incident progress`")
    return Message(text, [section(_full(measure, now, at)), more])


def taken_away(name: str) -> Message:
    """What the message becomes when the last reading was taken back."""
    return said(f"A count of {name} stood here; its readings were taken back.")


def reported(
    incident: Incident, measure: Measure, reading: Reading, replaced: Reading | None, zone: ZoneInfo, now: datetime
) -> Message:
    """The answer to a reading: what was understood, with the date, the person's zone and UTC, and what follows."""
    was = f", instead of {replaced.text}" if replaced else ""
    words = (
        f"*{name_of(measure.name)}* of {incident.name}: *{count(reading)}* as of {wall_text(reading.at, zone)}{was}."
    )
    told = "" if reading.at == measure.last.at else f" The newest reading is {count(measure.last)}."
    return said(words + told, context(f"{_sentence(estimate_words(measure, now))}. {_CORRECT}"))


_CORRECT = "Wrong? `/incident progress undo`"


def taken_back(name: str, last: Reading, left: Measure | None, zone: ZoneInfo) -> Message:
    """The answer to `undo`."""
    stands = f" It stands at {count(left.last)}." if left else " No reading of it is left."
    return said(f"Taken back: *{name_of(name)}* {last.text} as of {wall_text(last.at, zone)}.{stands}")


def is_it(incident: Incident, name: str, known: str, count_typed: str) -> Message:
    """A name that is new, and very like one that is counted already: a button on each line says which is meant."""
    number = incident.name
    text = f"*{name_of(name)}* is new here, and *{name_of(known)}* is counted already. Which do you mean?"
    the_known = button(f"It is {known}", "command:run", f'progress {number} "{known}" {count_typed}', "primary")
    a_new_one = button("It is a new one", "command:run", f'progress {number} new "{name}" {count_typed}')
    return Message(text, [section(text), section(name_of(known), the_known), section(name_of(name), a_new_one)])


def comment(name: str, measures: Sequence[Measure], by: str, now: datetime) -> str:
    """What stands above a chart: who asked for it, and the same in words."""
    asked = f", asked for by {escape(by)}" if by else ""
    return "\n".join([f"*Progress of {name}*{asked}", *progress_lines(measures, now)])


def chart_asked(measures: Sequence[Measure]) -> Message:
    """The answer to whoever asked for the chart."""
    what = name_of(measures[0].name) if len(measures) == 1 else f"{len(measures)} measures"
    return said(f"The chart of {what} comes into the channel.")
