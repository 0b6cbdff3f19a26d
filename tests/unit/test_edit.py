"""Edits: what a person changed in a form, told from what others changed meanwhile."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import edit

values = st.fixed_dictionaries({field: st.sampled_from(["", "a", "b", "c"]) for field in ("title", "call")})


@given(shown=values, written=values, now=values)
def test_only_what_one_changed_is_changed_and_only_what_two_changed_is_stale(
    shown: dict[str, str], written: dict[str, str], now: dict[str, str]
) -> None:
    before = edit.seen(shown, shown)
    changed = edit.changed(before, written, now)
    for field, stood in shown.items():
        assert (field in changed) == (written[field] not in {stood, now[field]})
        assert (field in edit.stale(before, now)) == (now[field] != stood)
    assert changed.items() <= written.items()


def test_a_value_too_long_to_be_shown_is_compared_by_what_was_shown() -> None:
    before = edit.seen({"summary": "long"}, {"summary": "long story"})
    assert edit.changed(before, {"summary": "long"}, {"summary": "long story"}) == {}
    assert edit.stale(before, {"summary": "long story"}) == set()
    assert edit.stale(before, {"summary": "long tale"}) == {"summary"}
