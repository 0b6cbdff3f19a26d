"""The sections of a briefing: each a pure function of the facts. A new one is a function and its place in SECTIONS."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.briefing import Briefing, Facts, Listed
from bot.domain.command import COMMANDER, role_name
from bot.domain.incident import PersonId
from bot.domain.text import format_duration
from bot.domain.timeline import Entry
from bot.domain.vendor import VendorCase
from bot.messages.card import label, mark
from bot.messages.communication.impact import downtime_lines, impact_line
from bot.messages.communication.progress import progress_lines
from bot.messages.kit import at, clock_time, cut, escape, typed

# So much of a text stands in a line of one screen, less where there is much to say; the details have all of it.
LIMITS = (90, 60, 40)
_NAME = 40
_MINUTE = timedelta(minutes=1)
# Of so many tiers a briefing shows how they do, and its details.
_TIERS, _ALL_TIERS = 4, 25
_FULL = 2000
# Left as it is, one of these would make a block of everything up to the next, in somebody else's line.
_NO_BLOCK = "'''"
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Facts as somebody reads them now: in their own zone where that is known, texts cut to `limit`."""

    facts: Facts
    now: datetime
    written: Briefing | None = None
    zone: ZoneInfo | None = None
    limit: int = LIMITS[0]
    names: Mapping[PersonId, str] = field(default_factory=dict)

    @property
    def in_full(self) -> "Reading":
        """The same with nothing cut."""
        return replace(self, limit=_FULL)

    def when(self, moment: datetime) -> str:
        return clock_time(moment, self.zone) if self.zone else at(moment)

    def name(self, who: PersonId | None) -> str:
        """Somebody's full name, which pings nobody; a mention only when it is not known."""
        return self._known(who) or f"<@{who}>"

    def _known(self, who: PersonId | None) -> str:
        known = self.names.get(who or "") or self.facts.names.get(who or "") or ""
        return cut(escape(" ".join(known.split())).replace("```", _NO_BLOCK), min(_NAME, self.limit // 2))

    def words(self, text: str, times: float = 1) -> str:
        """What somebody typed, on one line and pinging nobody at all, cut to `times` the limit."""
        flat = " · ".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)
        named = _MENTION.sub(lambda found: self._known(found[1]) or "somebody", typed(flat, len(flat) * 5))
        return cut(named.replace("```", _NO_BLOCK), min(_FULL, int(self.limit * times)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Lines that always stand there; then a list, the newest last, of which a summary shows `most` at most.

    `total`: how many there are, of which the facts keep the newest.
    """

    lines: tuple[str, ...] = ()
    title: str = ""
    items: tuple[str, ...] = ()
    total: int = 0
    most: int = 0


Render = Callable[[Reading], Section | None]


def _situation(reading: Reading) -> Section:
    facts = reading.facts
    incident, held = facts.incident, facts.held
    about = [str(incident.severity), str(incident.state), format_duration(incident.age(reading.now))]
    if held:
        holds = "IC" if facts.role == COMMANDER else facts.role
        length = format_duration(held.length(reading.now))
        about.append(f"{holds} {reading.name(held.person)} since {reading.when(held.started_at)} ({length})")
    if incident.resolved_at:
        about.append(f"resolved {reading.when(incident.resolved_at)}")
    summary = [reading.words(incident.summary, 2)] if incident.summary else []
    title = f"{mark(incident)} *{label(incident)}* {reading.words(incident.title)}"
    return Section(lines=(title, " · ".join(about), *summary))


def _answers(reading: Reading) -> Section | None:
    written = reading.written
    if written is None or not written.is_written:
        return None
    lines = []
    if written.worries:
        lines.append(f"*What worries {reading.name(written.prepared_by)}* {reading.words(written.worries, 1.8)}")
    if written.do_first:
        lines.append(f"*To do first* {reading.words(written.do_first, 1.8)}")
    return Section(lines=tuple(lines))


def _impact(reading: Reading) -> Section | None:
    """The highest tier not restored first; of more than one tier, each with its downtime on a line of its own."""
    impact = reading.facts.impact
    if not impact.parts:
        return None
    line = f"*Impact* {impact_line(impact, reading.now, reading.when)}"
    if len(impact.parts) == 1:
        return Section(lines=(line,))
    tiers = downtime_lines(impact, reading.now, reading.when, most=_TIERS if reading.limit < _FULL else _ALL_TIERS)
    return Section(lines=(line, *(f"• {tier}" for tier in tiers)))


def _objectives(reading: Reading) -> Section | None:
    objectives = reading.facts.objectives
    return Section(lines=(f"*Objectives so far* {reading.words(objectives, 1.8)}",)) if objectives else None


def _changed(reading: Reading) -> Section | None:
    def line(entry: Entry) -> str:
        return f"{reading.when(entry.at)} {_said(reading, entry)}"

    return _list(f"Changed since {reading.when(reading.facts.since)}", reading.facts.changed, line, most=8)


def _decisions(reading: Reading) -> Section | None:
    return _list("Decisions", reading.facts.decisions, lambda entry: _said(reading, entry), most=5)


def _hypotheses(reading: Reading) -> Section | None:
    return _list("Open hypotheses", reading.facts.hypotheses, lambda entry: _said(reading, entry), most=4)


def _ruled_out(reading: Reading) -> Section | None:
    return _list("Ruled out", reading.facts.ruled_out, lambda entry: _said(reading, entry), most=3)


def _workarounds(reading: Reading) -> Section | None:
    return _list("Workarounds", reading.facts.workarounds, lambda entry: _said(reading, entry), most=3)


def _asks(reading: Reading) -> Section | None:
    """What the managers owe, with the number by which it is called done."""
    needs = reading.facts.needs
    items = tuple(f"{need.number}. {reading.words(need.text)} (since {reading.when(need.asked_at)})" for need in needs)
    return Section(title="Asks to managers", items=items, total=len(items), most=3) if items else None


def _vendor_cases(reading: Reading) -> Section | None:
    cases = reading.facts.cases
    items = tuple(_case(reading, case) for case in cases)
    return Section(title="Vendor cases", items=items, total=len(items), most=3) if items else None


def _case(reading: Reading, case: VendorCase) -> str:
    known = [reading.words(text) for text in (case.name, case.priority, case.contact) if text]
    silent = f"last word {format_duration(case.silent_for(reading.now))} ago"
    return " · ".join([*known, silent]) + (f": {reading.words(case.note)}" if case.note else "")


def _progress(reading: Reading) -> Section | None:
    """What is counted and when it may be finished, what is furthest from done first."""
    lines = progress_lines(reading.facts.measures, reading.now, reading.when)
    if len(lines) <= 1:
        return Section(lines=(f"*Progress* {lines[0]}",)) if lines else None
    return Section(lines=("*Progress*", *(f"• {line}" for line in lines)))


def _list(title: str, listed: Listed, line: Callable[[Entry], str], most: int) -> Section | None:
    if not listed.entries:
        return None
    items = tuple(line(entry) for entry in listed.entries)
    return Section(title=title, items=items, total=listed.total, most=most)


def _said(reading: Reading, entry: Entry) -> str:
    text = reading.words(entry.text)
    # `Command: Bob Kahn` needs no `(Bob Kahn)`.
    return text if not entry.who or reading.name(entry.who) in text else f"{text} ({reading.name(entry.who)})"


def _update(reading: Reading) -> Section | None:
    """What customers were told last and how long ago, and when they are to hear more."""
    facts = reading.facts
    parts = []
    if facts.updated_at:
        age = format_duration(reading.now - facts.updated_at)
        parts.append(f"*Last public update* {age} ago: {reading.words(facts.update_text)}")
    if facts.update_due and facts.incident.is_open:
        late = reading.now - facts.update_due
        how = f", *late by {format_duration(late)}*" if late >= _MINUTE else ""
        parts.append(f"*{'Next' if parts else 'First public update'} due* {reading.when(facts.update_due)}{how}")
    return Section(lines=(" · ".join(parts),)) if parts else None


def _people(reading: Reading) -> Section | None:
    facts = reading.facts
    told = [
        f"{'IC' if tenure.role == COMMANDER else escape(tenure.role)} {reading.name(tenure.person)}"
        for tenure in facts.others
    ]
    parts = [f"*Roles* {', '.join(told)}"] if told else []
    if facts.following:
        parts.append(f"*Next* {reading.name(facts.following.person)} at {reading.when(facts.following.starts_at)}")
    parts += [
        f"*{role_name(offer.role).capitalize()}* is offered to {reading.name(offer.offered_to)}"
        f" since {reading.when(offer.offered_at)}"
        for offer in facts.offers
    ]
    return Section(lines=(cut(" · ".join(parts), min(_FULL // 2, reading.limit * 3)),)) if parts else None


def _kept(reading: Reading) -> Section | None:
    facts = reading.facts
    counts = [_count(facts.notes, "note", " in this period"), _count(facts.pinned, "pinned message", "")]
    told = [count for count in counts if count]
    return Section(lines=(f"{' and '.join(told)}: `/incident timeline`",)) if told else None


def _count(many: int, what: str, when: str) -> str:
    return f"{many} {what}{'' if many == 1 else 's'}{when}" if many else ""


# In the order in which they are read; what has no facts is left out.
SECTIONS: tuple[Render, ...] = (
    _situation,
    _impact,
    _answers,
    _objectives,
    _changed,
    _decisions,
    _hypotheses,
    _ruled_out,
    _workarounds,
    _asks,
    _vendor_cases,
    _progress,
    _update,
    _people,
    _kept,
)


def sections(reading: Reading) -> list[Section]:
    """All sections that have something to say."""
    return [made for render in SECTIONS if (made := render(reading))]
