"""Forms about impact: what sending each does."""

from collections.abc import Mapping
from datetime import datetime

from bot.actions.communication import impact
from bot.actions.zones import zone_of
from bot.domain.impact import Part, PartImpact, read_level
from bot.domain.incident import Incident, State, check_transition
from bot.domain.permission import Who
from bot.domain.walltime import wall_text
from bot.errors import WrongFields, WrongState, WrongWords
from bot.messages.communication import forms_impact
from bot.messages.kit import Block, modal, section
from handlers.slack.call import Asked, Call
from handlers.slack.communication import impact_words
from handlers.slack.communication.impact_commands import said
from handlers.slack.filled import Filled, Submission
from handlers.slack.incident import resolving

_GOES_ON = frozenset({"goes on", "it goes on", "still", "no"})


def _impact(filled: Filled) -> Block:
    incident, _ = filled.incident(Who.MEMBER)
    report = read_report(filled, incident, "part", "level")
    asked = Asked(by=filled.by, channel_id="", text="")
    call = Call(tx=filled.tx, settings=filled.settings, asked=asked, rest="", found=incident)
    message = said(call, report).message
    return modal(incident.name, message.blocks if message else [], close="Close")


def read_report(filled: Filled, incident: Incident, part: str, level: str) -> impact.Report:
    """What a form says in these blocks, and in `from` and `affected` if it has them. Raises WrongFields."""
    answers, tx = filled.answers, filled.tx
    found = read_level(str(answers.get(level) or ""))
    if found is None:
        raise WrongFields({level: "How does it do? Choose one."})
    if not answers.get(part):
        raise WrongFields({part: "What is it about? Choose one."})
    wrong: dict[str, str] = {}
    since, affected = tx.now, None
    try:
        since = impact_words.past(str(answers.get("from") or ""), tx.now, zone_of(tx, filled.by))
    except WrongWords as refused:
        wrong["from"] = refused.sentence
    try:
        affected = impact_words.number(str(answers.get("affected") or "").strip())
    except WrongWords as refused:
        wrong["affected"] = refused.sentence
    if wrong:
        raise WrongFields(wrong)
    known = impact.known_parts(tx, filled.settings, incident)
    parts = impact_words.find_parts(str(answers[part]), known)
    return impact.Report(parts=parts, level=found, since=since, affected=affected)


def _resolve(filled: Filled) -> Block:
    """All ends, or nothing and the form says why."""
    incident, _ = filled.incident(Who.MEMBER)
    check_transition(incident, State.RESOLVED)
    open_now = impact.impact_of(filled.tx, incident).open
    asked = [one for one in open_now if forms_impact.end_block(one.part) in filled.answers]
    if new := [one.name for one in open_now[: forms_impact.MOST_ASKED] if one not in asked]:
        raise WrongState(f"{', '.join(new)} was said to be affected meanwhile.", "Close this form and resolve again.")
    ends = _ends(filled, open_now)
    impact.end(filled.tx, filled.settings, incident, ends, filled.by)
    resolved = resolving.resolve(filled.tx, incident, str(filled.answers["text"] or ""), filled.by).blocks
    zone = zone_of(filled.tx, filled.by)
    lines = [f"{part.name} worked again {wall_text(at, zone, filled.tx.now)}." for part, at in ends.items()]
    lines += [f"{one.name} goes on: {one.level.words}." for one in open_now if one.part not in ends]
    # From within a form a button would lead nowhere.
    more = [block for block in resolved[1:] if block["type"] != "actions"]
    return modal(incident.name, [resolved[0], section("\n".join(lines)), *more], close="Close")


def _ends(filled: Filled, open_now: tuple[PartImpact, ...]) -> Mapping[Part, datetime]:
    """When each part's impact ended; what goes on is not in it. Raises WrongFields."""
    zone, now = zone_of(filled.tx, filled.by), filled.tx.now
    ends: dict[Part, datetime] = {}
    wrong: dict[str, str] = {}
    for one in open_now:
        block = forms_impact.end_block(one.part)
        typed = str(filled.answers.get(block) or "").strip()
        if typed.lower() in _GOES_ON or (not typed and filled.answers["how"] == forms_impact.GOES_ON):
            continue
        try:
            ends[one.part] = impact_words.past(typed, now, zone)
            impact.check_end(one, ends[one.part])
        except WrongWords as refused:
            wrong[block] = refused.sentence
    if wrong:
        raise WrongFields(wrong)
    return ends


# Callback id to what sending it does, and the block that shows why it could not be done.
SUBMISSIONS: Mapping[str, tuple[Submission, str]] = {
    forms_impact.IMPACT: (_impact, "part"),
    forms_impact.RESOLVE: (_resolve, "how"),
}
