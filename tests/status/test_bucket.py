"""The page in an object store, in the order in which nobody is led astray."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import obstore
import pytest
from obstore.store import MemoryStore, ObjectStore

from bot.status import bucket, edit
from bot.status.files import Drawing
from bot.status.names import MANIFEST
from tests.status.pages import CALM, DOWN, NOW


def held(store: ObjectStore) -> dict[str, bytes]:
    names = [one["path"] for page in obstore.list(store) for one in page]
    return {name: bytes(obstore.get(store, name).bytes()) for name in names}


def folder(root: Path) -> dict[str, bytes]:
    return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def test_only_what_changed_is_sent_and_what_went_is_taken_away(tmp_path: Path) -> None:
    store, drawing, root = MemoryStore(), Drawing(), tmp_path / "current"
    edit.renew(tmp_path, DOWN, drawing)
    assert asyncio.run(bucket.upload(store, root)) == len(folder(root)) - 1
    assert held(store) == folder(root)
    assert asyncio.run(bucket.upload(store, root)) == 0
    edit.renew(tmp_path, replace(CALM, written_at=NOW.replace(hour=15)), drawing)
    assert 5 < asyncio.run(bucket.upload(store, root)) < 20
    assert held(store) == folder(root)


def test_what_broke_off_is_done_by_the_next_one(tmp_path: Path) -> None:
    store, root = MemoryStore(), tmp_path / "current"
    edit.renew(tmp_path, DOWN, Drawing())
    hidden = root / "feed.atom"
    content = hidden.read_bytes()
    hidden.unlink()
    with pytest.raises(ExceptionGroup):
        asyncio.run(bucket.upload(store, root))
    assert not held(store).keys() & {"index.html", MANIFEST}, "it would lead to what is not there"
    hidden.write_bytes(content)
    asyncio.run(bucket.upload(store, root))
    assert held(store) == folder(root)
    obstore.put(store, MANIFEST, json.dumps(["no manifest"]).encode())
    asyncio.run(bucket.upload(store, root))
    assert held(store) == folder(root)
