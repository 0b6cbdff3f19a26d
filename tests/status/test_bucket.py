"""The page in an object store, in the order in which nobody is led astray, and what is said when it can't be there."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import obstore
import pytest
from obstore.store import MemoryStore, ObjectStore

from bot import check_places
from bot.settings import Settings
from bot.settings_tables import StatusSettings
from bot.status import edit
from bot.status.bucket import Bucket, Unreachable, opened
from bot.status.edit import ByHand
from bot.status.files import Drawing
from bot.status.names import DATA, MANIFEST
from tests.status.pages import CALM, DOWN, NOW
from tests.support.s3_peer import ObjectPeer

URL = "s3://public/status"


def held(store: ObjectStore) -> dict[str, bytes]:
    names = [one["path"] for page in obstore.list(store) for one in page]
    return {name: bytes(obstore.get(store, name).bytes()) for name in names}


def folder(root: Path) -> dict[str, bytes]:
    return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def test_only_what_changed_is_sent_and_what_went_is_taken_away(tmp_path: Path) -> None:
    store, drawing, root = MemoryStore(), Drawing(), tmp_path / "current"
    bucket = Bucket(store)
    edit.renew(tmp_path, DOWN, drawing)
    assert asyncio.run(bucket.upload(root)) == len(folder(root)) - 1
    assert held(store) == folder(root)
    assert asyncio.run(bucket.upload(root)) == 0
    edit.renew(tmp_path, replace(CALM, written_at=NOW.replace(hour=15)), drawing)
    sent = asyncio.run(bucket.upload(root))
    assert sent is not None
    assert 5 < sent < 20
    assert held(store) == folder(root)


def test_what_broke_off_is_done_by_the_next_one(tmp_path: Path) -> None:
    store, root = MemoryStore(), tmp_path / "current"
    bucket = Bucket(store)
    edit.renew(tmp_path, DOWN, Drawing())
    hidden = root / "feed.atom"
    content = hidden.read_bytes()
    hidden.unlink()
    with pytest.raises(FileNotFoundError):
        asyncio.run(bucket.upload(root))
    assert not held(store).keys() & {"index.html", MANIFEST}, "it would lead to what is not there"
    hidden.write_bytes(content)
    asyncio.run(bucket.upload(root))
    assert held(store) == folder(root)
    obstore.put(store, MANIFEST, json.dumps(["no manifest"]).encode())
    asyncio.run(bucket.upload(root))
    assert held(store) == folder(root)


def test_it_lies_there_by_the_environment_and_as_what_it_is(peer: ObjectPeer, tmp_path: Path) -> None:
    root = tmp_path / "current"
    edit.renew(tmp_path, DOWN, Drawing())
    asyncio.run(opened(URL).upload(root))
    assert {name: content for name, (content, _) in peer.held.items()} == {
        f"status/{name}": content for name, content in folder(root).items()
    }
    kinds = {name: peer.held[f"status/{name}"][1]["Content-Type"] for name in ("index.html", "feed.atom", DATA)}
    assert list(kinds.values()) == [
        "text/html; charset=utf-8",
        "application/atom+xml; charset=utf-8",
        "application/json",
    ]
    assert peer.held["status/index.html"][1]["Cache-Control"] == "public, max-age=15"


def test_what_somebody_else_has_put_there_is_seen_before_it_is_written_over(peer: ObjectPeer, tmp_path: Path) -> None:
    bucket, root = opened(URL), tmp_path / "current"
    assert asyncio.run(bucket.of_others()) is None
    edit.renew(tmp_path, DOWN, Drawing())
    asyncio.run(bucket.upload(root))
    assert asyncio.run(bucket.of_others()) is None
    assert asyncio.run(opened(URL).of_others()) == DOWN, "a bot that was just started knows not whose it is"
    edit.publish(tmp_path, ByHand(text="Half of them are back."), NOW)
    peer.held[f"status/{DATA}"] = (root / DATA).read_bytes(), {"ETag": '"of others"'}
    others = asyncio.run(bucket.of_others())
    assert others is not None
    assert [one.update.text for one in edit.strays(others, DOWN)] == ["Half of them are back."]
    peer.held[f"status/{DATA}"] = b"{}", {"ETag": '"nonsense"'}
    assert asyncio.run(bucket.of_others()) is None


def test_why_it_can_not_be_there_is_one_sentence(peer: ObjectPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    def said(url: str = URL, **env: str) -> str:
        with monkeypatch.context() as patched:
            for name, value in env.items():
                patched.setenv(name, value)
            with pytest.raises(Unreachable) as refused:
                asyncio.run(opened(url).try_out())
        return refused.value.user_text

    assert said("s3://nowhere/status") == "NoSuchBucket"
    assert said("az://x") == "Account must be specified"
    assert said(AWS_ACCESS_KEY_ID="AKIAOTHER") == "InvalidAccessKeyId"
    assert said(AWS_ALLOW_HTTP="false") == "its address is plain http: set AWS_ALLOW_HTTP=true if that is meant"
    peer.refuses = True
    assert said() == "AccessDenied"
    peer.down = True
    assert said() == "HTTP error: error sending request"


def test_one_that_hangs_is_given_up(peer: ObjectPeer) -> None:
    peer.hold()
    bucket = Bucket(opened(URL)._store, seconds=0.2)
    with pytest.raises(Unreachable, match="no answer for 0 s"):
        asyncio.run(bucket.try_out())


def test_check_tries_the_bucket_out_and_looks_at_the_logo(peer: ObjectPeer, tmp_path: Path) -> None:
    def told(**chosen: object) -> list[str]:
        status = StatusSettings.model_validate({"folder": tmp_path, **chosen})
        return asyncio.run(check_places.page_problems(Settings().model_copy(update={"status": status})))

    assert told() == told(bucket=URL) == []
    assert peer.held == {}, "nothing is left of the trial"
    peer.refuses = True
    [said] = told(bucket=URL)
    assert said.startswith("status.bucket: nothing can be written to s3://public/status (AccessDenied): check the URL")
    [said] = told(logo=tmp_path / "logo.svg")
    assert said.startswith(f"status.logo: {tmp_path}/logo.svg can't be read (No such file or directory). The page has")
