"""The boundary: the one place where any exception is caught. A bug is seen in the log, and stops only what it is in."""

import secrets
from collections.abc import Awaitable
from types import TracebackType
from typing import Any

from structlog.typing import FilteringBoundLogger

from bot.errors import disk_full_in


class Boundary:
    """`with Boundary(log, "effect broke", effect=key) as outcome:` lets no exception of the block out.

    It is logged under a ref that a person can be told: `outcome.ref`, empty when all went well.
    """

    def __init__(self, log: FilteringBoundLogger, what: str, *, full_disk_passes: bool = False, **about: Any) -> None:
        """`full_disk_passes`: inside a transaction a full disk is no bug of the block, and whoever began it waits."""
        self._log, self._what, self._about = log, what, about
        self._full_disk_passes = full_disk_passes
        self.ref = ""

    def __enter__(self) -> "Boundary":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        # Cancelling and ending the process are not bugs.
        if not isinstance(error, Exception):
            return False
        if self._full_disk_passes and (full := disk_full_in(error)):
            raise full
        self.ref = secrets.token_hex(2)
        self._log.error(self._what, ref=self.ref, exc_info=(kind, error, trace), **self._about)
        return True


async def bounded(work: Awaitable[object], log: FilteringBoundLogger, what: str, **about: Any) -> None:
    """Do `work` as a task of its own may be done that nobody waits for: what goes wrong in it is logged."""
    with Boundary(log, what, **about):
        await work
