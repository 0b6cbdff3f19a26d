"""What a sandbox reaches: nothing that a setting names elsewhere, whichever setting that is."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args

import pytest
from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from bot.settings import Settings
from bot.settings_loading import load
from bot.settings_sandbox import kept_here
from bot.settings_tables import Backups, StatusSettings

HERE, SLACK = "http://127.0.0.1:9000/api/", "https://slack.com/api/"
STORE_HERE = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9000"}
PAGE = "abc123"
# Each setting by which the bot reaches something: values, and which of them stay in a sandbox.
REACHED: Mapping[str, Mapping[str, bool]] = {
    "heartbeat_url": {"https://up.example/hush": False, "http://127.0.0.1:1/hush": True, "http://[::1]/": True},
    "status_push": {
        "json://127.0.0.1:8080/x": True,
        "jsons://user:pass@localhost/x": True,
        "xml://[::1]:9/x": True,
        "slack://hush/B/C": False,
        "json://127.0.0.1.evil.example/x": False,
        "json://status.example/?to=127.0.0.1": False,
        "json://[broken/x": False,
        "mailto://me:hush@localhost/?smtp=smtp.example&to=all@customers.example": False,
        "ntfy://localhost": False,
    },
    "status.statuspage_url": {"https://api.statuspage.io/v1": False, "http://127.0.0.1:1/v1": True},
    "status.bucket": {"s3://public/status": True, "gs://public/status": False, "az://public/status": False},
    "backups.litestream_url": {
        "file:///mnt/db": True,
        "s3://bills/db": False,
        "s3://localhost/db": False,
        "s3://bills/db?endpoint=http://127.0.0.1:9000": True,
        "s3://bills/db?endpoint=https://s3.example": False,
        "s3://bills/db?endpoint=http://127.0.0.1:9000&endpoint=https://s3.example": False,
        "gs://bills/db": False,
        "abs://localhost/db": False,
        "sftp://me:hush@backup.example/db": False,
        "sftp://me:hush@127.0.0.1/db": True,
        "sftp://[broken/db": False,
        "nats://nats.example/db": False,
    },
}
# May hold a URL by its type, and the bot asks nobody there: words, secrets, and links that people follow.
NEVER_ASKED = {
    *("bot_token", "app_token", "signing_secret", "secret_key", "statuspage_key"),
    *("severities.meaning", "roles", "components.title", "status.name", "status.about", "status.links.text"),
    *("public_url", "status.url", "status.links.url"),
    # A time zone, a pattern of names, kinds of URLs that people may give; checked where they are used.
    *("digest.zone", "naming.channel", "paging.schemes"),
    # A file of SQLite. Sandboxes give the bot one of their own: tests/sandbox/test_faults.py.
    "database_url",
    # What makes it a sandbox, and where the bot listens.
    *("slack_api_url", "http_host"),
}


def leaves(table: type[BaseModel], above: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every setting that is no table, by its dotted name."""
    for name, field in table.model_fields.items():
        inner = [one for one in (field.annotation, *get_args(field.annotation)) if _is_table(one)]
        yield from leaves(inner[0], f"{above}{name}.") if inner else [(above + name, field)]


def _is_table(one: Any) -> bool:
    return isinstance(one, type) and issubclass(one, BaseModel)


def may_hold_a_url(field: FieldInfo) -> bool:
    """By its type and pattern; a path of a file is none."""
    kind: Any = Annotated[(field.annotation, "as it is", *field.metadata)]
    adapter = TypeAdapter[Any](kind)
    for url in ("https://a.example/", "s3://a/b", "a.example"):
        for value in (url, [url], {"a": url}):
            try:
                if not isinstance(adapter.validate_python(value), Path):
                    return True
            except ValidationError:
                continue
    return False


def test_every_setting_that_may_hold_a_url_is_considered() -> None:
    found = {name for name, field in leaves(Settings) if may_hold_a_url(field)}
    assert found == REACHED.keys() | NEVER_ASKED, "add it to bot/settings_sandbox.py, or say why it is harmless"


def chosen(setting: str, value: str, api: str) -> Settings:
    """Settings with a page for Statuspage and a folder, where this one has this value."""
    base = {"status": StatusSettings(folder=Path("page"), statuspage_url=HERE, statuspage_page=PAGE)}
    settings = Settings().model_copy(update={**base, "slack_api_url": api})
    table, _, name = setting.rpartition(".")
    if table:
        return settings.model_copy(update={table: getattr(settings, table).model_copy(update={name: value})})
    return settings.model_copy(update={name: SecretStr(value)})


def used(settings: Settings, setting: str) -> str:
    """What is used by this setting; empty: nothing."""
    if setting == "status.statuspage_url":
        return settings.status.statuspage_page and settings.status.statuspage_url
    found: Any = settings
    for name in setting.split("."):
        found = getattr(found, name)
    return str(found.get_secret_value() if isinstance(found, SecretStr) else found)


@pytest.mark.parametrize(("setting", "value"), [(setting, url) for setting, urls in REACHED.items() for url in urls])
def test_a_sandbox_uses_what_is_on_this_machine_only(setting: str, value: str) -> None:
    stays = REACHED[setting][value]
    found = kept_here(chosen(setting, value, HERE), STORE_HERE)
    assert used(found, setting) == (value if stays else "")
    assert len(found.left_out) == (not stays)
    elsewhere = kept_here(chosen(setting, value, SLACK), {})
    assert (used(elsewhere, setting), elsewhere.left_out) == (value, ())


def test_what_is_left_out_is_told_one_by_one_with_its_remedy_and_without_secrets() -> None:
    page = {"statuspage_page": PAGE, "statuspage_components": {"service": "c1c1"}}
    given = {
        "slack_api_url": HERE,
        "heartbeat_url": SecretStr("https://up.example/hush"),
        "status_push": SecretStr("slack://hush/B/C"),
        "status": StatusSettings(folder=Path("page"), bucket="s3://public/status", **page),
        "backups": Backups(litestream_url="sftp://me:hush@backup.example/db"),
    }
    told = kept_here(Settings().model_copy(update=given), {})
    assert sorted(sentence.split(":")[0] for sentence in told.left_out) == [
        "WATCHBILL_HEARTBEAT_URL",
        "WATCHBILL_STATUS_PUSH",
        "backups.litestream_url",
        "status.bucket",
        "status.statuspage_page",
    ]
    assert all("Slack is a sandbox, so" in one and one.endswith("or take the setting out.") for one in told.left_out)
    assert "hush" not in "".join(told.left_out)
    assert told.status.statuspage_components == {}


@pytest.mark.parametrize(
    ("environ", "stays"),
    [
        ({}, False),
        ({"AWS_ENDPOINT_URL": "http://localhost:9000/"}, True),
        ({"aws_endpoint": "http://localhost:9000/"}, True),
        ({"AWS_ENDPOINT_URL": "https://s3.example"}, False),
        ({"AWS_ENDPOINT_URL": "http://localhost:9000/", "AWS_ENDPOINT_URL_S3": "https://s3.example"}, False),
    ],
)
def test_where_a_bucket_is_the_environment_says(environ: Mapping[str, str], stays: bool) -> None:
    found = kept_here(chosen("status.bucket", "s3://public/status", HERE), environ)
    assert (found.status.bucket == "s3://public/status", bool(found.left_out)) == (stays, not stays)


@pytest.mark.parametrize("slack", [HERE, SLACK])
def test_settings_are_loaded_like_that(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, slack: str) -> None:
    for name in os.environ:
        if name.startswith(("WATCHBILL_", "SLACK_")):
            monkeypatch.delenv(name)
    file = tmp_path / "watchbill.toml"
    file.write_text('[backups]\nlitestream_url = "s3://bills/db"')
    monkeypatch.setenv("WATCHBILL_CONFIG", str(file))
    monkeypatch.setenv("SLACK_API_URL", slack)
    monkeypatch.setenv("WATCHBILL_HEARTBEAT_URL", "https://up.example/hush")
    found = load()
    kept = (found.backups.litestream_url, found.heartbeat_url.get_secret_value(), len(found.left_out))
    assert kept == (("", "", 2) if slack == HERE else ("s3://bills/db", "https://up.example/hush", 0))
