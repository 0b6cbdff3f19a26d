"""Names of incident channels, for any title and any pattern that settings allow."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.naming import CHANNEL_NAME_LIMIT, DEFAULT_PATTERN, channel_name, slug

PATTERNS = st.sampled_from(
    [DEFAULT_PATTERN, "{number}", "{title}-{number}", "incident_{number}_{title}", "Ops {number}!"]
)
TITLES = (
    st.sampled_from(["x" * 200, "word " * 40]) | st.text(max_size=300) | st.text(alphabet="Äß-_ {}🔥a", max_size=200)
)


@given(PATTERNS, st.integers(1, 10**9), TITLES, st.integers(1, 50))
def test_any_title_makes_a_name_that_slack_takes(pattern: str, number: int, title: str, attempt: int) -> None:
    name = channel_name(pattern, number, title, attempt)
    assert re.fullmatch(r"[a-z0-9_-]{1,80}", name)
    assert str(number) in name
    assert attempt == 1 or name.endswith(f"-{attempt}")


@given(PATTERNS, TITLES)
def test_numbers_and_attempts_make_names_differ(pattern: str, title: str) -> None:
    names = [channel_name(pattern, number, title, attempt) for number in (7, 8) for attempt in (1, 2, 3)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Checkout is down!", "inc-7-checkout-is-down"),
        ("Zürich: naïve café", "inc-7-zurich-naive-cafe"),
        ("データベース", "inc-7"),
        ("-- -- ", "inc-7"),
        ("x" * 200, "inc-7-" + "x" * 74),
    ],
)
def test_the_default_name(title: str, name: str) -> None:
    assert channel_name(DEFAULT_PATTERN, 7, title) == name


def test_a_suffix_fits_into_a_full_name() -> None:
    name = channel_name(DEFAULT_PATTERN, 7, "x" * 200, 12)
    assert len(name) == CHANNEL_NAME_LIMIT
    assert name.endswith("x-12")


@given(st.text())
def test_a_slug_is_made_of_words(text: str) -> None:
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug(text))
