"""The briefing: what it is made of, that it fits on one screen, and that nothing typed works in it."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.briefing import LISTED, Briefing, Facts, Listed, cut, from_json, still_open, to_json
from bot.domain.command import How, Tenure
from bot.domain.handoff import Handoff, HandoffKind, HandoffState
from bot.domain.incident import Incident, Kind, Severity, State
from bot.domain.rota import Shift
from bot.domain.timeline import Entry, EntryKind
from bot.messages.command import briefing as texts
from bot.messages.command.briefing import Between
from bot.messages.command.forms_briefing import answers_of, briefing, given
from bot.messages.kit import Block, Message
from bot.messages.one_screen import CHARS, LINES, WIDTH
from sandbox.blockkit import problems, view_problems
from tests.support.clock import START

IC, BOB, EVE = "UADA00001", "UBOB00001", "UEVE00001"
NOW = START + timedelta(hours=31)
NAMES = {IC: "Ada Lovelace", BOB: "Bob Kahn", EVE: "Eve Ng"}
HUGE = (
    "x" * 10_000,
    "word " * 2_000,
    "&<>" * 3_000,
    "<!channel> <!here|here> <@UADA00001> <https://evil.example|bank> " * 150,
    "```code``` *bold* _it_ ~no~ `x` > quote\n" * 250,
    "line\n\n> line\n" * 800,
    "👩\u200d🚒🔥" * 2_500,
)
_TOKEN = re.compile(r"<([^>]*)>")
_DATE = re.compile(r"!date\^\d+\^[^<>|]+\|[0-9: UTC-]+")


def incident(**values: Any) -> Incident:
    about: dict[str, Any] = {
        "number": 7,
        "title": "Checkout is down",
        "summary": "Payments fail since the 14:00 deploy",
        "severity": Severity.SEV2,
        "state": State.INVESTIGATING,
        "kind": Kind.REAL,
        "private": False,
        "declared_by": IC,
        "declared_at": START,
        "detected_at": START,
        "channel_id": "C0INC00001",
    }
    return Incident(**(about | values))


def tenure(role: str = "ic", person: str = IC, hours: int = 8) -> Tenure:
    began = NOW - timedelta(hours=hours)
    return Tenure(id=1, incident=7, role=role, person=person, how=How.ACCEPTED, started_at=began, ended_at=None)


def shift(person: str = EVE, starts_at: datetime = NOW + timedelta(hours=1)) -> Shift:
    return Shift(
        id=3,
        rota=1,
        incident=7,
        role="ic",
        position=4,
        person=person,
        turn_of=person,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=8),
    )


def offer(to: str = BOB, role: str = "communications") -> Handoff:
    return Handoff(
        id=5,
        incident=7,
        role=role,
        kind=HandoffKind.OFFER,
        offered_to=to,
        offered_by=IC,
        offered_at=NOW,
        boundary_at=NOW,
        state=HandoffState.OPEN,
    )


def entry(text: str, kind: EntryKind = EntryKind.SYSTEM, number: int = 1, who: str | None = BOB) -> Entry:
    at = START + timedelta(minutes=number)
    return Entry(incident=7, number=number, at=at, who=who, kind=kind, text=cut(text))


def listed(*said: str, kind: EntryKind = EntryKind.SYSTEM, total: int = 0) -> Listed:
    entries = tuple(entry(text, kind, number + 1) for number, text in enumerate(said))
    return Listed(entries=entries, total=total or len(said))


def facts(**values: Any) -> Facts:
    moments = {"as_of": NOW, "since": START}
    about: dict[str, Any] = {"incident": incident(), "role": "ic", "tenures": (tenure(),), "names": NAMES, **moments}
    return Facts(**(about | values))


def everything(text: str) -> Facts:
    """Facts with `text` wherever somebody may have typed it, and as much of everything as facts hold."""
    many = [text] * LISTED
    title = " ".join(text.split())[:150]
    return facts(
        incident=incident(title=title, summary=cut(text), kind=Kind.DRILL, call_url="https://e.example/" + "&" * 900),
        tenures=(tenure(), *(tenure(f"role-{number}", BOB) for number in range(9))),
        following=shift(),
        offers=(offer(), offer(EVE, "scribe")),
        changed=listed(*many, total=1234),
        decisions=listed(*many, total=99),
        hypotheses=listed(*many),
        ruled_out=listed(*many, total=99),
        notes=1234,
        pinned=99,
        objectives=text,
        names={IC: "Ada " * 50, BOB: text[:200], EVE: "Eve Ng"},
    )


def written(of: Facts | None = None, **values: Any) -> Briefing:
    about: dict[str, Any] = {
        "id": 4,
        "incident": 7,
        "role": "ic",
        "shift": None,
        "prepared_by": IC,
        "prepared_at": NOW,
        "facts": of or facts(),
        "worries": "",
        "do_first": "",
        "accepted_at": None,
        "message_channel": None,
        "message_ts": None,
        "details_ts": None,
    }
    return Briefing(**(about | values))


def mrkdwn(part: object) -> list[str]:
    if isinstance(part, list):
        return [text for one in part for text in mrkdwn(one)]
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            return [part["text"]]
        return [text for value in part.values() for text in mrkdwn(value)]
    return []


def read(blocks: Sequence[Block]) -> str:
    return "\n".join(mrkdwn(list(blocks)))


def seen_lines(text: str) -> int:
    """How many lines of a screen it takes: long ones are wrapped, a date is as long as a name."""
    return sum(max(1, -(-len(_TOKEN.sub("x" * 16, line)) // WIDTH)) for line in text.split("\n"))


def check(message: Message, *, screen: bool = True, may_ping: str = "") -> str:
    """Fail unless Slack takes it, nothing typed works in it, and it fits on one screen; its text."""
    assert problems(message.blocks, "message") == []
    assert len(message.as_arguments()["text"]) <= 4000
    text = read(message.blocks)
    for token in _TOKEN.findall(text):
        pings = token == f"@{may_ping}" or token.startswith("#C0")
        assert _DATE.fullmatch(token) or pings, token
    assert "```" not in text
    if screen:
        assert seen_lines(text) <= LINES, text
        assert len(text) <= CHARS, len(text)
    return text


def test_facts_are_kept_as_they_are() -> None:
    for text in ("", *HUGE):
        made = everything(text)
        kept = json.loads(json.dumps(to_json(made)))
        assert from_json(kept) == made


def test_facts_that_an_older_version_kept_can_be_read() -> None:
    kept = to_json(facts(changed=listed("Severity sev2 → sev1")))
    for later in ("pinned", "notes", "objectives", "ruled_out", "through"):
        del kept[later]
    assert from_json(kept | {"unknown": 1}).changed.total == 1
    assert from_json(kept).ruled_out == Listed()


@pytest.mark.parametrize(
    ("guess", "answer", "is_open"),
    [
        ("the load balancer", "it is not the load balancer", False),
        ("The load balancer!", "load balancer", False),
        ("the 14:00 deploy broke the pool", "the 14:00 deploy", False),
        ("disk of db-3 is full", "disk of db-4 is full", True),
        ("the primary is overloaded", "the replica is overloaded", True),
        ("dns", "dns", True),
        ("the DNS of the vendor", "it is raining", True),
        ("", "", True),
    ],
)
def test_only_what_is_surely_meant_closes_a_hypothesis(guess: str, answer: str, *, is_open: bool) -> None:
    guesses = [entry(guess, EntryKind.HYPOTHESIS, 1)]
    later = [entry(answer, EntryKind.RULED_OUT, 2)]
    assert bool(still_open(guesses, later)) is is_open
    earlier = [entry(guess, EntryKind.HYPOTHESIS, 3)]
    assert still_open(earlier, later) == earlier


def test_closing_hypotheses_takes_no_time_worth_a_word() -> None:
    guesses = [entry(HUGE[1], EntryKind.HYPOTHESIS, number) for number in range(LISTED)]
    answers = [entry(HUGE[1] + str(number), EntryKind.RULED_OUT, 100 + number) for number in range(LISTED)]
    assert len(still_open(guesses, answers)) in {0, LISTED}


def test_a_section_without_facts_is_not_there() -> None:
    bare = facts(incident=incident(summary=""), tenures=())
    text = check(texts.posted(written(bare), Between(), NOW))
    assert text.split("\n")[1:] == ["🟠 *INC-7* Checkout is down", "sev2 · investigating · 1 d 7 h"]


def test_what_a_briefing_says() -> None:
    made = facts(
        tenures=(tenure(), tenure("communications", BOB)),
        following=shift(),
        offers=(offer(EVE, "scribe"),),
        changed=listed("Severity sev2 → sev1", "State investigating → identified"),
        decisions=listed("we fail over to Frankfurt", kind=EntryKind.DECISION),
        hypotheses=listed("<@UEVE00001> saw the pool empty", kind=EntryKind.HYPOTHESIS),
        ruled_out=listed("it is not DNS", kind=EntryKind.RULED_OUT),
        notes=3,
        pinned=1,
        objectives="Restore the paying customers",
    )
    full = written(made, worries="the replica lags\nand lags", do_first="ask the vendor")
    text = check(texts.posted(full, Between(incoming=EVE), NOW))
    for words in (
        "*Briefing of INC-7* for Eve Ng, as of <!date^",
        "🟠 *INC-7* Checkout is down\nsev2 · investigating · 1 d 7 h · IC Ada Lovelace since <!date^",
        "UTC> (8 h)\nPayments fail since the 14:00 deploy",
        "*What worries Ada Lovelace* the replica lags · and lags\n*To do first* ask the vendor",
        "*Objectives so far* Restore the paying customers",
        "State investigating → identified (Bob Kahn)",
        "*Decisions*\n• we fail over to Frankfurt (Bob Kahn)",
        "*Open hypotheses*\n• Eve Ng saw the pool empty (Bob Kahn)",
        "*Ruled out*\n• it is not DNS (Bob Kahn)",
        "*Roles* communications Bob Kahn · *Next* Eve Ng at <!date^",
        "*Scribe* is offered to Eve Ng since <!date^",
        "3 notes in this period and 1 pinned message: `/incident timeline`",
    ):
        assert words in text, words
    assert texts.is_complete(full, Between(), NOW)
    assert texts.posted(full, Between(), NOW).blocks[-1]["elements"][0]["value"] == "4"


def test_a_draft_asks_the_one_who_hands_over_and_nobody_else() -> None:
    between = Between(outgoing=IC, incoming=EVE, due=NOW + timedelta(minutes=15))
    made = facts(changed=listed("Command offered to <@UBOB00001>"), tenures=(tenure(), tenure("scribe", BOB)))
    text = check(texts.posted(written(made), between, NOW), may_ping=IC)
    assert "*draft* for the handoff to Eve Ng at <!date^" in text
    assert "<@UADA00001>, what worries you, and what is to be done first?" in text
    assert "Command offered to Bob Kahn\n" in text
    said = check(texts.posted(written(made, worries="the replica"), between, NOW))
    assert "draft" in said


def test_an_accepted_briefing_is_a_record() -> None:
    accepted = written(accepted_at=NOW + timedelta(minutes=3), worries="the replica")
    message = texts.posted(accepted, Between(outgoing=EVE, due=NOW + timedelta(hours=1)), NOW + timedelta(days=3))
    text = check(message)
    assert "accepted <!date^" in text
    assert "the summary of this period" in text
    assert "1 d 7 h" in text
    assert [block["type"] for block in message.blocks].count("actions") == 0
    closed = texts.posted(written(), Between(editable=False), NOW)
    assert [block["type"] for block in closed.blocks].count("actions") == 0


def test_a_drill_says_so() -> None:
    drill = facts(incident=incident(kind=Kind.DRILL))
    messages = [texts.posted(written(drill), Between(), NOW), texts.details(written(drill), Between(), NOW)]
    messages += [texts.caught_up(drill, NOW), texts.welcome(drill, NOW, ZoneInfo("UTC"))]
    for message in messages:
        assert "DRILL INC-7" in message.text
        assert "DRILL INC-7" in json.dumps(message.blocks)


def test_the_newest_are_shown_and_the_rest_is_in_the_thread() -> None:
    made = facts(changed=listed(*[f"Title: number {number}" for number in range(LISTED)], total=70))
    text = check(texts.posted(written(made), Between(), NOW))
    assert "*, the newest 8 of 70: all in the thread\n" in text
    assert text.index("number 28") < text.index("number 29")
    assert "number 21" not in text
    assert not texts.is_complete(written(made), Between(), NOW)
    thread = check(texts.details(written(made), Between(), NOW), screen=False)
    assert "number 0 " in thread
    assert "number 29" in thread
    assert "*, the newest 30 of 70: `/incident timeline`" in thread
    assert "the newest 8 of 70: `/incident timeline`" in read(texts.catchup(made, NOW))


def test_what_the_screen_cut_stands_whole_in_the_thread() -> None:
    worries = "the replica lags " * 100
    full = written(worries=worries, do_first="short")
    text = check(texts.posted(full, Between(), NOW))
    assert worries.strip() not in text
    thread = check(texts.details(full, Between(), NOW), screen=False)
    assert worries.strip() in thread
    assert "short" not in thread


@pytest.mark.parametrize("text", HUGE)
def test_it_fits_on_one_screen_whatever_was_typed(text: str) -> None:
    made = everything(text)
    full = written(made, worries=text[:2000], do_first=text[:2000], shift=3)
    between = Between(outgoing=IC, incoming=BOB, due=NOW + timedelta(minutes=15), names={IC: "Ada " * 50})
    check(texts.posted(full, between, NOW), may_ping=IC)
    check(texts.posted(replace(full, worries="", do_first=""), between, NOW), may_ping=IC)
    check(texts.posted(replace(full, accepted_at=NOW), between, NOW))
    details = texts.details(full, between, NOW)
    check(details, screen=False)
    assert sum(map(len, mrkdwn(details.blocks))) <= 13_000
    for zone in (None, ZoneInfo("Australia/Adelaide")):
        check(Message("x", texts.catchup(made, NOW, zone)))
    check(texts.welcome(made, NOW, ZoneInfo("Asia/Kolkata")), screen=False)


def test_a_name_that_is_not_known_is_a_mention() -> None:
    text = read(texts.posted(written(facts(names={})), Between(), NOW).blocks)
    assert "IC <@UADA00001> since" in text


def test_a_dm_has_the_readers_own_time() -> None:
    message = texts.welcome(facts(following=shift()), NOW, ZoneInfo("Asia/Kolkata"))
    text = check(message)
    assert "You joined <#C0INC00001>. This is how *INC-7* stands." in text
    assert "Eve Ng at Tue 3 Mar 21:30 IST" in text
    assert "<!date" not in text


def test_the_briefing_of_another_role_says_which() -> None:
    made = facts(role="communications", tenures=(tenure(), tenure("communications", BOB)))
    text = check(texts.posted(written(made, role="communications"), Between(), NOW))
    assert "*Briefing of INC-7*, communications, as of" in text
    assert "communications Bob Kahn since" in text
    assert "*Roles* IC Ada Lovelace" in text


@pytest.mark.parametrize("text", ["", *HUGE])
def test_the_form_is_one_that_slack_takes(text: str) -> None:
    made = written(worries=text[:2000], do_first=text[:2000])
    for one in (None, made):
        form = briefing(incident(title=text[:150] or "x"), "ic", one, "C0INC00001")
        assert view_problems(form) == []
        assert len(form["private_metadata"]) < 3000
    assert given({"worries": None, "first": " x\r\n"}) == {"worries": "", "first": "x"}
    assert answers_of(None) == {"worries": "", "first": ""}
