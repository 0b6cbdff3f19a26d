"""Command under anything that people, time and a bot that was down can do to it, one after another, in any order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.actions import change, ending, handoff, membership, roles, rota, shifts, taking, trade
from bot.actions.declare import Declaration, declare
from bot.domain.handoff import Taking
from bot.domain.incident import Incident, Severity, State
from bot.domain.people import check_can_act
from storage import incidents, people
from storage.store import Tx
from tests.properties.world import COMMANDERS, EVERYBODY, RESPONDERS, World

MINUTE = timedelta(minutes=1)
HOUR = 60 * MINUTE
somebody = st.sampled_from(EVERYBODY)
teams = st.lists(st.sampled_from(RESPONDERS), min_size=2, max_size=6, unique=True)
lengths = st.sampled_from([8 * HOUR, 8 * HOUR, 4 * HOUR, 2 * HOUR, HOUR, 30 * MINUTE, 24 * HOUR])
# Which of several: 0 is the newest.
which = st.sampled_from([0, 0, 0, 0, 1, 2, 5])
role = st.sampled_from(["ic", "ic", "ic", "communications"])
# Minutes from a boundary, on both sides of each step of the table.
around = st.sampled_from([-61, -60, -31, -29, -16, -14, -1, 0, 1, 9, 11, 14, 16, 26, 31, 61])


def newest(rows: Sequence[Any], which: int) -> Any:
    """The newest of these rows, or one before it; None when there are none."""
    return rows[-1 - which % len(rows)] if rows else None


class Command(RuleBasedStateMachine):
    """Rules are what can happen; the world checks everything after each of them."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    def teardown(self) -> None:
        self.world.close()

    # What the rules ask of the world.

    @property
    def seen(self) -> Any:
        return self.world.seen

    def incident(self, which: int) -> int:
        return int(newest(self.seen.incidents, which).number)

    def acts(self, *people: str) -> bool:
        """Whether these people can click anything."""
        return not set(people) & self.seen.deactivated()

    def upcoming(self, incident: int, role: str) -> list[Any]:
        running = self.seen.running(incident, role)
        shifts = self.seen.shifts_of(running.id) if running else []
        return [row for row in shifts if row.starts_at > self.seen.now]

    def all_upcoming(self, incident: int, role: str) -> set[int]:
        return {row.id for row in self.upcoming(incident, role)}

    def manager_of(self, incident: int) -> str:
        """Who changes the plan: the IC."""
        return self.seen.holder(incident) or COMMANDERS[0]

    # Declaring and ending.

    @initialize(team=teams, length=lengths, severity=st.sampled_from(Severity))
    def begin(self, team: list[str], length: timedelta, severity: Severity) -> None:
        self._declare(team[0], severity, private=False)
        self.start("ic", 0, team, length, 0)

    @precondition(lambda self: len(self.seen.incidents) < 2)
    @rule(by=somebody, severity=st.sampled_from(Severity), private=st.booleans())
    def declares(self, by: str, severity: Severity, private: bool) -> None:
        if self.acts(by):
            self._declare(by, severity, private=private)

    def _declare(self, by: str, severity: Severity, *, private: bool) -> None:
        def action(tx: Tx) -> Incident:
            wanted = Declaration(title="Checkout is down", severity=severity, private=private)
            made = declare(tx, self.world.settings, wanted, by)
            return incidents.change(tx, made.number, channel_id=f"C{made.number:08}")

        self.world.do(f"declare by {by}", action, then=lambda made: self.world.took(made.number, by))

    @rule(which=which, how=st.sampled_from([ending.resolve, ending.cancel]))
    def ends(self, which: int, how: Any) -> None:
        number = self.incident(which)
        by = self.manager_of(number)
        self.world.do(
            f"{how.__name__} INC-{number}",
            lambda tx: how(tx, incidents.get(tx, number), "", by),
            then=lambda _: self.world.ended(number),
        )

    @precondition(lambda self: any(row.ic_tenure is None for row in self.seen.incidents))
    @rule(by=somebody)
    def reopens(self, by: str) -> None:
        number = next(row.number for row in self.seen.incidents if row.ic_tenure is None)
        if self.acts(by) and self.seen.sees(number, by):
            self.world.do(
                f"reopen INC-{number} by {by}",
                lambda tx: ending.reopen(tx, incidents.get(tx, number), by),
                then=lambda _: self.world.took(number, by),
            )

    @rule(which=which, severity=st.sampled_from(Severity))
    def severity(self, which: int, severity: Severity) -> None:
        number = self.incident(which)
        self.world.do(
            f"{severity} INC-{number}",
            lambda tx: change.set_severity(
                tx, self.world.settings, incidents.get(tx, number), severity, self.manager_of(number)
            ),
        )

    @rule(which=which, state=st.sampled_from([State.IDENTIFIED, State.MONITORING]))
    def state(self, which: int, state: State) -> None:
        number = self.incident(which)
        by = self.manager_of(number)
        self.world.do(f"{state} INC-{number}", lambda tx: change.set_state(tx, incidents.get(tx, number), state, by))

    # The rota.

    @rule(role=role, which=which, team=teams, length=lengths, minutes=st.sampled_from([0, 0, 0, 45, 600, 2880]))
    def start(self, role: str, which: int, team: list[str], length: timedelta, minutes: int) -> None:
        number = self.incident(which)

        def action(tx: Tx) -> object:
            _can_act(tx, team)
            anchor = tx.now + minutes * MINUTE if minutes else None
            return rota.start(tx, incidents.get(tx, number), role, team, length, self.manager_of(number), anchor)

        self.world.do(f"start {role} INC-{number} {' '.join(team)} {length} in {minutes}", action)

    @rule(role=role, which=which, who=somebody, leaves=st.booleans())
    def membership_of_rota(self, role: str, which: int, who: str, leaves: bool) -> None:
        number = self.incident(which)

        def action(tx: Tx) -> object:
            incident, by = incidents.get(tx, number), self.manager_of(number)
            if leaves:
                return rota.remove(tx, incident, role, who, by)
            _can_act(tx, [who])
            return rota.add(tx, incident, role, [who], by)

        what = f"{'remove' if leaves else 'add'} {who} {role} INC-{number}"
        self.world.do(what, action, moves=self.all_upcoming(number, role))

    @rule(role=role, which=which, two=st.permutations(RESPONDERS))
    def swap(self, role: str, which: int, two: list[str]) -> None:
        number, (one, other) = self.incident(which), two[:2]
        coming = self.upcoming(number, role)
        first = [next((row.id for row in coming if row.person == person), 0) for person in (one, other)]
        self.world.do(
            f"swap {one} {other} {role} INC-{number}",
            lambda tx: rota.swap(tx, incidents.get(tx, number), role, one, other, self.manager_of(number)),
            moves=first,
        )

    @rule(role=role, which=which, minutes=st.sampled_from([5, 60, 60, 90, 1440]), later_too=st.booleans())
    def extend(self, role: str, which: int, minutes: int, later_too: bool) -> None:
        number = self.incident(which)
        by = self.manager_of(number)
        self.world.do(
            f"extend {role} INC-{number} by {minutes}{' all' if later_too else ''}",
            lambda tx: rota.extend(
                tx, incidents.get(tx, number), role, minutes * MINUTE, by, later_too=later_too
            ),
            times=True,
        )

    @rule(role=role, which=which)
    def stop(self, role: str, which: int) -> None:
        number = self.incident(which)
        by = self.manager_of(number)
        self.world.do(f"stop {role} INC-{number}", lambda tx: rota.stop(tx, incidents.get(tx, number), role, by))

    # What people say of their shifts.

    @rule(role=role, which=which, nth=st.integers(0, 2), word=st.sampled_from(["confirm", "up", "cant", "cant"]), by=somebody)
    def of_shift(self, role: str, which: int, nth: int, word: str, by: str) -> None:
        """The owner of an upcoming shift presses a button, or somebody with that button in hand who is not."""
        coming = self.upcoming(self.incident(which), role)
        if len(coming) <= nth:
            return
        shift = coming[nth]
        by = shift.person if which < 5 else by
        if self.acts(by):
            self.world.do(f"{word} shift {shift.id} by {by}", lambda tx: self._say(tx, word, shift, by))

    @rule(which=st.integers(0, 200), word=st.sampled_from(["confirm", "up", "cant"]), version=st.integers(1, 3))
    def of_any_shift(self, which: int, word: str, version: int) -> None:
        """An old button."""
        shift = newest(self.seen.shifts, which)
        if shift and self.acts(shift.person):
            stale = shift._replace(version=version) if hasattr(shift, "_replace") else shift
            self.world.do(f"{word} shift {shift.id} v{version}", lambda tx: self._say(tx, word, stale, shift.person))

    def _say(self, tx: Tx, word: str, shift: Any, by: str) -> object:
        if word == "cant":
            return shifts.cant(tx, self.world.settings, shift.id, shift.version, by)
        return getattr(shifts, word)(tx, shift.id, shift.version, by)

    @precondition(lambda self: self.seen.trades)
    @rule(which=which, accept=st.booleans(), by=somebody)
    def answers_trade(self, which: int, accept: bool, by: str) -> None:
        asked = newest(self.seen.trades, which)
        by = asked.asked if which < 5 else by
        if not self.acts(by):
            return
        if accept:
            moves = {asked.shift, asked.for_shift}
            self.world.do(f"accept trade {asked.id} by {by}", lambda tx: trade.accept(tx, asked.id, by), moves=moves)
        else:
            self.world.do(
                f"decline trade {asked.id} by {by}",
                lambda tx: trade.decline(tx, self.world.settings, asked.id, by),
            )

    # Handing over and taking.

    @rule(which=which, to=st.none() | somebody)
    def hands_over(self, which: int, to: str | None) -> None:
        number = self.incident(which)
        by = self.manager_of(number)
        self.world.do(
            f"hand INC-{number} to {to}", lambda tx: handoff.hand_over(tx, incidents.get(tx, number), to, by)
        )

    @rule(which=which)
    def withdraws(self, which: int) -> None:
        number = self.incident(which)
        by = self.manager_of(number)
        self.world.do(f"withdraw INC-{number}", lambda tx: handoff.withdraw(tx, incidents.get(tx, number), by))

    @precondition(lambda self: self.seen.handoffs)
    @rule(which=which, accept=st.booleans(), person=st.integers(0, 4), by=somebody)
    def answers_offer(self, which: int, accept: bool, person: int, by: str) -> None:
        """Whom it was offered to answers, or one of those the ladder asked, or anybody."""
        offered = newest(self.seen.handoffs, which)
        asked = [row.person for row in self.seen.asks if row.handoff == offered.id]
        by = [*asked[::-1], offered.offered_to, by][person] if person < len(asked) + 2 else offered.offered_to
        if not self.acts(by):
            return
        if accept:
            self.world.do(
                f"accept handoff {offered.id} by {by}",
                lambda tx: handoff.accept(tx, offered.id, by),
                then=lambda _: self.world.took(offered.incident, by) if offered.role == "ic" else None,
            )
        else:
            self.world.do(
                f"decline handoff {offered.id} by {by}",
                lambda tx: handoff.decline(tx, self.world.settings, offered.id, by),
            )

    @rule(which=which, by=somebody, relieve=st.booleans())
    def takes(self, which: int, by: str, relieve: bool) -> None:
        number = self.incident(which)
        by = COMMANDERS[which % 2] if relieve else by
        if not self.acts(by) or not self.seen.sees(number, by):
            return
        take = taking.relieve if relieve else taking.take
        self.world.do(
            f"{take.__name__} INC-{number} by {by}",
            lambda tx: take(tx, incidents.get(tx, number), by, "on a plane"),
            then=lambda came: self.world.took(number, by) if not isinstance(came, Taking) else None,
        )

    @precondition(lambda self: self.seen.takings)
    @rule(which=which, answer=st.sampled_from(["hand", "keep", "confirm", "confirm"]), by=somebody)
    def answers_taking(self, which: int, answer: str, by: str) -> None:
        asked = newest(self.seen.takings, which)
        who = asked.person if answer == "confirm" else self.seen.holder(asked.incident)
        by = by if which == 5 or who is None else who
        if self.acts(by):
            self.world.do(
                f"{answer} taking {asked.id} by {by}",
                lambda tx: getattr(taking, answer)(tx, asked.id, by),
                then=lambda _: self.world.took(asked.incident, asked.person) if answer != "keep" else None,
            )

    @rule(which=which, role=st.sampled_from(["deputy", "communications"]), to=st.none() | somebody)
    def assigns(self, which: int, role: str, to: str | None) -> None:
        number = self.incident(which)

        def action(tx: Tx) -> object:
            incident, by = incidents.get(tx, number), self.manager_of(number)
            if to is None:
                return roles.unassign(tx, incident, role, by)
            _can_act(tx, [to])
            return roles.assign(tx, incident, role, to, by)

        self.world.do(f"{role} of INC-{number} to {to}", action)

    # Coming, going, and time.

    @rule(which=which, who=somebody, comes=st.booleans())
    def comes_or_leaves(self, which: int, who: str, comes: bool) -> None:
        number = self.incident(which)
        if comes and self.acts(who):
            cause = f"test{self.seen.last_effect}"
            self.world.do(f"{who} joins", lambda tx: membership.join(tx, incidents.get(tx, number), who, cause))
        else:
            channel = f"C{number:08}"
            self.world.do(f"{who} leaves", lambda tx: membership.left(tx, self.world.settings, channel, who))

    @precondition(lambda self: len(self.seen.deactivated()) < 4)
    @rule(who=somebody, the_ic=st.booleans())
    def is_deactivated(self, who: str, the_ic: bool) -> None:
        who = self.manager_of(self.incident(0)) if the_ic else who

        def action(tx: Tx) -> None:
            known = people.get(tx, who)
            assert known
            people.save(tx, replace(known, deactivated=True))
            membership.deactivated(tx, self.world.settings, who)

        if self.acts(who):
            self.world.do(f"{who} is deactivated", action)

    @rule(minutes=st.integers(1, 180))
    def time_passes(self, minutes: int) -> None:
        self.world.forward(self.seen.now + minutes * MINUTE)

    @rule(which=which, role=role, minutes=around)
    def to_a_boundary(self, which: int, role: str, minutes: int) -> None:
        coming = self.upcoming(self.incident(which), role)
        if coming and coming[0].starts_at + minutes * MINUTE > self.seen.now:
            self.world.forward(coming[0].starts_at + minutes * MINUTE)

    @rule(minutes=st.sampled_from([7, 40, 180, 600, 4000]))
    def bot_is_down(self, minutes: int) -> None:
        self.world.sleep(minutes * MINUTE)

    @precondition(lambda self: self.world.away)
    @rule()
    def bot_is_back(self) -> None:
        self.world.tick()


def _can_act(tx: Tx, named: Sequence[str]) -> None:
    """As the commands do before they name anybody."""
    known = people.find(tx, named)
    for person in named:
        check_can_act(known.get(person), person)


TestCommand = Command.TestCase
TestCommand.settings = settings(
    max_examples=30, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
