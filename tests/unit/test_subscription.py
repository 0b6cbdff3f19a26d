"""What people type after `subscribe`."""

from datetime import time

import pytest

from bot.domain.incident import Severity
from bot.domain.subscription import Wish, read
from bot.errors import WrongWords

S1, S2, S3, S4 = Severity


@pytest.mark.parametrize(
    ("text", "severities", "times"),
    [
        ("", (), ()),
        ("sev1", (S1,), ()),
        ("sev2, sev1 at 08:00, 18:00", (S1, S2), (time(8), time(18))),
        ("1 and 2 at 8", (S1, S2), (time(8),)),
        ("all at 8am and 6:30pm", (S1, S2, S3, S4), (time(8), time(18, 30))),
        ("at 12am 12pm 8:00 8:00", (), (time(0), time(8), time(12))),
    ],
)
def test_read(text: str, severities: tuple[Severity, ...], times: tuple[time, ...]) -> None:
    assert read(text) == Wish(severities, times)


@pytest.mark.parametrize("text", ["sev5", "sev1 at", "at 25:00", "at 13pm", "at noon", "08:00", "at 1 2 3 4 5 6 7"])
def test_what_can_not_be_read_gets_an_example(text: str) -> None:
    with pytest.raises(WrongWords) as refused:
        read(text)
    assert "/incident subscribe sev1 sev2 at 08:00 18:00" in refused.value.hint
