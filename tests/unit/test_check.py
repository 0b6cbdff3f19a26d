"""`watchbill check`: what is wrong, by what Slack said."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import check
from bot.manifest import SCOPES
from bot.slack import NotSent, Ok, RateLimited, Refused, Uncertain

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DATE = "Mon, 02 Mar 2026 12:00:00 GMT"


def test_all_scopes_granted_is_well() -> None:
    assert check.scopes(",".join(SCOPES)) == []
    assert check.scopes(", ".join([*SCOPES, "more:than", "is:needed"])) == []


@pytest.mark.parametrize("scope", SCOPES)
def test_a_missing_scope_is_told_with_its_reason(scope: str) -> None:
    told = check.scopes(",".join(set(SCOPES) - {scope}))
    assert len(told) == 1
    assert f"The scope {scope} is missing, needed for {SCOPES[scope]}:" in told[0]
    assert "reinstall" in told[0]


def test_scopes_that_only_look_alike_do_not_count() -> None:
    assert len(check.scopes("chat:write.public")) == len(SCOPES) - 1
    assert len(check.scopes("")) == len(SCOPES)


@pytest.mark.parametrize("seconds", [0, 60, -60])
def test_a_clock_within_a_minute_is_well(seconds: int) -> None:
    assert check.skew(DATE, NOON + timedelta(seconds=seconds)) == []


@pytest.mark.parametrize(("seconds", "words"), [(61, "61 s ahead of"), (-3600, "3600 s behind")])
def test_a_clock_that_is_off_is_told(seconds: int, words: str) -> None:
    told = check.skew(DATE, NOON + timedelta(seconds=seconds))
    assert len(told) == 1
    assert f"This machine's clock is {words} Slack's" in told[0]
    assert "NTP" in told[0]


def test_no_date_says_nothing() -> None:
    assert check.skew("", NOON) == []


def test_a_token_is_good_refused_or_unknown() -> None:
    assert check.token(Ok({})) == []
    assert "Slack refuses SLACK_BOT_TOKEN (invalid_auth)" in check.token(Refused("invalid_auth"))[0]
    for outcome in (NotSent("no route"), Uncertain("status 500"), RateLimited(30.0)):
        assert "Slack can't be reached" in check.token(outcome)[0]
