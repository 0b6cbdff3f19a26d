"""The boundary: the one place where any exception is caught. A bug is seen in the log, and stops only what it is in."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from structlog.typing import FilteringBoundLogger


@dataclass(slots=True)
class Boundary:
    """What became of the block: `ref` is empty when all went well, else what the log names the failure by."""

    ref: str = ""


@contextmanager
def boundary(log: FilteringBoundLogger, what: str, **about: Any) -> Iterator[Boundary]:
    """Let no exception of the block out; log it with a ref that a person can be told."""
    outcome = Boundary()
    try:
        yield outcome
    except Exception:  # noqa: BLE001 this is what the module is for
        outcome.ref = secrets.token_hex(2)
        log.exception(what, ref=outcome.ref, **about)
