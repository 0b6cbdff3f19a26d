"""Setting the times of an incident right: in order, and not in the future."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.incident import Incident, Kind, Severity, State
from bot.domain.times import Moment, none_at, read_moment, set_right
from bot.errors import WrongState, WrongWords


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-02T{text}").replace(tzinfo=UTC)


OPEN = Incident(
    number=1,
    title="Checkout is down",
    summary="",
    severity=Severity.SEV2,
    state=State.MONITORING,
    kind=Kind.REAL,
    private=False,
    declared_by="UADA00001",
    declared_at=at("08:00:30"),
    detected_at=at("08:00:30"),
    acknowledged_at=at("08:05:00"),
    mitigated_at=at("10:00:40"),
)
RESOLVED = replace(OPEN, state=State.RESOLVED, resolved_at=at("12:00:00"))
NEVER_MITIGATED = replace(RESOLVED, mitigated_at=RESOLVED.resolved_at)
NOW = at("13:00:00")


@pytest.mark.parametrize(
    ("incident", "moment", "typed", "changes"),
    [
        (OPEN, Moment.DETECTED, "07:15:00", {"detected_at": "07:15:00"}),
        (OPEN, Moment.MITIGATED, "09:30:00", {"mitigated_at": "09:30:00"}),
        # Typed to the minute, so that nothing is before it by some seconds.
        (OPEN, Moment.MITIGATED, "08:00:00", {"mitigated_at": "08:00:30"}),
        (RESOLVED, Moment.RESOLVED, "10:00:00", {"resolved_at": "10:00:40"}),
        (RESOLVED, Moment.RESOLVED, "12:30:00", {"resolved_at": "12:30:00"}),
        # That it was mitigated was said by resolving only.
        (NEVER_MITIGATED, Moment.RESOLVED, "11:30:00", {"resolved_at": "11:30:00", "mitigated_at": "11:30:00"}),
        (NEVER_MITIGATED, Moment.MITIGATED, "11:30:00", {"mitigated_at": "11:30:00"}),
    ],
)
def test_a_time_is_set(incident: Incident, moment: Moment, typed: str, changes: dict[str, str]) -> None:
    assert set_right(incident, moment, at(typed), NOW) == {name: at(value) for name, value in changes.items()}


@pytest.mark.parametrize(
    ("incident", "moment", "typed", "why"),
    [
        (OPEN, Moment.DETECTED, "13:01:00", "An incident can't be detected in the future."),
        (OPEN, Moment.DETECTED, "08:02:00", "That is after INC-1 was declared."),
        (OPEN, Moment.MITIGATED, "07:59:00", "That is before INC-1 was detected."),
        (OPEN, Moment.ACKNOWLEDGED, "07:59:00", "That is before INC-1 was detected."),
        (OPEN, Moment.RESOLVED, "12:00:00", "INC-1 is not resolved."),
        (RESOLVED, Moment.RESOLVED, "09:59:00", "That is before INC-1 was mitigated."),
        (RESOLVED, Moment.MITIGATED, "12:01:00", "That is after INC-1 was resolved."),
        (replace(RESOLVED, closed_at=at("12:10:00")), Moment.RESOLVED, "12:30:00", "That is after INC-1 was closed."),
    ],
)
def test_what_is_out_of_order_is_refused(incident: Incident, moment: Moment, typed: str, why: str) -> None:
    with pytest.raises(WrongState) as refused:
        set_right(incident, moment, at(typed), NOW)
    assert refused.value.user_text == why
    assert refused.value.hint


def test_what_has_not_come_can_be_said_while_it_is_open() -> None:
    assert none_at(OPEN, Moment.MITIGATED) == {"mitigated_at": None}
    for incident, moment in ((RESOLVED, Moment.MITIGATED), (OPEN, Moment.DETECTED)):
        with pytest.raises(WrongState):
            none_at(incident, moment)


@pytest.mark.parametrize("word", ["declared", "", "closed", "detection"])
def test_only_these_can_be_set(word: str) -> None:
    with pytest.raises(WrongWords) as refused:
        read_moment(word)
    assert "`detected`" in refused.value.user_text
