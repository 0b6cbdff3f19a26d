"""Settings: from the environment and one TOML file, with every problem told at once."""

import os
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.domain.incident import Severity
from bot.settings import Settings
from bot.settings_loading import SettingsError, load, missing_tokens
from bot.settings_tables import Channels, Component, Groups, Naming, SeveritySettings, StatusSettings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("WATCHBILL_", "SLACK_")):
            monkeypatch.delenv(name)


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return monkeypatch


def toml(env: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    file = folder / "watchbill.toml"
    file.write_text(text)
    env.setenv("WATCHBILL_CONFIG", str(file))


def problems() -> list[str]:
    with pytest.raises(SettingsError) as wrong:
        load()
    return wrong.value.problems


def test_without_anything_set_the_defaults_hold() -> None:
    settings = load()
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_file == Path.cwd() / "watchbill.db"
    assert (settings.http_host, settings.http_port, settings.log_level) == ("127.0.0.1", 8080, "info")
    assert settings.channels.announcements == "#incidents"
    assert sorted(settings.roles) == ["communications", "deputy", "liaison", "operations", "scribe"]
    assert all(settings.meaning(severity) and not settings.responders(severity) for severity in Severity)


def test_the_environment_says_secrets_and_places(env: pytest.MonkeyPatch) -> None:
    env.setenv("SLACK_BOT_TOKEN", "xoxb-1-secret")
    env.setenv("SLACK_API_URL", "http://127.0.0.1:9000/api")
    env.setenv("WATCHBILL_DATABASE_URL", "sqlite:////var/lib/watchbill/w.db")
    env.setenv("WATCHBILL_HTTP_PORT", "0")
    settings = load()
    assert settings.bot_token.get_secret_value() == "xoxb-1-secret"
    assert settings.slack_api_url == "http://127.0.0.1:9000/api/"
    assert settings.database_file == Path("/var/lib/watchbill/w.db")
    assert settings.http_port == 0
    assert "xoxb" not in repr(settings)


def test_the_toml_file_says_the_rest(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    toml(
        env,
        tmp_path,
        """
        [severities.sev1]
        meaning = "All is lost"
        responders = ["U024BE7LH"]
        [roles]
        deputy = "Stands in"
        [groups]
        commanders = ["W0G9QF9C6"]
        [channels]
        announcements = "C024BE7LH"
        [[components]]
        name = "shared-databases"
        tiers = ["production", "free"]
        [naming]
        channel = "ops-{number}"
        """,
    )
    settings = load()
    assert settings.meaning(Severity.SEV1) == "All is lost"
    assert settings.meaning(Severity.SEV2) == "Something important is broken for some customers"
    assert settings.responders(Severity.SEV1) == ("U024BE7LH",)
    assert dict(settings.roles) == {"deputy": "Stands in"}
    assert settings.groups.commanders == ("W0G9QF9C6",)
    assert settings.channels.digest == "#incidents"
    assert settings.components[0].tiers == ("production", "free")
    assert settings.naming.channel == "ops-{number}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[[components]]\nname = "api"\n[[components]]\nname = "api"', "components: two of them have the same name."),
        ('[[components]]\nname = "api"\ntiers = ["free", "free"]', "components.0.tiers: names a tier twice."),
        ('[[components]]\nname = "undo"', "components.0.name: can't be undo: `/incident impact undo` is a command."),
        ('[updates]\ndowntime = ["operational"]', "updates.downtime: what is operational is not down."),
    ],
)
def test_impact_needs_distinct_names(env: pytest.MonkeyPatch, tmp_path: Path, text: str, why: str) -> None:
    toml(env, tmp_path, text)
    assert problems() == [why]


KEY_WANTED = "status.statuspage_page: needs WATCHBILL_STATUSPAGE_KEY, the API key of a user of the page."
PUSHED = '[status]\nstatuspage_page = "abc123"\n'


@pytest.mark.parametrize(
    ("key", "push", "text", "why"),
    [
        ("", "", PUSHED, KEY_WANTED),
        (
            "a b",
            "",
            PUSHED,
            "status.statuspage_page: needs WATCHBILL_STATUSPAGE_KEY, the API key of a user of the page.",
        ),
        (
            "k",
            "",
            '[status]\nstatuspage_components = { service = "c1c1" }',
            "status.statuspage_components: needs status.statuspage_page, the ID of the page.",
        ),
        (
            "k",
            "",
            PUSHED + 'statuspage_components = { "api/free" = "c1c1" }',
            "status.statuspage_components: api/free is no component, or component/tier, of yours.",
        ),
        (
            "k",
            "",
            PUSHED + 'statuspage_url = "http://a.test/v1"',
            "status.statuspage_url: must be an https address.",
        ),
        (
            "",
            "ntfys://host/hush slack.com/hush",
            "",
            "WATCHBILL_STATUS_PUSH: number 2 is no Apprise URL, such as ntfys://host/topic.",
        ),
        ("k", "ntfys://host/hush", PUSHED + 'statuspage_components = { service = "c1c1" }', ""),
        ("k", "", PUSHED + 'statuspage_url = "http://127.0.0.1:80/v1/"', ""),
    ],
)
def test_what_can_not_be_pushed_is_told(
    env: pytest.MonkeyPatch, tmp_path: Path, key: str, push: str, text: str, why: str
) -> None:
    env.setenv("WATCHBILL_STATUSPAGE_KEY", key)
    env.setenv("WATCHBILL_STATUS_PUSH", push)
    toml(env, tmp_path, text)
    if why:
        assert problems() == [why]
    else:
        assert "hush" not in repr(load())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('bucket = "s3://status"', "status: bucket needs a folder too: the page is written there first."),
        ('folder = "/srv"\nbucket = "/mnt"', "status.bucket: '/mnt' does not fit ^((s3|gs|az)://[^\\s/]\\S*)?$."),
        (
            'links = [{text = "Help", url = "javascript:alert(1)"}]',
            "status.links.0.url: must be an https, http or mailto address.",
        ),
    ],
)
def test_what_the_page_can_not_be(env: pytest.MonkeyPatch, tmp_path: Path, text: str, why: str) -> None:
    toml(env, tmp_path, f"[status]\n{text}")
    assert problems() == [why]


def test_every_problem_is_told_at_once(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    env.setenv("WATCHBILL_HTTP_PORT", "http")
    env.setenv("SLACK_API_URL", "slack.com")
    env.setenv("WATCHBILL_DATABASE_URL", "postgresql://db")
    toml(
        env,
        tmp_path,
        """
        colour = "red"
        [naming]
        channel = "inc-{title}"
        [groups]
        commanders = ["@ada"]
        [severities.sev5]
        meaning = "?"
        """,
    )
    told = sorted(problem.split(":")[0] for problem in problems())
    assert told == [
        "SLACK_API_URL",
        "WATCHBILL_DATABASE_URL",
        "WATCHBILL_HTTP_PORT",
        "colour",
        "groups.commanders.0",
        "naming.channel",
        "severities.sev5",
    ]
    assert all(problem.endswith(".") and not problem.endswith("..") for problem in problems())


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("incident", "naming.channel: must hold {number}, so that names differ."),
        ("{number}-{severity}", "naming.channel: may hold {number} and {title} only."),
        ("{number}-{}", "naming.channel: may hold {number} and {title} only."),
        ("{number", "naming.channel: may hold {number} and {title} only."),
    ],
)
def test_a_pattern_that_makes_no_names_is_refused(
    env: pytest.MonkeyPatch, tmp_path: Path, pattern: str, why: str
) -> None:
    toml(env, tmp_path, f'[naming]\nchannel = "{pattern}"')
    assert problems() == [why]


def test_command_is_no_role_to_be_named(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    toml(env, tmp_path, '[roles]\nic = "Commands"')
    assert problems() == ["roles: ic is there by itself; name the others only."]


def test_a_file_that_is_not_there_is_told(env: pytest.MonkeyPatch) -> None:
    env.setenv("WATCHBILL_CONFIG", "/nowhere/watchbill.toml")
    assert problems() == ["WATCHBILL_CONFIG: there is no file /nowhere/watchbill.toml."]


@pytest.mark.parametrize("content", [b"[severities\n", b"a = 1\na = 2", b"\xff\xfe"])
def test_a_file_that_is_not_toml_is_told(env: pytest.MonkeyPatch, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "watchbill.toml"
    file.write_bytes(content)
    env.setenv("WATCHBILL_CONFIG", str(file))
    assert [problem.startswith(f"WATCHBILL_CONFIG: {file} is not TOML: ") for problem in problems()] == [True]


def test_a_table_in_the_environment_that_is_not_json_is_told(env: pytest.MonkeyPatch) -> None:
    env.setenv("WATCHBILL_CHANNELS", "#incidents")
    assert len(problems()) == 1


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:9000/api/", True),
        ("http://localhost/api/", True),
        ("http://[::1]:9000/api/", True),
        ("http://127.8.8.8/api/", True),
        ("https://slack.com/api/", False),
        ("http://127.0.0.1.evil.example/api/", False),
        ("http://10.0.0.1/api/", False),
        ("http://localhost.evil.example/", False),
    ],
)
def test_only_loopback_is_a_sandbox(env: pytest.MonkeyPatch, url: str, here: bool) -> None:
    env.setenv("SLACK_API_URL", url)
    assert load().in_sandbox is here


def test_missing_tokens_are_told_one_by_one(env: pytest.MonkeyPatch) -> None:
    env.setenv("SLACK_BOT_TOKEN", "xapp-the-wrong-one")
    told = missing_tokens(load())
    assert [sentence.split(":")[0] for sentence in told] == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]
    env.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    env.setenv("SLACK_APP_TOKEN", "xapp-1")
    assert missing_tokens(load()) == []


def test_in_http_mode_the_signing_secret_is_wanted_and_no_app_token(env: pytest.MonkeyPatch) -> None:
    env.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    env.setenv("WATCHBILL_SLACK_MODE", "http")
    assert [sentence.split(":")[0] for sentence in missing_tokens(load())] == ["SLACK_SIGNING_SECRET"]
    env.setenv("SLACK_SIGNING_SECRET", "8f742231b10e8888")
    assert missing_tokens(load()) == []
    assert "8f742231b10e8888" not in repr(load())


def test_settings_never_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().http_port = 1  # type: ignore[misc]


@pytest.mark.parametrize("table", [Settings, SeveritySettings, Component, Groups, Channels, Naming, StatusSettings])
def test_every_field_is_described(table: type[BaseModel]) -> None:
    assert [name for name, field in table.model_fields.items() if not field.description] == []


def test_a_link_to_the_database_leads_to_it(tmp_path: Path) -> None:
    """SQLite writes its log beside the file, not beside the link; so do backups, replica and ballast."""
    there, link = tmp_path / "disk" / "real.db", tmp_path / "watchbill.db"
    link.symlink_to(there)
    settings = Settings().model_copy(update={"database_url": f"sqlite:///{link}"})
    assert settings.database_file == there
    assert settings.backup_folder == there.parent / "backups"
