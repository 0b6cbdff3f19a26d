"""The replica's place: what Litestream is told of it, and what others are shown."""

import json
import socket
import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.replica import binary, config, environment, fetch_replica, write_config
from bot.settings_loading import SettingsError, load
from bot.settings_tables import Backups
from storage.backup import BackupFailed
from tests.support.s3_peer import BUCKET, object_store

HOST_KEY = "ecdsa-sha2-nistp256 AAAAE2VjZHNh"
installed = pytest.mark.skipif(binary() is None, reason="litestream is not installed: pip install 'watchbill[backup]'")


def test_litestream_is_told_of_keys(tmp_path: Path) -> None:
    place = Backups(litestream_url="sftp://bill@host/db", sftp_key=tmp_path / "key", sftp_host_key=HOST_KEY)
    told = json.loads(config(tmp_path / "watchbill.db", place))["dbs"][0]["replica"]
    assert (told["url"], told["key-path"], told["host-key"]) == ("sftp://bill@host/db", f"{tmp_path}/key", HOST_KEY)
    plain = json.loads(config(tmp_path / "watchbill.db", Backups(litestream_url="s3://bucket/db")))
    assert plain["dbs"][0]["replica"] == {"url": "s3://bucket/db", "sync-interval": "1s"}
    assert "socket" not in plain


@installed
def test_one_that_never_answers_is_given_up(tmp_path: Path) -> None:
    """A rehearsal that waits for ever would be the last one."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = Backups(litestream_url=f"sftp://bill:secret@127.0.0.1:{silent.getsockname()[1]}/db")
        with pytest.raises(BackupFailed, match=r"sftp://bill:….* was not there within 0.5 s"):
            fetch_replica(place, tmp_path / "restored.db", seconds=0.5)


def test_a_host_key_has_a_kind_and_a_value() -> None:
    with pytest.raises(ValidationError):
        Backups(sftp_host_key="SHA256:aGVsbG8")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("s3://bucket/db?endpoint=http://127.0.0.1:9000", "s3://bucket/db?endpoint=http://127.0.0.1:9000"),
        ("sftp://bill@host:2222/db", "sftp://bill@host:2222/db"),
        ("sftp://bill:s%40crit@host:2222/db", "sftp://bill:…@host:2222/db"),
        ("sftp://bill:bill@host/bill:bill", "sftp://bill:…@host/bill:bill"),
        ("", ""),
    ],
)
def test_a_password_is_not_shown(url: str, shown: str) -> None:
    assert Backups(litestream_url=url).replica == shown


@pytest.mark.parametrize(
    "url",
    ["ssh://bill:secret@host/db", "sftp://bill:sec/ret@host/db", "sftp://bill:secret%zz@host/db", "sftp://a:[secret"],
)
def test_nor_is_it_in_the_refusal_of_a_url(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "watchbill.toml"
    file.write_text(f'[backups]\nlitestream_url = "{url}"')
    monkeypatch.setenv("WATCHBILL_CONFIG", str(file))
    with pytest.raises(SettingsError, match=r"^backups.litestream_url: must be s3://") as refused:
        load()
    assert "sec" not in str(refused.value)


@installed
def test_nor_is_it_in_what_litestream_says(tmp_path: Path) -> None:
    place = Backups().model_copy(update={"litestream_url": "sftp://bill:secret%zz@127.0.0.1:1/db"})
    with pytest.raises(BackupFailed, match=r"the replica sftp://bill:…@127.0.0.1:1/db can't be restored") as failed:
        fetch_replica(place, tmp_path / "x.db")
    assert "invalid URL escape" in str(failed.value), "Litestream understood where it is told so"
    assert "secret" not in str(failed.value)


@installed
def test_litestream_reads_the_keys(tmp_path: Path) -> None:
    """It looks at them before it connects: so it says that they are none."""
    place = Backups(litestream_url="sftp://bill@127.0.0.1:1/db", sftp_host_key=HOST_KEY)
    with pytest.raises(BackupFailed, match="cannot parse sftp host key"):
        fetch_replica(place, tmp_path / "x.db")
    place = Backups(litestream_url="sftp://bill@127.0.0.1:1/db", sftp_key=tmp_path / "nowhere")
    with pytest.raises(BackupFailed, match=r"cannot read sftp key path: open \S+/nowhere"):
        fetch_replica(place, tmp_path / "x.db")


def test_its_configuration_is_for_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "litestream.yml"
    file.write_text("an older one, for everybody")
    file.chmod(0o644)
    write_config(file, "secret")
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("secret", 0o600)


def test_litestream_sees_the_keys_of_its_storage_and_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "theirs")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "ours")
    monkeypatch.setenv("WATCHBILL_SECRET_KEY", "ours")
    monkeypatch.setenv("watchbill_status_push", "ours")
    seen = environment()
    assert seen["AWS_SECRET_ACCESS_KEY"] == "theirs"
    assert "ours" not in seen.values()


def test_litestream_is_told_of_our_authorities_in_a_way_that_it_bears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "/etc/ours.pem")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    assert (environment().get("AWS_CA_BUNDLE"), environment()["SSL_CERT_FILE"]) == (None, "/etc/ours.pem")
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/all.pem")
    assert environment()["SSL_CERT_FILE"] == "/etc/all.pem"


@installed
def test_with_them_a_replica_on_s3_is_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ours.pem").write_text("")
    monkeypatch.setenv("AWS_CA_BUNDLE", f"{tmp_path}/ours.pem")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAWRONG")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with object_store() as peer:
        url = f"s3://{BUCKET}/db?endpoint={peer.env['AWS_ENDPOINT_URL']}&region=eu-central-1"
        with pytest.raises(BackupFailed, match="InvalidAccessKeyId"):
            fetch_replica(Backups(litestream_url=url), tmp_path / "x.db")
