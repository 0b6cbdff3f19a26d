"""`watchbill check`: what is wrong, by what Slack said."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import check
from bot.manifest import SCOPES
from bot.settings import Settings
from bot.settings_tables import CommandSettings, Groups
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


GROUPS = Settings().model_copy(
    update={
        "groups": Groups(commanders=("U0ADA00000", "S0COMMAND1"), managers=("S0MANAGER1",)),
        "command": CommandSettings(usergroup="S0IC000000"),
    }
)
LISTED = Ok({"usergroups": [{"id": "S0COMMAND1"}, {"id": "S0IC000000"}, {"id": "S0MANAGER1"}]})


def test_scopes_for_user_groups_are_needed_only_for_those_that_are_set() -> None:
    assert check.usergroup_scopes(Settings(), "") == []
    both = "usergroups:read,usergroups:write"
    assert check.usergroup_scopes(GROUPS, both) == []
    [told] = check.usergroup_scopes(GROUPS, "usergroups:read")
    assert "The scope usergroups:write is missing, needed for keeping a user group of the ICs" in told
    [told] = check.usergroup_scopes(GROUPS, "usergroups:write")
    assert "The scope usergroups:read is missing" in told


def test_a_user_group_that_is_not_there_is_told_with_its_setting() -> None:
    assert check.usergroups(GROUPS, LISTED) == []
    told = check.usergroups(GROUPS, Ok({"usergroups": [{"id": "S0COMMAND1"}]}))
    assert [sentence.split(":")[0] for sentence in told] == ["groups.managers", "command.usergroup"]
    assert "there is no user group S0MANAGER1 in use" in told[0]


def test_a_plan_without_user_groups_is_told_once() -> None:
    [told] = check.usergroups(GROUPS, Refused("plan_upgrade_required"))
    assert told.startswith("command.usergroup and groups.commanders and groups.managers: this workspace's plan has no")
    assert check.usergroups(GROUPS, NotSent("no route")) == [], "what can't be asked is told by other checks"


def test_a_refused_change_is_told_with_its_remedy() -> None:
    assert "let everyone manage them" in check.usergroup_refusal("permission_denied")[0]
    assert check.usergroup_refusal("") == check.usergroup_refusal("newer one queued") == []
