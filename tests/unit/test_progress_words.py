"""What people type after `progress`, understood or refused with an example."""

import pytest

from bot.errors import WrongWords
from handlers.slack.communication.progress_commands import Typed, read


@pytest.mark.parametrize(
    ("text", "name", "value", "total", "when"),
    [
        ('"shared databases" 412/900', "shared databases", 412, 900, ""),
        ("“shared databases” 412/900 at 14:00", "shared databases", 412, 900, "14:00"),
        ("shared databases 412/900", "shared databases", 412, 900, ""),
        ("shared databases 412 / 900", "shared databases", 412, 900, ""),
        ("shared databases 412 of 900 at yesterday 14:00", "shared databases", 412, 900, "yesterday 14:00"),
        ("shared databases 9,412/12,000", "shared databases", 9412, 12000, ""),
        ("412/900", "", 412, 900, ""),
        ("46%", "", 46, 100, ""),
        ('"x" 46 %', "x", 46, 100, ""),
        ("region 1/2 30/90", "region 1/2", 30, 90, ""),
        ('"phase 1/2" 30/90', "phase 1/2", 30, 90, ""),
        ('"the "big" one" 3/9', 'the "big" one', 3, 9, ""),
        ("new databases 3/9", "new databases", 3, 9, ""),
        ("900/412", "", 900, 412, ""),
    ],
)
def test_a_reading_is_understood(text: str, name: str, value: int, total: int, when: str) -> None:
    typed = read(text)
    assert (typed.name, typed.value, typed.total, typed.when, typed.is_new) == (name, value, total, when, False)


def test_what_is_new_says_so_in_quotes() -> None:
    assert read('new "shard databases" 3/9 at 14:00') == Typed(
        name="shard databases", value=3, total=9, when="14:00", count="3/9 at 14:00", is_new=True
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("shared databases", "How far is it?"),
        ('"shared databases" many', "How far is it?"),
        ("x -3/9", "How far is it?"),
        ("x 1.5/3", "whole numbers"),
        ("x 46.5%", "whole numbers"),
        ("x 3/9 in an hour", "what stands after the count"),
        ("x 1,2/30", "as a number"),
        (f"x {'9' * 10_000}/{'9' * 10_000}", "I count from 0 to 1,000,000,000"),
    ],
)
def test_what_is_no_reading_is_refused_with_an_example(text: str, said: str) -> None:
    with pytest.raises(WrongWords) as refused:
        read(text)
    assert said in refused.value.user_text
    assert '`/incident progress "shared databases" 412/900`' in refused.value.hint
    assert len(refused.value.sentence) < 300
