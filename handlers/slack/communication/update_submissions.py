"""Forms of status updates: what sending each does. Nothing goes to customers but by the preview."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.communication import facts, updates
from bot.actions.communication.publishing import check_may_publish, may_publish
from bot.actions.zones import zone_of
from bot.domain import walltime
from bot.domain.incident import Incident, State
from bot.domain.permission import Who
from bot.domain.text import parse_duration
from bot.domain.update import Audience, Cause, UpdateState, Words
from bot.errors import WrongFields, WrongWords
from bot.messages.communication import forms_updates
from bot.messages.kit import Block, at, person
from handlers.slack.call import Asked, Call
from handlers.slack.communication.update_commands import preview_of, public_form
from handlers.slack.filled import Filled, Submission
from storage import updates as stored

_WEEK = timedelta(days=7)
_PARTS = ("title", "cause_text", "estimate", "no_estimate", "next")


def _call(filled: Filled, incident: Incident) -> Call:
    asked = Asked(by=filled.by, channel_id=str(filled.about.get("channel") or ""), text="")
    return Call(tx=filled.tx, settings=filled.settings, asked=asked, rest="", found=incident)


def _write(filled: Filled) -> Block | None:
    """For those inside it is said; for customers the form that they see goes on from the same words."""
    incident, _ = filled.incident(Who.MEMBER)
    text = str(filled.answers["text"] or "")
    if filled.answers["audience"] == Audience.PUBLIC:
        return public_form(_call(filled, incident), incident, text)
    updates.tell_inside(filled.tx, incident, text, filled.by)
    return None


def _public(filled: Filled) -> Block:
    """Kept as a draft; then the preview, or whoever may publish is asked."""
    incident, _ = filled.incident(Who.MEMBER)
    tx, settings, by = filled.tx, filled.settings, filled.by
    shown = filled.about["shown"]
    over, corrects = (int(shown[name]) if shown[name] else None for name in ("draft", "corrects"))
    may = may_publish(tx, settings, incident, by)
    if over:
        check_may_publish(tx, settings, incident, by)
    words = read_words(filled, incident, correcting=corrects is not None)
    update = updates.write(tx, settings, incident, words, by, corrects=corrects, over=over)
    if may:
        return preview_of(_call(filled, incident), incident, update)
    return forms_updates.handed_on(incident, person(updates.ask_to_publish(tx, incident, update, by)))


def read_words(filled: Filled, incident: Incident, *, correcting: bool) -> Words:
    """What the form says. Raises WrongFields with what can't be understood, by block."""
    given: Mapping[str, Any] = filled.answers
    said = {name: str(given.get(name) or "").strip() for name in _PARTS}
    zone, now, wrong = zone_of(filled.tx, filled.by), filled.tx.now, dict[str, str]()
    estimate = _moment(said["estimate"], now, zone, wrong, "estimate", words_too=True)
    promised = None if correcting else _moment(said["next"], now, zone, wrong, "next")
    state = State(given["state"])
    if incident.is_open and not said["estimate"] and not said["no_estimate"]:
        wrong["estimate"] = "Say when it will be over, or below why nobody can say."
    cause = Cause(given["cause"])
    if cause is not Cause.UNKNOWN and not said["cause_text"]:
        wrong["cause_text"] = "Say what the cause is, or that it is not known yet."
    if wrong:
        raise WrongFields(wrong)
    return Words(
        text=str(given["text"] or ""),
        incident_state=state,
        cause=cause,
        cause_text=said["cause_text"] if cause is not Cause.UNKNOWN else "",
        estimate_at=estimate,
        estimate_text="" if estimate else said["estimate"],
        no_estimate_why="" if said["estimate"] else said["no_estimate"],
        next_at=promised,
        title=said["title"],
    )


def _moment(
    text: str, now: datetime, zone: ZoneInfo, wrong: dict[str, str], block: str, *, words_too: bool = False
) -> datetime | None:
    """The time that somebody typed: `30m` from now, or on the wall of their zone. `words_too`: else it is words."""
    if not text:
        return None
    if length := parse_duration(text):
        found = now + length
    else:
        try:
            found = walltime.parse(text, now, zone).at
        except walltime.AsksWhich as asks:
            wrong[block] = asks.sentence
            return None
        except WrongWords as refused:
            if not words_too or _is_time(text, zone):
                wrong[block] = refused.sentence
            return None
    if block == "next" and not now < found <= now + _WEEK:
        wrong[block] = "Promise the next one for a time within the next 7 days."
    return found


def _is_time(text: str, zone: ZoneInfo) -> bool:
    """Whether these words name a time of the day, and nothing else; one that has passed, perhaps."""
    try:
        return walltime.read(text, zone).wall is not None
    except WrongWords:
        return False


def _publish(filled: Filled) -> Block | None:
    return _send(filled, all_the_same=False)


def _all_the_same(filled: Filled) -> Block | None:
    return _send(filled, all_the_same=True)


def _send(filled: Filled, *, all_the_same: bool) -> Block | None:
    """What the preview showed goes out; a repetition comes back, with what could be said instead."""
    incident, _ = filled.incident(Who.ANYONE)
    tx, shown = filled.tx, filled.about["shown"]
    due = datetime.fromtimestamp(float(shown["next"]), UTC) if shown["next"] else None
    last = stored.last_sent(tx, incident.number, Audience.PUBLIC)
    sent = updates.publish(
        tx, filled.settings, int(shown["update"]), filled.by, shown["seen"], promised=due, all_the_same=all_the_same
    )
    if sent.state is not UpdateState.HELD or last is None:
        return None
    changes = facts.news(tx, filled.settings, incident).changes
    when = at(last.published_at or last.written_at)
    return forms_updates.held(last, changes, filled.metadata, when)


# Callback id to what sending it does, and the block that shows why it could not be done.
SUBMISSIONS: Mapping[str, tuple[Submission, str]] = {
    forms_updates.WRITE: (_write, "text"),
    forms_updates.PUBLIC: (_public, "text"),
    forms_updates.PREVIEW: (_publish, "text"),
    forms_updates.HELD: (_all_the_same, "text"),
}
