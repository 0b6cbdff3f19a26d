"""What people said in Slack, as Slack describes it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.heard import heard, moment_of, permalink, words_of


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"text": "checkout is down"}, "checkout is down"),
        ({"text": "<@U0BOB00000|bob> see <#C0GENERAL0|general> &amp; more"}, "<@U0BOB00000> see #general & more"),
        ({"text": "<https://x.test/a|this>"}, "https://x.test/a"),
        ({"text": "since <!date^1700000000^{time}|14:13 UTC>"}, "since 14:13 UTC"),
        ({"text": " \u200b", "attachments": [{"fallback": "", "title": "Disk full", "text": "db-3"}]}, "Disk full"),
        ({"text": "", "attachments": [{"fallback": "[FIRING] 5xx"}]}, "[FIRING] 5xx"),
        ({"text": "", "files": [{"title": "", "name": "graph.png"}]}, "graph.png"),
        ({"text": None, "attachments": None, "files": None}, ""),
        ({}, ""),
    ],
)
def test_the_words_of_a_message(message: dict[str, Any], words: str) -> None:
    assert words_of(message) == words


def test_what_an_app_posted_was_said_by_nobody() -> None:
    message = {"ts": "1700000000.000100", "text": "disk full", "user": "U0ALERT000", "bot_id": "B1"}
    assert heard(message).author is None
    assert heard(message).words == "disk full"
    assert heard({**message, "username": "Alertmanager"}).words == "Alertmanager: disk full"
    assert heard({**message, "bot_profile": {"name": "Prometheus"}}).words == "Prometheus: disk full"
    assert heard({**message, "bot_profile": {"name": "Prometheus"}, "text": ""}).words == ""
    by_ada = heard({"ts": "1700000000.000100", "text": "disk full", "user": "U0ADA00000"})
    assert (by_ada.author, by_ada.words) == ("U0ADA00000", "disk full")
    assert by_ada.said_at == datetime(2023, 11, 14, 22, 13, 20, 100, tzinfo=UTC)


@given(st.integers(0, 4_000_000_000), st.integers(0, 999_999))
def test_no_two_messages_were_said_at_the_same_moment(seconds: int, micros: int) -> None:
    moment = moment_of(f"{seconds}.{micros:06}")
    assert (int(moment.timestamp()), moment.microsecond) == (seconds, micros)


def test_a_link_to_a_message() -> None:
    link = "https://slack.com/archives/C0GENERAL0/p1700000000000100"
    assert permalink("C0GENERAL0", "1700000000.000100") == link
    assert permalink("C0GENERAL0", "1700000000.000100", "1700000000.000100") == link, "it begins its thread"
    in_thread = permalink("C0GENERAL0", "1700000000.000100", "1600000000.000200")
    assert in_thread == f"{link}?thread_ts=1600000000.000200&cid=C0GENERAL0"
