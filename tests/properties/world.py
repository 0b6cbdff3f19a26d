"""A bot without Slack: its actions on a database, a clock moved by hand, and every check after each step."""

from collections import Counter
from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.actions import remind
from bot.actions.command import presence
from bot.actions.duty import duty
from bot.domain.people import Person
from bot.errors import BotError
from bot.settings_tables import CommandSettings, Groups
from storage import incidents, people
from storage.store import Tx
from tests.properties.checks import Held, Step, check
from tests.properties.ladder_checks import check_ladder
from tests.properties.seen import Seen
from tests.support.clock import MovableClock
from tests.support.database import new_store
from tests.support.story import settings

Result = TypeVar("Result")
RESPONDERS = ("UADA00001", "UBOB00001", "UEVE00001", "UFIN00001", "UGUS00001", "UHAL00001")
COMMANDERS = ("UCOM00001", "UCOM00002")
MANAGERS = ("UMON00001", "UMON00002")
GROUPS = Groups(commanders=COMMANDERS, managers=MANAGERS)
EVERYBODY = (*RESPONDERS, *COMMANDERS, *MANAGERS)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")
SECOND = timedelta(seconds=1)
MOST_TICKS = 50


class World:
    """What the state machine drives. `log` is the command log as it must be."""

    def __init__(self) -> None:
        self.clock = MovableClock()
        self.settings = settings(groups=GROUPS, command=CommandSettings(fallback_commander=COMMANDERS[1]))
        self._open = ExitStack()
        self.store = self._open.enter_context(new_store(self.clock))
        self.log: dict[int, list[Held]] = {}
        self.said: Counter[tuple[Any, ...]] = Counter()
        self._read: set[int] = set()
        self.away = False
        self.channels_readable = True
        with self.store.write() as tx:
            for place, person in enumerate(EVERYBODY):
                people.save(tx, _person(person, ZONES[place % len(ZONES)], tx.now))
        self.seen = self._look()

    def close(self) -> None:
        self._open.close()

    def do(
        self,
        what: str,
        action: Callable[[Tx], Result],
        *,
        then: Callable[[Result], object] | None = None,
        moves: Collection[int] = (),
        times: bool = False,
    ) -> bool:
        """Do something in one transaction, catch up, and check; False when it was refused and changed nothing.

        `then` is told what came of it, to keep the log. `moves`, `times`: what it may change of the plan.
        """
        self._a_second_later()
        before = self.seen
        try:
            with self.store.write() as tx:
                result = action(tx)
        except BotError as refused:
            self._check_refused(what, before, refused)
            return False
        if then:
            then(result)
        self._check(what, before, moves=moves, times=times)
        return True

    def _check_refused(self, what: str, before: Seen, refused: BotError) -> None:
        assert refused.user_text, f"{what}: refused without a word"
        assert self._look(before.last_effect).same_as(before), f"{what}: refused, and changed something"

    def tick(self) -> None:
        """Settle what is due, as the engine does."""
        self.away = False
        before = self.seen
        self._check("tick", before)

    def forward(self, to: datetime) -> None:
        """Go to a time, ticking whenever something is due on the way."""
        while (due := self._next_due()) and due <= to:
            self._move_to(due)
            self.tick()
        self.away = False
        self._move_to(to)

    def sleep(self, length: timedelta) -> None:
        """The bot is down: time passes and nothing is done."""
        self._move_to(self.clock.now() + length)
        self.away = True

    def took(self, incident: int, person: str) -> None:
        """Command moves to somebody now; nothing moves when they have it."""
        held = self.log.setdefault(incident, [])
        if held and held[-1].until is None:
            if held[-1].person == person:
                return
            held[-1].until = self.clock.now()
        held.append(Held(person, self.clock.now()))

    def ended(self, incident: int) -> None:
        self.log[incident][-1].until = self.clock.now()

    def _a_second_later(self) -> None:
        """No two things happen at once."""
        if self.away:
            self.sleep(SECOND)
        else:
            self.forward(self.clock.now() + SECOND)

    def _move_to(self, to: datetime) -> None:
        self.clock.move(seconds=max(0.0, (to - self.clock.now()).total_seconds()))
        self.seen = replace(self.seen, now=self.clock.now(), outbox=[])

    def _next_due(self) -> datetime | None:
        return min((row.due_at for row in self.seen.pending()), default=None)

    def _check(self, what: str, before: Seen, *, moves: Collection[int] = (), times: bool = False) -> None:
        if not self.away:
            self._catch_up(what)
            while self._read_channels(before):
                self._catch_up(what)
        self.seen = self._look(before.last_effect)
        step = Step(
            f"{self.clock.now():%a %H:%M:%S} {what}",
            before,
            self.seen,
            self.log,
            self.said,
            moves=moves,
            times=times,
            late=self.away,
        )
        check(step)
        with self.store.read() as tx:
            on_duty = duty.on_duty(tx, tx.now)
        check_ladder(step, COMMANDERS, MANAGERS, on_duty)

    def _catch_up(self, what: str) -> None:
        for _ in range(MOST_TICKS):
            with self.store.write() as tx:
                if not remind.run_due(tx, self.settings):
                    return
        raise AssertionError(f"{what}: what is due never ends")

    def _read_channels(self, before: Seen) -> bool:
        """The relay reads the channels that it is asked to: nobody has said anything there. Whether there were any."""
        rows = self._look(before.last_effect).outbox if self.channels_readable else []
        asked = [row for row in rows if row.kind == "presence" and row.id not in self._read]
        for row in asked:
            self._read.add(row.id)
            with self.store.write() as tx:
                incident = incidents.get(tx, row.incident)
                tenure = presence.reading(tx, incident, row.intent["tenure"], row.intent["number"])
                if tenure:
                    presence.ask(tx, incident, tenure)
        return bool(asked)

    def _look(self, last_effect: int = 0) -> Seen:
        with self.store.read() as tx:
            return Seen.take(tx, last_effect)


def _person(person: str, zone: str, at: datetime) -> Person:
    name = f"{person[1:4].title()} of {zone}"
    return Person(id=person, name=name, zone=zone, deactivated=False, bot=False, foreign=False, fetched_at=at)
