"""`watchbill check`: what is wrong, by what Slack said."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import check, check_places
from bot.engine import pushing
from bot.manifest import SCOPES
from bot.settings import Settings
from bot.settings_sandbox import kept_here
from bot.settings_tables import Backups, CommandSettings, Groups, StatusSettings
from bot.slack import NotSent, Ok, RateLimited, Refused, Uncertain
from storage import backup, contacts, desk
from tests.support.database import new_file
from tests.support.status_peers import KEY as PEER_KEY
from tests.support.status_peers import PAGE, statuspage_peer
from tests.support.story import KEY

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


def host(folder: Path, *, key: str = KEY, url: str = "https://w.example", replica: str = "") -> Settings:
    """Settings of a bot whose database is in this folder."""
    chosen = {"database_url": f"sqlite:///{folder}/watchbill.db", "secret_key": SecretStr(key), "public_url": url}
    return Settings().model_copy(update={**chosen, "backups": Backups(litestream_url=replica)})


def test_where_copies_lie_is_said_and_that_one_disk_takes_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [note] = check_places.notes(host(tmp_path))
    assert note == f"The database is copied to {tmp_path}/backups every 5 min."
    for replica, alone in (("", True), (f"file://{tmp_path}/replica", True), ("s3://bucket/watchbill", False)):
        told = check_places.warnings(host(tmp_path, replica=replica), 0)
        assert ["die with it: set backups.folder to another disk" in one for one in told] == [True] * alone
    [unknown] = check_places.warnings(host(tmp_path, replica="sftp://bill:secret@host/db"), 0)
    assert unknown.startswith(
        "Whoever answers at sftp://bill:…@host/db is given the database: set backups.sftp_host_key"
    )
    monkeypatch.setattr(backup, "same_file_system", lambda database, folder: "backups" not in str(folder))
    assert check_places.warnings(host(tmp_path), 0) == []


def test_a_key_of_the_replica_that_is_not_there_is_told(tmp_path: Path) -> None:
    key = tmp_path / "key"
    chosen = host(tmp_path).model_copy(update={"backups": Backups(sftp_key=key)})
    assert check_places.problems(chosen, None) == [f"backups.sftp_key: {key} can't be read: the replica needs it."]
    key.touch()
    assert check_places.problems(chosen, None) == []


@pytest.mark.parametrize(
    ("key", "url", "given", "words"),
    [
        (KEY, "https://w.example", 3, ""),
        ("", "https://w.example", 0, "WATCHBILL_SECRET_KEY is not set, so nobody can be woken beside Slack"),
        ("", "", 3, "so the channels of their own that people gave (3) can't be used: set what `watchbill key` prints"),
        (KEY, "", 0, "WATCHBILL_PUBLIC_URL is not set, so the links in mails and pages lead to the bot's own machine"),
        (KEY, "http://localhost:8080", 0, "WATCHBILL_PUBLIC_URL names this machine"),
        (KEY, "http://127.0.0.1:8080/bot", 0, "WATCHBILL_PUBLIC_URL names this machine"),
    ],
)
def test_a_key_and_an_address_are_missed_before_they_are_needed(
    tmp_path: Path, key: str, url: str, given: int, words: str
) -> None:
    told = check_places.warnings(host(tmp_path, key=key, url=url, replica="s3://bucket/watchbill"), given)
    assert len(told) == bool(words)
    assert words in "".join(told)


def test_a_page_that_goes_with_its_bot_is_told_of(tmp_path: Path) -> None:
    settings = host(tmp_path, key=KEY, replica="s3://bucket/watchbill")
    settings = settings.model_copy(
        update={"status": StatusSettings(folder=tmp_path), "public_url": "https://w.example"}
    )
    [told] = check_places.warnings(settings, 0)
    assert told.startswith(f"The status page ({tmp_path}) lies on the bot's machine and goes with it: serve a copy")
    elsewhere = StatusSettings(folder=tmp_path, bucket="s3://public/status")
    assert check_places.warnings(settings.model_copy(update={"status": elsewhere}), 0) == []


def test_statuspage_is_asked_whether_it_will_take_it(tmp_path: Path) -> None:
    with statuspage_peer() as peer:
        about = StatusSettings(
            statuspage_page=PAGE, statuspage_url=peer.url, statuspage_components={"a": "c1checkout", "b": "gone"}
        )

        def told(key: str) -> list[str]:
            given = {"status": about, "statuspage_key": SecretStr(key)}
            return asyncio.run(check.problems(host(tmp_path).model_copy(update=given)))

        found, refused = told(PEER_KEY)[-1], told("another")[-1]
    assert found.startswith("status.statuspage_components.b: the page has no component gone: copy its ID anew")
    assert refused.startswith("status.statuspage_page: Statuspage refuses the key (401): set WATCHBILL_STATUSPAGE_KEY")
    assert told(PEER_KEY)[-1].startswith("Statuspage can't be asked (Statuspage can't be reached: ")


def test_a_limit_of_statuspage_is_told_in_words() -> None:
    with statuspage_peer() as peer:
        peer.refuses = 429
        [told] = asyncio.run(pushing.problems(peer.url, PEER_KEY, PAGE, {}))
    assert told.startswith("Statuspage can't be asked (it asks to wait 20 s): check status.statuspage_url")


def test_a_sandbox_leaves_customers_alone_and_says_so(tmp_path: Path) -> None:
    about = StatusSettings(statuspage_page=PAGE)
    given = {
        "status": about,
        "status_push": SecretStr("slack://TokenA/B/C"),
        "slack_api_url": "http://127.0.0.1:1/api/",
    }
    set_up = kept_here(host(tmp_path).model_copy(update=given), {})
    assert asyncio.run(check_places.page_problems(set_up)) == [], "nobody was asked"
    page, push = check_places.warnings(set_up, 0)[-2:]
    assert page.startswith(f"status.statuspage_page: Slack is a sandbox, so {PAGE} is told nothing: ")
    assert push.startswith("WATCHBILL_STATUS_PUSH: Slack is a sandbox, so nothing goes to slack://… (")
    assert "Token" not in push


def test_what_can_not_work_is_a_problem(tmp_path: Path) -> None:
    [told] = check_places.problems(host(tmp_path, replica="s3://bucket/watchbill"), None)
    assert told.startswith("backups.litestream_url wants a replica, and litestream is not installed: pip install")
    assert check_places.problems(host(tmp_path, replica="s3://bucket/watchbill"), Path("/litestream")) == []
    [told] = check_places.problems(host(tmp_path, key="not a key"), None)
    assert told == "WATCHBILL_SECRET_KEY is no key: make one with `watchbill key`."


def test_channels_that_were_given_are_counted(tmp_path: Path) -> None:
    file = new_file(tmp_path)
    with desk.beside(file) as tx:
        contacts.add(tx, "UBOB00001", b"sealed", "mail")
        contacts.change(tx, contacts.add(tx, "UBOB00001", b"sealed", "push").id, removed_at=tx.now)
    told = check.warnings(host(tmp_path, key=""))
    assert any("that people gave (1)" in one for one in told)
    assert check.warnings(host(tmp_path / "new", key="")) != [], "there is no database yet"
