"""How alike two texts are, for telling an update that says something from one that only says it again."""

import re

from rapidfuzz import fuzz

_CLOCK = re.compile(r"\b\d{1,2}:\d{2}(?:\s*(?:am|pm))?(?:\s*(?:utc|gmt))?\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d,. ]*\d|\d")
_NOT_WORDS = re.compile(r"[^\w%]+")


def says_the_same(one: str, other: str, threshold: float) -> bool:
    """Whether two texts say nearly the same: alike by `threshold` (0 to 1), and in the same numbers.

    Times of the day don't count: `next update at 15:00` is said each time. Alike is RapidFuzz's normalised indel
    similarity, of the words as they stand and in the order of the alphabet.
    """
    first, second = _CLOCK.sub(" ", one.casefold()), _CLOCK.sub(" ", other.casefold())
    if _numbers(first) != _numbers(second):
        return False
    first, second = _NOT_WORDS.sub(" ", first).strip(), _NOT_WORDS.sub(" ", second).strip()
    return max(fuzz.ratio(first, second), fuzz.token_sort_ratio(first, second)) >= threshold * 100


def _numbers(text: str) -> list[str]:
    return sorted(re.sub(r"[,. ]", "", found) for found in _NUMBER.findall(text))
