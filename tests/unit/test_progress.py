"""Progress: readings, names, rates, and the range in which the finish is estimated."""

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.progress import (
    RECENT,
    Estimate,
    Measure,
    Reading,
    Why,
    Withheld,
    estimate,
    nearly,
    rate,
    same_name,
    worst_first,
)
from bot.messages.communication.progress import bar, progress_line, progress_lines

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


def measure(values: Iterable[int], total: int = 900, every: timedelta = HALF_HOUR, name: str = "databases") -> Measure:
    found = tuple(Reading(at=START + every * number, value=value, total=total) for number, value in enumerate(values))
    return Measure(id=1, incident=7, name=name, readings=found)


def as_of_last(made: Measure, minutes: int = 5) -> Estimate | Withheld:
    return estimate(made, made.last.at + timedelta(minutes=minutes))


def given(made: Measure) -> Estimate:
    found = as_of_last(made)
    assert isinstance(found, Estimate), found
    return found


def test_a_steady_series_ends_where_it_will() -> None:
    found = given(measure([100, 150, 200, 250, 300, 350]))
    finish = START + timedelta(hours=2.5) + timedelta(hours=5.5)
    assert found.earliest <= finish <= found.latest
    assert found.latest - found.earliest < timedelta(hours=2)
    assert (found.readings, found.per_hour) == (6, 100)


def test_only_the_recent_readings_count() -> None:
    slow_then_fast = [*range(0, 50, 5), *range(50, 450, 50)]
    assert given(measure(slow_then_fast)).per_hour == 100
    assert given(measure(slow_then_fast)).readings == RECENT


def test_a_total_that_changes_is_the_new_goal() -> None:
    made = measure([100, 150, 200, 250, 300])
    grown = (*made.readings[:-1], Reading(at=made.last.at, value=300, total=1200))
    finish = made.last.at + timedelta(hours=9)
    found = given(Measure(id=1, incident=7, name="databases", readings=grown))
    assert found.earliest <= finish <= found.latest
    assert given(made).latest < found.latest


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([900], Why.DONE),
        ([100, 500, 900], Why.DONE),
        ([100, 200, 300], Why.FEW),
        ([100, 150, 200, 250, 250, 250], Why.STALLED),
        ([250, 250, 250, 250], Why.STALLED),
        ([100, 150, 200, 250, 240], Why.BACK),
        ([400, 300, 200, 100], Why.BACK),
        ([400, 300, 200, 100, 150], Why.BACK),
        ([100, 350, 340, 345, 600, 601], Why.NOISY),
        ([10, 12, 14, 16], Why.FAR),
    ],
)
def test_what_supports_no_estimate_has_none(values: Sequence[int], why: Why) -> None:
    assert as_of_last(measure(values)) == Withheld(why)


def test_readings_too_close_or_too_old_have_none() -> None:
    steady = [100, 150, 200, 250, 300]
    assert as_of_last(measure(steady, every=timedelta(minutes=3))) == Withheld(Why.SHORT)
    assert as_of_last(measure(steady), minutes=91) == Withheld(Why.OLD)
    nearly_done = measure([860, 870, 880, 890, 899])
    assert as_of_last(nearly_done, minutes=60) == Withheld(Why.OLD)


def test_a_total_that_runs_away_has_none() -> None:
    readings = [Reading(at=START + HALF_HOUR * n, value=100 + 50 * n, total=900 + 60 * n) for n in range(6)]
    assert as_of_last(Measure(id=1, incident=7, name="x", readings=tuple(readings))) == Withheld(Why.GROWING)


def simulated(seed: int, chance: float, error: float) -> tuple[Measure, datetime]:
    """Work at a steady mean, minute by minute, read at uneven times with errors; and when it truly ends.

    `chance`: the deviation of an hour's work, `error`: that of a reading, both as shares of an hour's work.
    """
    rng = random.Random(seed)
    total, every = rng.randint(200, 2000), rng.choice([15, 30, 60])
    hourly = total / rng.uniform(6, 30)
    done = [0.0]
    while done[-1] < total:
        done.append(done[-1] + hourly / 60 + rng.gauss(0, chance * hourly / 60**0.5))
    minute = rng.randint(0, len(done) // 2)
    found: list[Reading] = []
    while minute < len(done) - 1 and len(found) < 9:
        value = round(done[minute] + rng.gauss(0, error * hourly))
        at = START + timedelta(minutes=minute)
        found.append(Reading(at=at, value=min(max(value, 0), total - 1), total=total))
        minute += max(3, round(rng.gauss(every, every / 5)))
    return Measure(id=1, incident=7, name="x", readings=tuple(found)), START + timedelta(minutes=len(done) - 1)


@pytest.mark.parametrize(("chance", "error"), [(0.1, 0.0), (0.3, 0.0), (0.5, 0.02), (0.0, 0.05)])
def test_the_range_covers_the_finish_of_steady_work(chance: float, error: float) -> None:
    covered = []
    for seed in range(120):
        made, finish = simulated(seed, chance, error)
        found = as_of_last(made, minutes=0)
        if isinstance(found, Estimate):
            covered.append(found.earliest <= finish <= found.latest)
    assert len(covered) >= 40
    assert sum(covered) / len(covered) >= 0.8


@pytest.mark.parametrize("seed", range(20))
def test_pure_noise_has_no_estimate(seed: int) -> None:
    rng = random.Random(seed)
    made = measure([rng.randint(300, 600) for _ in range(8)])
    assert isinstance(as_of_last(made), Withheld)


def test_rates() -> None:
    assert rate(measure([100, 150, 200])) == 100
    assert rate(measure([200, 150])) == -100
    assert rate(measure([100])) is None


@pytest.mark.parametrize(
    ("typed", "known", "meant"),
    [
        ("shard databases", ["shared databases", "deploys"], "shared databases"),
        ("Shared  Database", ["shared databases"], "shared databases"),
        ("dedicated databases", ["shared databases"], None),
        ("region 1", ["region 2"], None),
        ("deploys", [], None),
    ],
)
def test_a_name_that_is_nearly_known(typed: str, known: list[str], meant: str | None) -> None:
    assert nearly(typed, known) == meant


def test_names_are_the_same_whatever_their_case_and_space() -> None:
    assert same_name(" Shared\u00a0 DATABASES") == same_name("shareddatabases")


def test_what_is_furthest_from_done_comes_first() -> None:
    done, half, little = measure([900], name="a"), measure([450], name="b"), measure([9], name="c")
    assert [one.name for one in worst_first([done, half, little])] == ["c", "b", "a"]


def test_since_when_it_is_done_and_how_it_stood() -> None:
    made = measure([100, 900, 880, 900, 900])
    assert made.done_at == START + 3 * HALF_HOUR
    assert measure([100]).done_at is None
    assert made.as_of(START + timedelta(minutes=40)) == made.readings[1]
    assert made.as_of(START - HALF_HOUR) is None


@pytest.mark.parametrize(
    ("value", "total", "shown"),
    [(0, 900, "▱▱▱▱▱▱▱▱▱▱"), (1, 900, "▰▱▱▱▱▱▱▱▱▱"), (899, 900, "▰▰▰▰▰▰▰▰▰▱"), (3, 3, "▰▰▰▰▰▰▰▰▰▰")],
)
def test_a_bar_is_full_only_when_all_is_done(value: int, total: int, shown: str) -> None:
    assert bar(Reading(at=START, value=value, total=total)) == shown


def test_the_line_says_what_it_is_and_what_is_not_known() -> None:
    made, now = measure([100, 150, 200, 250, 300, 350]), START + timedelta(hours=2.5)

    def clock(at: datetime) -> str:
        return f"{at:%H:%M}"

    line = progress_line(made, now, clock)
    assert line.startswith("*databases* ▰▰▰▱▱▱▱▱▱▱ 350/900 (38 %) · done between ")
    assert line.endswith("(an estimate from the last 6 readings)")
    assert progress_line(measure([100]), now, clock).endswith("100/900 (11 %) · no estimate: too few readings")
    assert progress_line(measure([900]), now, clock).endswith("900/900 (100 %) · done since 08:00")
    lines = progress_lines([measure([n], name=f"m{n}") for n in range(5)], now)
    assert [line[:4] for line in lines] == ["*m0*", "*m1*", "*m2*", "and "]
    assert progress_line(measure([1], name="<!channel> ```x"), now).startswith("*&lt;!channel&gt; '''x*")
