"""The small language in which the Block Kit vocabulary is written, and its interpreter.

A rule says what a JSON value must be; `problems(value, at)` yields what is wrong with it, `at` being its JSON pointer.
The sentences are Slack's, as far as they are known.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeAlias


class Problem(NamedTuple):
    """One thing that Slack would refuse."""

    pointer: str
    """Where: a JSON pointer into what was checked; empty for the whole."""
    message: str
    error: str | None = None
    """The API error that stands for this alone, such as `view_too_large`; None: the method's general one."""


class Rule(Protocol):
    """What a value must be."""

    def problems(self, value: object, at: str) -> Iterator[Problem]:
        """What is wrong with `value`, which stands at `at`; nothing when it is good."""


Condition: TypeAlias = Callable[[Mapping[str, Any]], str | None]
"""A condition that spans fields: the sentence when it isn't met. Asked only when every field by itself is good."""


@dataclass(frozen=True, slots=True)
class String:
    """A string of `low` to `high` characters (code points), of a form if one is given."""

    high: int | None = None
    low: int = 0
    form: re.Pattern[str] | None = None
    form_is: str = "must match the expected format"

    def problems(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(at, "must provide a string")
        elif len(value) < self.low:
            yield Problem(at, f"must be more than {self.low - 1} characters")
        elif self.high is not None and len(value) > self.high:
            yield Problem(at, f"must be less than {self.high + 1} characters")
        elif self.form and not self.form.fullmatch(value):
            yield Problem(at, self.form_is)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few strings."""

    values: tuple[str, ...]

    def problems(self, value: object, at: str) -> Iterator[Problem]:
        if value not in self.values:
            yield Problem(at, f"must be a valid enum value: {', '.join(self.values)}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `low` to `high`; whole unless `fractions`."""

    low: float | None = None
    high: float | None = None
    fractions: bool = False

    def problems(self, value: object, at: str) -> Iterator[Problem]:
        # True and False are ints to Python, but not to JSON.
        if isinstance(value, bool) or not isinstance(value, (int, float) if self.fractions else int):
            yield Problem(at, "must provide a number" if self.fractions else "must provide an integer")
        elif self.low is not None and value < self.low:
            yield Problem(at, f"must be at least {self.low}")
        elif self.high is not None and value > self.high:
            yield Problem(at, f"must be at most {self.high}")


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def problems(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, bool):
            yield Problem(at, "must provide a boolean")


@dataclass(frozen=True, slots=True)
class Items:
    """An array of `low` to `high` items, each of them good."""

    item: Rule
    low: int = 0
    high: int | None = None

    def problems(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(at, "must provide an array")
            return
        if len(value) < self.low:
            yield Problem(at, f"no less than {self.low} items allowed")
        if self.high is not None and len(value) > self.high:
            yield Problem(at, f"no more than {self.high} items allowed")
        for index, item in enumerate(value):
            yield from self.item.problems(item, f"{at}/{index}")


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: fields it must have, fields it may have, none else, and conditions that span them."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()

    def problems(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(at, "must provide an object")
            return
        found = [*self._missing(value, at), *self._fields(value, at)]
        yield from found
        if not found:
            yield from (Problem(at, said) for condition in self.conditions if (said := condition(value)))

    def _missing(self, value: Mapping[str, object], at: str) -> Iterator[Problem]:
        return (Problem(at, f"missing required field: {name}") for name in self.required if name not in value)

    def _fields(self, value: Mapping[str, object], at: str) -> Iterator[Problem]:
        for name, held in value.items():
            rule = self.required.get(name) or self.optional.get(name)
            if rule is None:
                yield Problem(at, f"invalid additional property: {name}")
            else:
                yield from rule.problems(held, f"{at}/{_escaped(name)}")


@dataclass(frozen=True, slots=True)
class Kinds:
    """An object whose `type` names its shape."""

    shapes: Mapping[str, Shape]

    def problems(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(at, "must provide an object")
        elif "type" not in value:
            yield Problem(at, "missing required field: type")
        elif not isinstance(value["type"], str) or value["type"] not in self.shapes:
            yield Problem(f"{at}/type", f"unsupported type: {value['type']}")
        else:
            shape = self.shapes[value["type"]]
            yield from shape.problems({name: held for name, held in value.items() if name != "type"}, at)

    def only(self, *names: str) -> "Kinds":
        """These kinds and no others. A name that isn't there is a mistake in the vocabulary: KeyError."""
        return Kinds({name: self.shapes[name] for name in names})


def exactly_one(*names: str) -> Condition:
    """The condition that one of these fields is there, and only one."""

    def condition(value: Mapping[str, Any]) -> str | None:
        there = sum(name in value for name in names)
        return None if there == 1 else f"must provide exactly one of: {', '.join(names)}"

    return condition


def at_least_one(*names: str) -> Condition:
    """The condition that one of these fields is there, or several."""

    def condition(value: Mapping[str, Any]) -> str | None:
        return None if any(name in value for name in names) else f"must provide at least one of: {', '.join(names)}"

    return condition


def not_both(one: str, other: str) -> Condition:
    """The condition that two fields aren't there together."""
    return lambda value: f"must provide {one} or {other}, not both" if one in value and other in value else None


def ordered(low: str, high: str) -> Condition:
    """The condition that one number isn't above another, when both are there."""

    def condition(value: Mapping[str, Any]) -> str | None:
        if low in value and high in value and float(value[low]) > float(value[high]):
            return f"{low} must not be more than {high}"
        return None

    return condition


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
