"""App Home, whatever is in it: Slack takes it, nothing typed works in it, and each question has its own buttons."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from bot.domain.command import COMMANDER, How, Tenure
from bot.domain.handoff import Handoff, HandoffKind, HandoffState, Taking, TakingState
from bot.domain.home import HomePage, TradeAsked
from bot.domain.incident import Incident, Kind, Severity, State
from bot.domain.overview import Overview
from bot.domain.page import Page
from bot.domain.rota import Shift
from bot.domain.trade import Trade, TradeState
from bot.messages.home import card_view, home_view
from bot.messages.kit import span
from sandbox.blockkit import view_problems
from tests.support.clock import START

ADA, BOB = "U0ADA00000", "U0BOB00000"
HOUR = timedelta(hours=1)
_WORST = "<!channel> <https://evil.example|bank> &amp; <@U0EVE00000> `x` *y* " + "&" * 2000
_OURS = re.compile(r"<@[UW][A-Z0-9]+>|<#[CG][A-Z0-9]+>|<!date\^\d+\^[^<>|]+\|[0-9: UTC-]+>")

INCIDENT = Incident(
    number=7,
    title="Checkout is down",
    summary="",
    severity=Severity.SEV1,
    state=State.INVESTIGATING,
    kind=Kind.REAL,
    private=False,
    declared_by=BOB,
    declared_at=START,
    detected_at=START,
    channel_id="C0INC00001",
    source="Alertmanager",
)
SHIFT = Shift(
    id=3,
    rota=1,
    incident=7,
    role=COMMANDER,
    position=1,
    person=ADA,
    turn_of=ADA,
    starts_at=START + 8 * HOUR,
    ends_at=START + 16 * HOUR,
    version=2,
)
OFFER = Handoff(
    id=5,
    incident=7,
    role=COMMANDER,
    kind=HandoffKind.OFFER,
    offered_to=ADA,
    offered_by=BOB,
    offered_at=START,
    boundary_at=START,
    state=HandoffState.OPEN,
)
TAKING = Taking(
    id=6,
    incident=7,
    role=COMMANDER,
    person=BOB,
    holder=ADA,
    reason="Ada is on a plane",
    asked_at=START,
    confirm_at=START,
    state=TakingState.OPEN,
)
TRADE = Trade(
    id=8, shift=3, version=2, person=BOB, asked=ADA, for_shift=None, asked_at=START, state=TradeState.OPEN
)  # fmt: skip
PAGED = Page(
    id=9,
    key="page:9",
    incident=7,
    person=ADA,
    what="ladder",
    about={},
    handoff=None,
    paged_at=START,
    times=1,
    acknowledged_at=None,
    ended_at=None,
    reason="",
)
HELD = Tenure(id=1, incident=7, role=COMMANDER, person=ADA, how=How.DECLARED, started_at=START, ended_at=None)
EMPTY = HomePage(person=ADA, now=START, zone=ZoneInfo("Europe/Berlin"), incidents={7: INCIDENT})


def overview(incident: Incident) -> Overview:
    return Overview(
        incident=incident, tenures=(HELD,), next_shift=None, open_offer=None, last_commander=ADA, latest=(), now=START
    )


def buttons(page: HomePage) -> list[tuple[str, str]]:
    """The action and value of every button but those that are always there."""
    elements = [
        element
        for block in home_view(page)["blocks"]
        for element in [*block.get("elements", []), block.get("accessory", {})]
        if element.get("type") == "button" and element["action_id"] not in {"declare:open", "contact:list"}
    ]
    return [(element["action_id"], element["value"]) for element in elements]


def text(page: HomePage) -> str:
    return json.dumps(home_view(page)["blocks"], ensure_ascii=False)


def test_a_calm_one_is_short() -> None:
    view = home_view(EMPTY)
    assert [block["type"] for block in view["blocks"]] == ["actions", "divider", "header", "section", "context"]
    assert "Nothing is open. Quiet is good." in text(EMPTY)


def test_each_question_has_its_buttons() -> None:
    assert buttons(replace(EMPTY, offers=(OFFER,))) == [("handoff:accept", "5"), ("handoff:decline", "5")]
    assert buttons(replace(EMPTY, takings=(TAKING,))) == [("taking:hand", "6"), ("taking:keep", "6")]
    asked_by_me = replace(TAKING, person=ADA, holder=BOB)
    assert buttons(replace(EMPTY, takings=(asked_by_me,))) == [("taking:confirm", "6")]
    trade = TradeAsked(trade=TRADE, shift=replace(SHIFT, person=BOB), own=SHIFT)
    assert buttons(replace(EMPTY, trades=(trade,))) == [("trade:accept", "8"), ("trade:decline", "8")]
    assert "They would take yours, " in text(replace(EMPTY, trades=(trade,)))
    assert "They would take yours" not in text(replace(EMPTY, trades=(replace(trade, own=None),)))
    assert buttons(replace(EMPTY, pages=(PAGED,))) == []
    assert "You are paged about *INC-7*" in text(replace(EMPTY, pages=(PAGED,)))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (HandoffKind.BOUNDARY, "Your shift in command of *INC-7* Checkout is down (sev1) began Mon"),
        (HandoffKind.OFFER, f"<@{BOB}> offers you command of"),
        (HandoffKind.DUTY, "You are offered command of"),
        (HandoffKind.CONFIRM, "was opened by Alertmanager, and you are its IC"),
        (HandoffKind.PRESENCE, "You have command of *INC-7* Checkout is down (sev1) and did not answer"),
        (HandoffKind.TAKING, "did not answer; others are asked"),
    ],
)
def test_an_offer_says_why(kind: HandoffKind, words: str) -> None:
    assert words in text(replace(EMPTY, offers=(replace(OFFER, kind=kind),)))
    by_the_ladder = replace(OFFER, kind=kind, offered_to=BOB)
    assert f"needs you in command: <@{BOB}> has not answered" in text(replace(EMPTY, offers=(by_the_ladder,)))


@pytest.mark.parametrize(
    ("before", "said", "offered"),
    [
        (8 * HOUR, {}, ["shift:there", "shift:cant"]),
        (8 * HOUR, {"confirmed_at": START}, ["shift:cant"]),
        (8 * HOUR, {"cant_at": START}, ["shift:there"]),
        (HOUR, {"confirmed_at": START}, ["shift:up", "shift:cant"]),
        (HOUR, {"up_at": START}, ["shift:cant"]),
        (HOUR, {"cant_at": START}, ["shift:there"]),
        (timedelta(), {}, []),
        (-HOUR, {}, []),
    ],
)
def test_a_shift_offers_what_was_not_said(before: timedelta, said: dict[str, Any], offered: list[str]) -> None:
    page = replace(EMPTY, now=SHIFT.starts_at - before, shifts=(replace(SHIFT, **said),))
    assert buttons(page) == [(action, "3:2") for action in offered]


def test_whoever_is_paged_for_a_shift_is_asked_on_top_and_once() -> None:
    paged = replace(PAGED, what="shift-page", about={"shift": 3, "version": 2})
    page = replace(EMPTY, now=SHIFT.starts_at - HOUR / 2, shifts=(SHIFT,), pages=(paged,))
    assert buttons(page) == [("shift:up", "3:2"), ("shift:cant", "3:2")]
    assert text(page).index("Waiting for you") < text(page).index("Are you up?") < text(page).index("My shifts")


def test_times_are_on_their_own_wall() -> None:
    page = replace(EMPTY, shifts=(SHIFT,), roles=(HELD,))
    assert span(SHIFT.starts_at, SHIFT.ends_at, page.zone) in text(page)
    assert "<!date^" not in text(page)


def test_who_is_on_duty() -> None:
    assert "on duty" not in text(EMPTY)
    assert "*You are the IC on duty.*" in text(replace(EMPTY, on_duty=ADA))
    assert f"IC on duty: <@{BOB}>" in text(replace(EMPTY, on_duty=BOB))


@given_settings(max_examples=25, deadline=None)
@given(st.integers(0, 60), st.booleans(), st.sampled_from(["Checkout is down", _WORST, "\u200b", "x" * 150]))
def test_slack_takes_it_however_much_there_is(many: int, drill: bool, title: str) -> None:
    incident = replace(INCIDENT, title=title, summary=title, source=title, kind=Kind.DRILL if drill else Kind.REAL)
    trade = TradeAsked(trade=TRADE, shift=SHIFT, own=SHIFT)
    page = replace(
        EMPTY,
        incidents={7: incident},
        offers=(OFFER,) * many,
        takings=(replace(TAKING, reason=title),) * many,
        trades=(trade,) * many,
        pages=(PAGED,) * many,
        shifts=(SHIFT,) * many,
        roles=(HELD,) * many,
        on_duty=BOB,
        opened=(overview(incident),) * min(many, 20),
        more=max(many - 20, 0),
    )
    for view in (home_view(page), card_view(overview(incident))):
        assert view_problems(view) == []
        assert len(view["blocks"]) < 100
        for words in re.findall(r'"type": "mrkdwn", "text": ("(?:[^"\\]|\\.)*")', json.dumps(view)):
            rest = _OURS.sub("", json.loads(words))
            assert "<" not in rest
            assert ">" not in rest
    if many > 20:
        assert f"and {many - 20} more" in text(page)
        assert f"and {4 * many - 12} more" in text(page)


def test_the_card_to_read_has_no_buttons() -> None:
    view = card_view(overview(INCIDENT))
    assert (view["type"], view["title"]["text"]) == ("modal", "INC-7")
    assert not [block for block in view["blocks"] if block["type"] == "actions" or "accessory" in block]
