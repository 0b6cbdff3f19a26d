"""The page in an object store: S3 and what speaks like it, or any other that obstore knows.

A bucket has no one stroke by which everything changes: what pages need goes first, then the pages, the first page and
the data behind it, the manifest last. Who dies on the way has changed no manifest, and the next upload does the rest.
"""

import asyncio
import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import obstore
from obstore.store import ObjectStore, from_url

from bot.status.names import DATA, MANIFEST, kind_of

# What comes before its turn would lead to what is not there yet.
_FIRST, _PAGES, _LISTS, _LAST = range(4)
_TURNS = {"index.html": _LAST, DATA: _LAST}
_ASSETS = {".css", ".js", ".svg", ".png", ".jpg"}
_AT_ONCE = 16


def bucket(url: str, **options: Any) -> ObjectStore:
    """The store at `s3://bucket/prefix`, `gs://…`, `az://…`; what opens it is in the environment, as its kind has it.

    `options` are obstore's for that kind. Raises ValueError or an error of obstore for what is none.
    """
    return from_url(url, **options)


async def upload(store: ObjectStore, root: Path) -> int:
    """Bring a bucket to what stands in `root`, a generation of the page; how many files had to be sent.

    Raises obstore's errors when the store can't be reached or refuses: then call it again.
    """
    files: dict[str, str] = json.loads((root / MANIFEST).read_bytes())["files"]
    there = await _manifest(store)
    changed = [name for name, digest in files.items() if there.get(name) != digest]
    for turn in (_FIRST, _PAGES, _LISTS, _LAST):
        await _put_all(store, root, (name for name in changed if _turn(name) == turn))
    if changed or there.keys() - files.keys():
        await _put(store, root, MANIFEST)
    if gone := sorted(there.keys() - files.keys()):
        await obstore.delete_async(store, gone)
    return len(changed)


def _turn(name: str) -> int:
    if name in _TURNS:
        return _TURNS[name]
    if PurePosixPath(name).suffix in _ASSETS and name != "badge.svg":
        return _FIRST
    return _PAGES if name.startswith("incidents/") else _LISTS


async def _manifest(store: ObjectStore) -> Mapping[str, str]:
    """What the bucket holds, as far as its manifest knows; nothing when there is none that can be read."""
    try:
        found = await obstore.get_async(store, MANIFEST)
        files = json.loads(bytes(await found.bytes_async()))["files"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}
    return files if isinstance(files, dict) else {}


async def _put_all(store: ObjectStore, root: Path, names: Iterable[str]) -> None:
    free = asyncio.Semaphore(_AT_ONCE)

    async def put(name: str) -> None:
        async with free:
            await _put(store, root, name)

    async with asyncio.TaskGroup() as group:
        for name in names:
            group.create_task(put(name))


async def _put(store: ObjectStore, root: Path, name: str) -> None:
    content = await asyncio.to_thread((root / name).read_bytes)
    kind = kind_of(name)
    attributes = {"Content-Type": kind, "Cache-Control": "public, max-age=15"}
    await obstore.put_async(store, name, content, attributes=attributes, use_multipart=False)
