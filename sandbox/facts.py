"""What Slack's reference says of each Web API method: rate tier, bot scopes, arguments.

The table is `facts.json`, one method a line; an argument with `*` is required.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypedDict


@dataclass(frozen=True, slots=True)
class Method:
    """One Web API method."""

    name: str
    tier: int | None
    """1 to 4; None: the method has a limit of its own."""
    scopes: frozenset[str]
    """Bot scopes: any one is enough, and which one depends on the kind of conversation; empty: none is needed."""
    arguments: frozenset[str]
    """All it takes, `token` included where the reference lists it."""
    required: frozenset[str]
    """Those it can't do without; never `token`."""


class _Line(TypedDict):
    tier: int | None
    scopes: str
    arguments: str


def _method(name: str, line: _Line) -> Method:
    arguments = line["arguments"].split()
    return Method(
        name,
        line["tier"],
        frozenset(line["scopes"].split()),
        frozenset(argument.rstrip("*") for argument in arguments),
        frozenset(argument[:-1] for argument in arguments if argument.endswith("*")),
    )


def _read() -> Mapping[str, Method]:
    lines: dict[str, _Line] = json.loads(Path(__file__).with_name("facts.json").read_text(encoding="utf-8"))
    return MappingProxyType({name: _method(name, line) for name, line in lines.items()})


METHODS: Final[Mapping[str, Method]] = _read()
"""Every method the reference describes, by name."""

BOT_SCOPES: Final[frozenset[str]] = frozenset().union(*(method.scopes for method in METHODS.values()))
"""Every bot scope that some method asks for."""
