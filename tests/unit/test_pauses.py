"""What Slack wants left alone, and for how long."""

from datetime import UTC, datetime, timedelta

from bot.engine.pauses import CALM, Pauses

NOW = datetime(2030, 1, 5, 19, 0, tzinfo=UTC)
APART = timedelta(seconds=1)
NOTHING = timedelta()


def left(pauses: Pauses, after: float, name: str = "C1") -> float:
    return pauses.left(name, NOW + timedelta(seconds=after), after).total_seconds()


def take_turn(pauses: Pauses, after: float, apart: timedelta = APART) -> None:
    pauses.take_turn("C1", apart, NOW + timedelta(seconds=after), after)


def test_a_pause_is_of_one_name_and_ends_on_either_clock() -> None:
    pauses = Pauses()
    pauses.begin("C1", timedelta(seconds=30), NOW, 0.0)
    assert (left(pauses, 10), left(pauses, 30)) == (20, 0)
    assert left(pauses, 10, "C2") == 0
    assert pauses.left("C1", NOW + timedelta(seconds=31), 10.0) < NOTHING
    assert pauses.left("C1", NOW - timedelta(hours=1), 31.0) < NOTHING


def test_two_that_were_on_their_way_are_told_of_one_limit_and_the_longer_counts() -> None:
    pauses = Pauses()
    pauses.begin("C1", timedelta(seconds=30), NOW, 0.0)
    pauses.begin("C1", timedelta(seconds=5), NOW, 0.0)
    assert left(pauses, 10) == 20


def test_turns_are_apart_while_it_is_limited_and_no_longer() -> None:
    pauses = Pauses()
    take_turn(pauses, 0)
    assert left(pauses, 0) == 0, "nobody has limited it"
    pauses.begin("C1", timedelta(seconds=2), NOW, 0.0)
    take_turn(pauses, 2)
    assert left(pauses, 2) == 1
    take_turn(pauses, 3)
    assert left(pauses, 3) == 1
    take_turn(pauses, 4, apart=NOTHING)
    assert left(pauses, 4) == 0, "what has no distance goes as it comes"
    calm = 3 + APART.total_seconds() + CALM.total_seconds()
    take_turn(pauses, calm)
    assert left(pauses, calm) <= 0, "it was left alone for long enough"
