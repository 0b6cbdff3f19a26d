"""Tenures, how roles are called, and how long a holder is given to answer."""

from datetime import timedelta

import pytest

from bot.domain.command import COMMANDER, How, Tenure, holder_of, role_name, rota_name
from bot.domain.handoff import (
    IN_CHANNEL,
    OF_THE_HOLDER,
    HandoffKind,
    silence_before_taking,
)
from bot.domain.incident import Severity
from tests.support.clock import START

HOUR = timedelta(hours=1)


def tenure(role: str, person: str, ended_hours: int | None = None) -> Tenure:
    ended = None if ended_hours is None else START + ended_hours * HOUR
    return Tenure(id=1, incident=7, role=role, person=person, how=How.DECLARED, started_at=START, ended_at=ended)


@pytest.mark.parametrize(("ended_hours", "hours"), [(None, 9), (8, 8), (0, 0)])
def test_a_tenure_lasts_until_it_ended_or_until_now(ended_hours: int | None, hours: int) -> None:
    assert tenure(COMMANDER, "UADA00001", ended_hours).length(START + 9 * HOUR) == hours * HOUR


def test_who_holds_a_role() -> None:
    held = [tenure("scribe", "UBOB00001"), tenure(COMMANDER, "UADA00001")]
    assert holder_of(held) == "UADA00001"
    assert holder_of(held, "scribe") == "UBOB00001"
    assert holder_of(held, "deputy") is None
    assert holder_of([]) is None


@pytest.mark.parametrize(
    ("role", "name", "rota"),
    [("ic", "command", "Command rota"), ("communications", "communications", "Communications rota")],
)
def test_how_a_role_is_called(role: str, name: str, rota: str) -> None:
    assert (role_name(role), rota_name(role)) == (name, rota)


@pytest.mark.parametrize(("severity", "minutes"), [("sev1", 5), ("sev2", 5), ("sev3", 15), ("sev4", 15)])
def test_how_long_silence_lasts_before_command_may_be_taken(severity: str, minutes: int) -> None:
    assert silence_before_taking(Severity(severity)) == timedelta(minutes=minutes)


def test_every_kind_of_question_has_its_place() -> None:
    """In the channel, or of the holder; the IC on duty is asked by DM, and is not the holder."""
    assert {HandoffKind.BOUNDARY, HandoffKind.OFFER} == IN_CHANNEL
    assert {HandoffKind.PRESENCE, HandoffKind.TAKING, HandoffKind.CONFIRM} == OF_THE_HOLDER
    assert set(HandoffKind) - IN_CHANNEL - OF_THE_HOLDER == {HandoffKind.DUTY}
