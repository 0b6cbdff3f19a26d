"""The spool: what became of each notice, kept by the process that sends it.

A mail server can't be asked whether it has a mail, as Slack can. So a notice is sent by a process of its own that
outlives the bot, and writes here what came of it. Whoever sends the same notice again finds that and sends nothing:
only when the sender itself dies in the middle is a notice sent twice, since to be woken twice beats sleeping on.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.durable import sync

# Longer than the outbox can be unsure of a row.
KEPT_SECONDS = 2 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Sent:
    """It went out; or, with a clause that says why, it did not and is not tried again under this key."""

    failure: str = ""


class Busy(Exception):
    """Somebody is sending it right now."""


class Spool:
    """One notice in a folder of them. The names are hashes: nothing of what was said is kept."""

    def __init__(self, folder: Path, key: str) -> None:
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        self._folder, self._lock, self._ended = folder, folder / f"{name}.lock", folder / f"{name}.ended"

    def read(self) -> Sent | None:
        """What came of it; None when it was never begun, or its sender died. Raises Busy."""
        if self._lock.exists() and self.read_ended() is None:
            with self.sending():
                pass
        return self.read_ended()

    def read_ended(self) -> Sent | None:
        """What came of it; None when it has not ended."""
        try:
            return Sent(**json.loads(self._ended.read_text()))
        except FileNotFoundError:
            return None

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Be the only one who sends it, for as long as the block runs, however the process ends. Raises Busy."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._lock.open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Busy from error
            yield

    def end(self, sent: Sent) -> None:
        """Keep what came of it. On disk when this returns."""
        draft = self._ended.with_suffix(f".{os.getpid()}")
        with draft.open("w") as file:
            json.dump({"failure": sent.failure}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self._ended)
        sync(self._folder)


def forget(folder: Path, now: float) -> None:
    """Delete what is older than anybody could ask for; `now` in seconds since the epoch."""
    with suppress(FileNotFoundError):
        for file in folder.iterdir():
            if now - file.stat().st_mtime > KEPT_SECONDS:
                file.unlink(missing_ok=True)
