"""The machine's clock is set ahead: what would be due by that alone waits, until Slack's clock agrees."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.domain.clock_step import Belief, heard, seen, sentences
from bot.engine.engine import Engine
from bot.engine.host import Host
from bot.settings import Settings
from storage import reminders
from storage.store import Store
from tests.engine.test_engine import plan_boundary, settled
from tests.support.database import new_store
from tests.support.story import begin

NOON = 1_772_452_800.0
HOUR, DAY, YEAR = 3600.0, 86_400.0, 365 * 86_400.0


class Machine:
    """Two clocks: the one on the wall, and the one that never steps."""

    def __init__(self) -> None:
        self.wall, self.elapsed = NOON, 100.0

    def read(self) -> tuple[float, float]:
        return self.wall, self.elapsed

    def passes(self, seconds: float) -> None:
        """Awake or asleep: both go on."""
        self.wall += seconds
        self.elapsed += seconds

    def set(self, seconds: float) -> None:
        """Somebody sets the clock on the wall."""
        self.wall += seconds


@pytest.mark.parametrize(
    ("passes", "step", "ahead"),
    [
        pytest.param(10.0, 0.0, 0.0, id="nothing"),
        pytest.param(DAY, 0.0, 0.0, id="the machine slept for a day"),
        pytest.param(1.0, 59 * 60.0, 0.0, id="59 minutes are followed"),
        pytest.param(1.0, HOUR + 1, HOUR + 1, id="more than an hour is not"),
        pytest.param(1.0, YEAR, YEAR, id="a year is not"),
        pytest.param(1.0, -HOUR, 0.0, id="an hour back is followed"),
        pytest.param(1.0, -DAY, 0.0, id="a day back is followed"),
        pytest.param(DAY, HOUR + 1, HOUR + 1, id="asleep for a day, and then set"),
    ],
)
def test_which_steps_are_believed(passes: float, step: float, ahead: float) -> None:
    before = Belief(NOON - 100.0)
    belief = seen(before, NOON + passes + step, 100.0 + passes)
    assert belief.ahead == pytest.approx(ahead)
    assert belief.holds == (ahead > 0)
    again = seen(belief, NOON + passes + step + 60, 160.0 + passes)
    assert again.ahead == pytest.approx(ahead), "time goes on, and the step stays what it is"


@pytest.mark.parametrize(
    ("ahead", "slack", "holds"),
    [
        pytest.param(YEAR, 0.0, True, id="Slack has not moved: it was a bad step"),
        pytest.param(YEAR, YEAR, False, id="Slack agrees: the clock was wrong before"),
        pytest.param(YEAR, YEAR - 59, False, id="within a minute is agreement"),
        pytest.param(YEAR, YEAR - 600, True, id="within ten is not"),
        pytest.param(0.0, 0.0, False, id="nothing was ever wrong"),
        pytest.param(0.0, -YEAR, True, id="wrong from the start, and only Slack knows"),
        pytest.param(0.0, -600.0, False, id="ten minutes ahead: a warning, no more"),
        pytest.param(0.0, YEAR, False, id="a year behind: a warning, no more"),
    ],
)
def test_what_slack_says_of_it(ahead: float, slack: float, holds: bool) -> None:
    belief = seen(Belief(NOON - 100.0), NOON + ahead, 100.0)
    told = heard(belief, NOON + ahead, 100.0, NOON + slack)
    assert told.holds == holds
    assert bool(sentences(told)) == (holds or abs(NOON + ahead - (NOON + slack)) > 60)


def test_the_clock_goes_on_by_the_time_it_had_and_tells_when_it_believes_again() -> None:
    machine = Machine()
    clock = SystemClock(read=machine.read)
    told: list[float] = []
    clock.on_move(lambda: told.append(clock.now().timestamp()))
    machine.set(YEAR)
    machine.passes(5)
    assert clock.now().timestamp() == NOON + 5
    clock.heard(NOON + 5)
    assert clock.now().timestamp() == NOON + 5
    assert told == []
    machine.set(-YEAR)
    assert clock.now().timestamp() == NOON + 5
    assert not clock.belief.holds
    machine.set(2 * HOUR)
    assert clock.now().timestamp() == NOON + 5
    clock.heard(NOON + 5 + 2 * HOUR)
    assert told == [NOON + 5 + 2 * HOUR]


def test_the_offset_of_a_sandbox_is_no_step() -> None:
    machine = Machine()
    clock = SystemClock(read=machine.read)
    clock.move_to(timedelta(days=400))
    assert clock.now().timestamp() == NOON + 400 * DAY
    clock.heard(NOON + 400 * DAY)
    assert not clock.belief.holds
    assert clock.now().timestamp() == NOON + 400 * DAY


@pytest.mark.parametrize(
    ("slept", "step", "says", "fires"),
    [
        pytest.param(0.0, YEAR, 0.0, False, id="a year ahead fires nothing"),
        pytest.param(0.0, 2 * HOUR, None, False, id="two hours ahead fire nothing while Slack is away"),
        pytest.param(0.0, 2 * HOUR, 2 * HOUR, True, id="until Slack agrees"),
        pytest.param(2 * HOUR, 0.0, None, True, id="a machine that slept fires at once"),
    ],
)
def test_what_the_engine_settles(slept: float, step: float, says: float | None, fires: bool) -> None:
    machine = Machine()
    clock = SystemClock(read=machine.read)

    async def work(store: Store) -> None:
        engine = Engine(store, clock, Settings(), heartbeat=False, timetable=False)
        await store.run(begin)
        await store.run(plan_boundary)
        machine.passes(slept)
        machine.set(step)
        if says is not None:
            clock.heard(NOON + says)
        await engine.tick()

    with new_store(clock) as store:
        asyncio.run(work(store))
        with store.read() as tx:
            assert (settled(tx)[0] != "pending") == fires
            assert (reminders.due(tx, tx.now) == []) or fires


class Turns(SystemClock):
    """Waiting takes no time: it passes on the machine."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(read=machine.read)
        self.machine = machine

    async def wait(self, event: asyncio.Event, seconds: float | None) -> bool:
        self.machine.passes(seconds or 0.0)
        await asyncio.sleep(0)
        return event.is_set()


def test_slack_is_asked_within_half_a_second_and_again_each_five(store: Store, tmp_path: Path) -> None:
    async def story() -> None:
        machine, stop, asked = Machine(), asyncio.Event(), list[float]()
        clock = Turns(machine)

        async def ask() -> None:
            asked.append(machine.elapsed)
            if len(asked) == 3:
                stop.set()

        here = Settings().model_copy(update={"database_url": f"sqlite:///{tmp_path}/watchbill.db", "ballast_mb": 0})
        machine.passes(3.0)
        machine.set(YEAR)
        await Host(store, clock, here, ask).run(stop)
        assert asked == [103.5, 108.5, 113.5]

    asyncio.run(story())
