"""The page in an object store: S3 and what speaks like it, or any other that obstore knows.

A bucket has no one stroke by which everything changes: what pages need goes first, then the pages, the first page and
the data behind it, the manifest last. Who dies on the way has changed no manifest, and the next upload does the rest.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path, PurePosixPath

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from bot.errors import BotError
from bot.status.names import DATA, MANIFEST, kind_of
from bot.status.snapshot import Snapshot, from_json

# What comes before its turn would lead to what is not there yet.
_FIRST, _PAGES, _LISTS, _LAST = range(4)
_TURNS = {"index.html": _LAST, DATA: _LAST}
_ASSETS = {".css", ".js", ".svg", ".png", ".jpg"}
_AT_ONCE = 16
# Of one request with its repetitions: so long may a store be silent, however many files are on their way.
_SECONDS = 30.0
_TRIAL = "watchbill-check.txt"


class Unreachable(BotError):
    """The store refuses, or does not answer."""


def opened(url: str) -> "Bucket":
    """The bucket at `s3://bucket/prefix`, `gs://…`, `az://…`; what opens it is in the environment, as its kind has it.

    Nothing is asked of it yet. Raises Unreachable for what is none.
    """
    try:
        # No options of the client: they would take the place of those in the environment, AWS_ALLOW_HTTP among them.
        return Bucket(from_url(url, retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=_SECONDS / 2)}))
    except (BaseError, ValueError) as error:
        raise Unreachable(_why(error)) from error


class Bucket:
    """A page in a store. `seconds`: how long one request may take."""

    def __init__(self, store: ObjectStore, seconds: float = _SECONDS) -> None:
        self._store, self._seconds = store, seconds
        # The tag of the snapshot that we put there, and what somebody else has put there, as last seen.
        self._ours: str | None = None
        self._others: Snapshot | None = None
        # What an upload that broke off has brought, each with its digest (empty: it may have arrived); and the tag of
        # the manifest that stood there.
        self._brought: dict[str, str] = {}
        self._upon: str | None = None

    async def upload(self, root: Path) -> int | None:
        """Bring it to what stands in `root`, a generation of the page; how many files had to be sent.

        None when somebody has put a snapshot there that `of_others` has not told of: ask that, and call it again.
        Raises Unreachable, or OSError when the generation is gone: call it again with a newer one. What was brought
        until then is not sent again.
        """
        files: dict[str, str] = json.loads((root / MANIFEST).read_bytes())["files"]
        there = {**await self._manifest(), **self._brought}
        changed = {name: digest for name, digest in files.items() if there.get(name) != digest}
        for turn in (_FIRST, _PAGES, _LISTS, _LAST):
            # Until here it may have taken minutes.
            if turn == _LAST and changed and await self._is_news():
                return None
            await self._put_all(root, {name: digest for name, digest in changed.items() if _turn(name) == turn})
        # Before the manifest forgets them.
        gone = sorted(there.keys() - files.keys())
        for name in gone:
            self._brought[name] = ""
            await self._delete(name)
        if changed or gone:
            await self._put_file(root, MANIFEST)
            self._brought = {}
        return len(changed)

    async def _is_news(self) -> bool:
        before = self._others
        found = await self.of_others()
        return found is not None and found != before

    async def of_others(self) -> Snapshot | None:
        """What stands there, when it is not what we put there last: somebody may have written an update into it.

        None when it is ours, or nothing that can be read. Raises Unreachable.
        """
        self._others = await self._not_ours()
        return self._others

    async def _not_ours(self) -> Snapshot | None:
        try:
            async with self._asked():
                if self._ours and (await obstore.head_async(self._store, DATA))["e_tag"] == self._ours:
                    return None
                found = await obstore.get_async(self._store, DATA)
                content = bytes(await found.bytes_async())
            # Of years of incidents, off the loop: a moment in which commands must be answered.
            return await asyncio.to_thread(from_json, content)
        except (FileNotFoundError, ValueError):
            return None

    async def try_out(self) -> None:
        """Write a small file and take it away again. Raises Unreachable."""
        await self._put(_TRIAL, b"Written by `watchbill check`.\n")
        await self._delete(_TRIAL)

    async def _manifest(self) -> Mapping[str, str]:
        """What the bucket holds, as far as its manifest knows; nothing when there is none that can be read."""
        try:
            async with self._asked():
                found = await obstore.get_async(self._store, MANIFEST)
                content = bytes(await found.bytes_async())
            self._believe(found.meta["e_tag"])
            files = json.loads(content)["files"]
        except FileNotFoundError:
            self._believe(None)
            return {}
        except (ValueError, KeyError, TypeError):
            return {}
        return files if isinstance(files, dict) else {}

    def _believe(self, manifest: str | None) -> None:
        """With another manifest than before somebody else was here: what we brought may be gone."""
        if manifest != self._upon:
            self._upon, self._brought = manifest, {}

    async def _put_all(self, root: Path, files: Mapping[str, str]) -> None:
        free = asyncio.Semaphore(_AT_ONCE)

        async def put(name: str, digest: str) -> None:
            async with free:
                # One that breaks off may have arrived all the same.
                self._brought[name] = ""
                await self._put_file(root, name)
                self._brought[name] = digest

        try:
            async with asyncio.TaskGroup() as group:
                for name, digest in files.items():
                    group.create_task(put(name, digest))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed

    async def _put_file(self, root: Path, name: str) -> None:
        tag = await self._put(name, await asyncio.to_thread((root / name).read_bytes))
        if name == DATA:
            self._ours, self._others = tag, None

    async def _put(self, name: str, content: bytes) -> str | None:
        attributes = {"Content-Type": kind_of(name), "Cache-Control": "public, max-age=15"}
        try:
            async with self._asked():
                put = await obstore.put_async(self._store, name, content, attributes=attributes, use_multipart=False)
        except FileNotFoundError as error:
            # There is no such bucket.
            raise Unreachable(_why(error)) from error
        return put["e_tag"]

    async def _delete(self, name: str) -> None:
        with suppress(FileNotFoundError):
            async with self._asked():
                await obstore.delete_async(self._store, name)

    @asynccontextmanager
    async def _asked(self) -> AsyncIterator[None]:
        """Around one request. What is not there is FileNotFoundError, everything else Unreachable."""
        try:
            async with asyncio.timeout(self._seconds):
                yield
        except TimeoutError as error:
            raise Unreachable(f"no answer for {self._seconds:.0f} s") from error
        except BaseError as error:
            raise Unreachable(_why(error)) from error


def _turn(name: str) -> int:
    if name in _TURNS:
        return _TURNS[name]
    if PurePosixPath(name).suffix in _ASSETS and name != "badge.svg":
        return _FIRST
    return _PAGES if name.startswith("incidents/") else _LISTS


def _why(error: Exception) -> str:
    """What a store said, in a few words: obstore prints all that it knows."""
    text = str(error)
    if "BadScheme" in text:
        return "its address is plain http: set AWS_ALLOW_HTTP=true if that is meant"
    if code := re.search(r"<Code>(\w+)</Code>", text):
        return code[1]
    return re.sub(r"^Generic \w+ error: ", "", text.partition("\n")[0].rpartition(" - ")[2])[:200]
