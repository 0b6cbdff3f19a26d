"""The boundary table by example: what is due when, for whom, and under which key."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import boundary
from bot.domain.reminder import ReminderKind
from bot.domain.rota import Shift
from tests.support.clock import START

MINUTE = timedelta(minutes=1)
B = START + timedelta(hours=8)
SHIFT = Shift(
    id=4,
    rota=1,
    incident=7,
    role="ic",
    position=1,
    person="UBOB00001",
    turn_of="UBOB00001",
    starts_at=B,
    ends_at=B + timedelta(hours=8),
    version=2,
)
ALL = [("shift-hour", -60), ("shift-half", -30), ("shift-soon", -15), ("shift-boundary", 0)]


def due(shift: Shift, minutes: float) -> list[tuple[str, float]]:
    """What is to come `minutes` from the boundary on, and how many minutes from it."""
    return [(kind.value, (at - B) / MINUTE) for kind, at in boundary.steps(shift, B + minutes * MINUTE)]


@pytest.mark.parametrize(
    ("minutes", "left"),
    [(-480, 4), (-60, 4), (-59.99, 3), (-30, 3), (-29.99, 2), (-15, 2), (-14.99, 1), (0, 1), (0.01, 0), (600, 0)],
)
def test_only_what_is_to_come_is_planned(minutes: float, left: int) -> None:
    assert due(SHIFT, minutes) == ALL[4 - left :]


@pytest.mark.parametrize(("minutes", "expected"), [(-480, [ALL[0], ALL[3]]), (-30, [ALL[3]]), (1, [])])
def test_other_roles_are_asked_an_hour_before_and_at_the_boundary(
    minutes: float, expected: list[tuple[str, float]]
) -> None:
    assert due(replace(SHIFT, role="communications"), minutes) == expected


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (ReminderKind.SHIFT_HOUR, "handoff:INC-7:shift-4:b-60:v2"),
        (ReminderKind.SHIFT_HALF, "handoff:INC-7:shift-4:b-30:v2"),
        (ReminderKind.SHIFT_SOON, "handoff:INC-7:shift-4:b-15:v2"),
        (ReminderKind.SHIFT_BOUNDARY, "handoff:INC-7:shift-4:b:v2"),
    ],
)
def test_a_step_has_one_key_for_each_version_of_the_plan(kind: ReminderKind, key: str) -> None:
    assert boundary.step_key(SHIFT, kind) == key
    assert boundary.step_key(replace(SHIFT, version=3), kind) == key[:-1] + "3"


def test_what_comes_after_is_as_the_product_says() -> None:
    after = {
        "told and paged": boundary.LATE,
        "ladder": boundary.LADDER_FROM_BOUNDARY,
        "ladder of an offer": boundary.LADDER_FROM_OFFER,
        "each rung": boundary.RUNG,
        "managers": boundary.MANAGERS,
        "a line each": boundary.UNANSWERED_EVERY,
    }
    assert {what: length / MINUTE for what, length in after.items()} == {
        "told and paged": 10,
        "ladder": 15,
        "ladder of an offer": 10,
        "each rung": 10,
        "managers": 30,
        "a line each": 30,
    }
