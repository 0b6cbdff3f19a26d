"""Edits: what one person changed in a form, told from what others changed while it was open."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2s

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a form showed when it was opened, by field and as fingerprints: what was to be read, and what stood behind.

    The two differ where a value was too long for the form.
    """

    shown: Values
    stood: Values


def fingerprint(text: str) -> str:
    """Equal for equal texts and short for long ones."""
    return blake2s(text.encode(), digest_size=8).hexdigest()


def seen(shown: Values, stood: Values) -> Seen:
    """What a form that shows `shown` for `stood` will have to be compared with."""
    return Seen(*({field: fingerprint(text) for field, text in values.items()} for values in (shown, stood)))


def changed(before: Seen, given: Values, now: Values) -> dict[str, str]:
    """The fields that this person wrote something else into than they were shown and than stands there now."""
    return {
        field: text for field, text in given.items() if fingerprint(text) != before.shown[field] and text != now[field]
    }


def stale(before: Seen, now: Values) -> set[str]:
    """The fields that others changed while the form was open."""
    return {field for field, text in now.items() if fingerprint(text) != before.stood[field]}
