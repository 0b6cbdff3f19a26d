"""The state machine: every pair of states, and what a refusal says."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from bot.domain.incident import Incident, Kind, Severity, State, check_open, check_transition
from bot.errors import WrongState
from tests.support.clock import START

INCIDENT = Incident(
    number=7,
    title="Checkout is down",
    summary="",
    severity=Severity.SEV2,
    state=State.INVESTIGATING,
    kind=Kind.REAL,
    private=False,
    declared_by="UADA00001",
    declared_at=START,
    detected_at=START - timedelta(minutes=5),
)
OPEN = ("investigating", "identified", "monitoring")
# Written out, so that a change of the table is a change here too.
POSSIBLE = {
    "investigating": {"identified", "monitoring", "resolved", "cancelled"},
    "identified": {"investigating", "monitoring", "resolved", "cancelled"},
    "monitoring": {"investigating", "identified", "resolved", "cancelled"},
    "resolved": {"closed", "investigating"},
    "closed": {"investigating"},
    "cancelled": {"investigating"},
}


def in_state(state: State) -> Incident:
    return replace(INCIDENT, state=state)


@pytest.mark.parametrize(("before", "to"), [*product(State, State)])
def test_a_state_becomes_only_those_that_may_follow(before: State, to: State) -> None:
    if to in POSSIBLE[before]:
        check_transition(in_state(before), to)
    else:
        with pytest.raises(WrongState) as refused:
            check_transition(in_state(before), to)
        assert refused.value.user_text.startswith("INC-7 is ")
        assert refused.value.user_text.endswith(".")
        assert refused.value.hint


@pytest.mark.parametrize(
    ("before", "to", "sentence"),
    [
        ("monitoring", "monitoring", "INC-7 is monitoring already. Nothing was changed."),
        ("resolved", "resolved", "INC-7 is resolved already. Nothing was changed."),
        (
            "investigating",
            "closed",
            "INC-7 is investigating, so it can't be closed yet. First: `/incident resolve INC-7`",
        ),
        ("resolved", "monitoring", "INC-7 is resolved. Reopen it first: `/incident reopen INC-7`"),
        ("cancelled", "closed", "INC-7 is cancelled. Reopen it first: `/incident reopen INC-7`"),
        ("closed", "identified", "INC-7 is closed. Reopen it first: `/incident reopen INC-7`"),
    ],
)
def test_a_refusal_says_what_is_and_what_to_do(before: str, to: str, sentence: str) -> None:
    with pytest.raises(WrongState) as refused:
        check_transition(in_state(State(before)), State(to))
    assert refused.value.sentence == sentence


@pytest.mark.parametrize("state", State)
def test_only_open_incidents_pass_as_open(state: State) -> None:
    incident = in_state(state)
    assert incident.is_open == (state in OPEN)
    if incident.is_open:
        check_open(incident)
    else:
        with pytest.raises(WrongState, match=f"INC-7 is {state}"):
            check_open(incident)


def test_age_counts_from_detection_to_the_end() -> None:
    assert INCIDENT.age(START) == timedelta(minutes=5)
    assert replace(INCIDENT, resolved_at=START).age(START + timedelta(days=9)) == timedelta(minutes=5)


def test_severities_sort_the_worst_first() -> None:
    assert sorted(Severity) == ["sev1", "sev2", "sev3", "sev4"]
