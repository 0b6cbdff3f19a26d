"""What Slack sends, made what the person typed, and taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.incident import Kind, Severity
from bot.heard import as_typed
from handlers.slack.incident.incident_commands import read_declaration
from handlers.slack.words import people_in, take_apart, without_people

NAMES = {"note", "rota", "rota start", "title"}
NASTY = st.text(max_size=80) | st.text(alphabet="<>&@#!|ltgamp;UC12 inc-7\n", max_size=80)


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("rota start <@UADA00001|ada> <@UBOB00001> 8h", "rota start <@UADA00001> <@UBOB00001> 8h"),
        ("note see <#C0GEN00001|general>", "note see #general"),
        ("note see <#C0GEN00001>", "note see #private channel"),
        ("note see <#C0GEN00001|>", "note see #private channel"),
        ("note ask <!subteam^S0123|@db-team>", "note ask @db-team"),
        ("note ask <!subteam^S0123>", "note ask @group"),
        ("note <!channel> <!here|here> <!everyone>", "note @channel @here @everyone"),
        ("call <https://meet.example.com/a?b=1&amp;c=2|meet.example.com/a>", "call https://meet.example.com/a?b=1&c=2"),
        ("note <mailto:a@b.example|a@b.example>", "note mailto:a@b.example"),
        ("note a &lt;b&gt; &amp; &amp;lt;", "note a <b> & &lt;"),
        ("note &lt;!channel&gt;", "note <!channel>"),
    ],
)
def test_slacks_escapes_are_taken_back(sent: str, typed: str) -> None:
    assert as_typed(sent) == typed


@given(NASTY)
def test_text_that_slack_escaped_comes_back_as_it_was(text: str) -> None:
    assert as_typed(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")) == text


@pytest.mark.parametrize(
    ("text", "words", "number", "left"),
    [
        ("", (), None, ""),
        ("  show  ", ("show",), None, "show"),
        ("INC-7", (), 7, ""),
        ("inc7 show", ("show",), 7, "show"),
        ("show inc-7", ("show",), 7, "show"),
        ("severity Inc-12 sev1", ("severity", "sev1"), 12, "severity sev1"),
        ("rota start INC-7 <@UADA00001> 8h", ("rota", "start", "<@UADA00001>", "8h"), 7, "rota start <@UADA00001> 8h"),
        (
            "note INC-7 two  spaces\nand lines",
            ("note", "two", "spaces", "and", "lines"),
            7,
            "note two  spaces\nand lines",
        ),
        ("title like INC-5 again", ("title", "like", "INC-5", "again"), None, "title like INC-5 again"),
        ("note see INC-5", ("note", "see", "INC-5"), None, "note see INC-5"),
        (
            "note it is worse than INC-5",
            tuple("note it is worse than INC-5".split()),
            None,
            "note it is worse than INC-5",
        ),
        ("rota start 8h INC-7", ("rota", "start", "8h", "INC-7"), None, "rota start 8h INC-7"),
        ("note INC-7x", ("note", "INC-7x"), None, "note INC-7x"),
    ],
)
def test_the_incident_is_named_first_or_right_after_the_command(
    text: str, words: tuple[str, ...], number: int | None, left: str
) -> None:
    found = take_apart(text, NAMES)
    assert (found.words, found.number, found.text) == (words, number, left)


@given(NASTY)
def test_taking_apart_never_raises_and_loses_nothing_but_the_name(text: str) -> None:
    found = take_apart(text, NAMES)
    assert found.words == tuple(found.text.split())
    assert len(text.split()) - len(found.words) == (found.number is not None)


def test_what_follows_a_name_is_as_it_was_typed() -> None:
    words = take_apart("ruled-out  it is   not\n the balancer")
    assert words.after(1) == "it is   not\n the balancer"
    assert take_apart("note").after(1) == ""
    assert (words.first, words.first_two) == ("ruled-out", "ruled-out it")


def test_people_and_the_other_words() -> None:
    text = "start <@UADA00001> then<@UBOB00001|bob> 8h @carl"
    assert people_in(text) == ["UADA00001", "UBOB00001"]
    assert without_people(text) == ["start", "then", "8h", "@carl"]


@pytest.mark.parametrize(
    "text",
    [
        "<@UADA00001>, <@UBOB00001>, 8 hours",
        "<@UADA00001>,<@UBOB00001> 8 hours",
        "<@UADA00001> and <@UBOB00001|bob> , 8 hours",
        "8 hours, <@UADA00001>, and <@UBOB00001>",
        "<@UADA00001>; <@UBOB00001>; 8 hours",
    ],
)
def test_people_are_listed_as_people_list_them(text: str) -> None:
    assert people_in(text) == ["UADA00001", "UBOB00001"]
    assert without_people(text) == ["8", "hours"]


def test_an_and_that_joins_no_people_stays() -> None:
    assert without_people("<@UADA00001> and then") == ["and", "then"]


@pytest.mark.parametrize(
    ("text", "title", "severity", "private", "drill"),
    [
        ("checkout is down", "checkout is down", "sev2", False, False),
        ("checkout is down sev1", "checkout is down", "sev1", False, False),
        ("checkout is down SEV1 private DRILL", "checkout is down", "sev1", True, True),
        ("checkout is down drill sev3", "checkout is down", "sev3", False, True),
        ("sev1 checkout is down", "checkout is down", "sev1", False, False),
        ("our private network is down", "our private network is down", "sev2", False, False),
        ("private", "", "sev2", True, False),
        ("sev1 or sev2 we argue", "sev1 or sev2 we argue", "sev2", False, False),
        ("sev10 is not one", "sev10 is not one", "sev2", False, False),
        ("fire drill drill", "fire", "sev2", False, True),
        ("the sev2 from monday is back sev1", "the sev2 from monday is back", "sev1", False, False),
        (
            "the sev2 of monday caused the sev1 of today",
            "the sev2 of monday caused the sev1 of today",
            "sev2",
            False,
            False,
        ),
    ],
)
def test_a_declaration_in_one_line(text: str, title: str, severity: str, private: bool, drill: bool) -> None:
    wanted = read_declaration(text)
    assert wanted.title == title
    assert wanted.severity is Severity(severity)
    assert wanted.private is private
    assert wanted.kind is (Kind.DRILL if drill else Kind.REAL)


@given(NASTY)
def test_a_declaration_never_raises_and_invents_no_words(text: str) -> None:
    wanted = read_declaration(text)
    assert set(wanted.title.split()) <= set(text.split())
