"""Everything that people, time and a bot that was down can do to command, one after another, in any order."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.actions.command import absence, handoff, presence, rota, shifts, taking, trade
from bot.actions.duty import duty
from bot.actions.incident import change, ending, membership, roles
from bot.actions.incident.declare import Declaration, declare, open_by_machine
from bot.domain.duty import Schedule
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
lengths = st.sampled_from([8 * HOUR, 8 * HOUR, 4 * HOUR, 4 * HOUR, 2 * HOUR, 24 * HOUR, 30 * MINUTE])
# Which of several: 0 is the newest, 5 means that anybody does it, not whose affair it is.
which = st.sampled_from([0, 0, 0, 0, 1, 2, 5])
role = st.sampled_from(["ic", "ic", "ic", "communications"])
# Minutes from a boundary, on both sides of each step of the table.
around = st.sampled_from([-61, -59, -31, -29, -16, -14, -1, 0, 1, 9, 11, 14, 16, 26, 31, 61])
NOW = 0


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
        """An incident: an open one, as long as there is one."""
        still_open = [row for row in self.seen.incidents if row.ic_tenure]
        return int(newest(still_open or self.seen.incidents, which).number)

    def acts(self, *people: str) -> bool:
        """Whether these people can click anything."""
        return not set(people) & self.seen.deactivated()

    def upcoming(self, incident: int, role: str) -> list[Any]:
        running = self.seen.running(incident, role)
        shifts = self.seen.shifts_of(running.id) if running else []
        return [row for row in shifts if row.starts_at > self.seen.now]

    def ic(self, incident: int) -> str:
        """Who changes what belongs to command."""
        return self.seen.holder(incident) or COMMANDERS[0]

    def change(self, what: str, number: int, action: Callable[[Tx, Incident], Any], **about: Any) -> bool:
        """Do something to an incident."""
        return self.world.do(f"{what} INC-{number}", lambda tx: action(tx, incidents.get(tx, number)), **about)

    # Declaring and ending.

    @initialize(team=teams, length=lengths, severity=st.sampled_from(Severity))
    def begin(self, team: list[str], length: timedelta, severity: Severity) -> None:
        self.declares(team[0], severity, private=False, by_machine=False)
        self.starts("ic", 0, team, length, NOW)

    @precondition(lambda self: len(self.seen.incidents) < 2)
    @rule(by=somebody, severity=st.sampled_from(Severity), private=st.booleans(), by_machine=st.booleans())
    def declares(self, by: str, severity: Severity, private: bool, by_machine: bool) -> None:
        wanted = Declaration(title="Checkout is down", severity=severity, private=private)

        def action(tx: Tx) -> Incident:
            if by_machine:
                made = open_by_machine(tx, self.world.settings, replace(wanted, private=False, source="alerts"))
            else:
                made = declare(tx, self.world.settings, wanted, by)
            return incidents.change(tx, made.number, channel_id=f"C{made.number:08}")

        if self.acts(by):
            self.world.do(
                f"declare by {'a machine' if by_machine else by}",
                action,
                then=lambda made: self.world.took(made.number, made.declared_by),
            )

    @precondition(lambda self: any(row.ic_tenure is None for row in self.seen.incidents))
    @rule(by=somebody)
    def reopens(self, by: str) -> None:
        number = next(row.number for row in self.seen.incidents if row.ic_tenure is None)
        if self.acts(by) and self.seen.sees(number, by):
            then = lambda _: self.world.took(number, by)  # noqa: E731
            reopen = lambda tx, incident: ending.reopen(tx, self.world.settings, incident, by)  # noqa: E731
            self.change(f"reopen by {by}", number, reopen, then=then)

    @rule(which=which, how=st.sampled_from(["resolve", "cancel", *Severity, State.MONITORING, State.IDENTIFIED]))
    def changes(self, which: int, how: Any) -> None:
        """Another severity or state; one of them is an end."""
        number = self.incident(which)
        by = self.ic(number)
        if isinstance(how, Severity):
            settings = self.world.settings
            self.change(how, number, lambda tx, incident: change.set_severity(tx, settings, incident, how, by))
        elif isinstance(how, State):
            self.change(how, number, lambda tx, incident: change.set_state(tx, incident, how, by))
        elif which == 5:
            end = getattr(ending, how)
            then = lambda _: self.world.ended(number)  # noqa: E731
            self.change(how, number, lambda tx, incident: end(tx, incident, "", by), then=then)

    # The rota.

    @rule(role=role, which=which, team=teams, length=lengths, minutes=st.sampled_from([NOW, NOW, NOW, 45, 600, 2879]))
    def starts(self, role: str, which: int, team: list[str], length: timedelta, minutes: int) -> None:
        number = self.incident(which)
        there = [person for person in team if self.acts(person)]
        if which == 0 and self.seen.running(number, role):
            return

        def action(tx: Tx, incident: Incident) -> object:
            anchor = tx.now + minutes * MINUTE if minutes else None
            return rota.start(tx, incident, role, there, length, self.ic(number), anchor)

        if which == 5:
            self.change(f"stop {role}", number, lambda tx, incident: rota.stop(tx, incident, role, self.ic(number)))
        else:
            self.change(f"start {role} {' '.join(there)} {length} in {minutes}", number, action)

    @rule(role=role, which=which, two=st.permutations(RESPONDERS), how=st.sampled_from(["add", "remove", "swap"]))
    def changes_people(self, role: str, which: int, two: list[str], how: str) -> None:
        number, (one, other), by = self.incident(which), two[:2], self.ic(self.incident(which))
        coming = self.upcoming(number, role)
        moves = {row.id for row in coming}
        if how == "swap":
            moves = {next((row.id for row in coming if row.person == person), 0) for person in (one, other)}

        def action(tx: Tx, incident: Incident) -> object:
            if how == "swap":
                return rota.swap(tx, incident, role, one, other, by)
            if how == "remove":
                return rota.remove(tx, incident, role, one, by)
            _can_act(tx, two[:2])
            return rota.add(tx, incident, role, two[: 1 + which % 2], by)

        self.change(f"{how} {one} {other} {role}", number, action, moves=moves)

    @rule(role=role, which=which, minutes=st.sampled_from([5, 60, 60, 90, 1440]), later_too=st.booleans())
    def extends(self, role: str, which: int, minutes: int, later_too: bool) -> None:
        number, by = self.incident(which), self.ic(self.incident(which))
        self.change(
            f"extend {role} by {minutes}{' all' if later_too else ''}",
            number,
            lambda tx, incident: rota.extend(tx, incident, role, minutes * MINUTE, by, later_too=later_too),
            times=True,
        )

    # What people say of their shifts.

    @rule(role=role, which=which, nth=st.sampled_from([0, 0, 1, 2]))
    def cannot(self, role: str, which: int, nth: int) -> None:
        self.says(role, which, nth, "cant")

    @rule(role=role, which=which, nth=st.sampled_from([0, 0, 1, 2]), word=st.sampled_from(["confirm", "up", "cant"]))
    def says(self, role: str, which: int, nth: int, word: str) -> None:
        """The owner of an upcoming shift presses a button; or of any shift an old one."""
        coming = self.upcoming(self.incident(which), role)
        shift = coming[nth] if len(coming) > nth else None
        if which == 5:
            shift = newest(self.seen.shifts, 7 * nth)
        if shift and self.acts(shift.person):
            version = max(1, shift.version - which % 2)
            self.world.do(f"{word} shift {shift.id} v{version}", lambda tx: self._say(tx, word, shift, version))

    def _say(self, tx: Tx, word: str, shift: Any, version: int) -> object:
        if word == "cant":
            return shifts.cant(tx, self.world.settings, shift.id, version, shift.person)
        return getattr(shifts, word)(tx, shift.id, version, shift.person)

    @precondition(lambda self: self.seen.trades)
    @rule(which=which, accept=st.booleans(), by=somebody)
    def answers_trade(self, which: int, accept: bool, by: str) -> None:
        asked = newest(self.seen.trades, which)
        by = by if which == 5 else asked.asked
        if not self.acts(by):
            return
        if accept:
            moves = {asked.shift, asked.for_shift}
            self.world.do(f"accept trade {asked.id} by {by}", lambda tx: trade.accept(tx, asked.id, by), moves=moves)
        else:
            decline = trade.decline
            settings = self.world.settings
            self.world.do(f"decline trade {asked.id} by {by}", lambda tx: decline(tx, settings, asked.id, by))

    # Handing over and taking.

    @rule(which=which, to=st.none() | somebody)
    def hands_over(self, which: int, to: str | None) -> None:
        number, by = self.incident(which), self.ic(self.incident(which))
        if which == 5:
            self.change("withdraw", number, lambda tx, incident: handoff.withdraw(tx, incident, by))
        else:
            self.change(f"hand to {to}", number, lambda tx, incident: handoff.hand_over(tx, incident, to, by))

    @precondition(lambda self: self.seen.handoffs)
    @rule(which=which, accept=st.booleans(), nth=st.sampled_from([0, 0, 1, 2]), anybody=somebody)
    def answers_offer(self, which: int, accept: bool, nth: int, anybody: str) -> None:
        """Whom it was offered to answers, or one of those the ladder asked, or anybody."""
        still_open = [row for row in self.seen.handoffs if row.state == "open"]
        offered = newest(still_open if still_open and which < 2 else self.seen.handoffs, which)
        asked = [offered.offered_to, *(row.person for row in self.seen.asks if row.handoff == offered.id)]
        by = anybody if which == 5 else newest(asked, nth)
        if not self.acts(by):
            return
        if accept:
            self.world.do(
                f"accept handoff {offered.id} by {by}",
                lambda tx: handoff.accept(tx, offered.id, by),
                then=lambda _: self.world.took(offered.incident, by) if offered.role == "ic" else None,
            )
        else:
            decline, settings = handoff.decline, self.world.settings
            self.world.do(f"decline handoff {offered.id} by {by}", lambda tx: decline(tx, settings, offered.id, by))

    @rule(which=which, by=somebody, relieve=st.booleans())
    def takes(self, which: int, by: str, relieve: bool) -> None:
        number = self.incident(which)
        by = COMMANDERS[which % 2] if relieve else by
        if self.acts(by) and self.seen.sees(number, by):
            take = taking.relieve if relieve else taking.take
            then = lambda came: None if isinstance(came, Taking) else self.world.took(number, by)  # noqa: E731
            self.change(
                f"{take.__name__} by {by}", number, lambda tx, incident: take(tx, incident, by, "on a plane"), then=then
            )

    @precondition(lambda self: self.seen.takings)
    @rule(which=which, answer=st.sampled_from(["confirm", "confirm", "hand", "keep"]), by=somebody)
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
        number, by = self.incident(which), self.ic(self.incident(which))

        def action(tx: Tx, incident: Incident) -> None:
            if to is None:
                roles.unassign(tx, incident, role, by)
            else:
                _can_act(tx, [to])
                roles.assign(tx, incident, role, to, by)

        self.change(f"{role} to {to}", number, action)

    # Who is there.

    @rule(which=which, who=somebody, how=st.sampled_from(["speaks", "speaks", "comes", "leaves", "is deactivated"]))
    def is_there(self, which: int, who: str, how: str) -> None:
        """The IC speaks, leaves or is deactivated; or somebody comes, leaves or is deactivated."""
        number = self.incident(which)
        who = who if which == 5 or how == "comes" else self.ic(number)
        if not self.acts(who) or (how == "is deactivated" and len(self.seen.deactivated()) > 3):
            return
        settings = self.world.settings

        def action(tx: Tx, incident: Incident) -> None:
            known = people.get(tx, who)
            if how == "speaks" and presence.did_something(tx, incident, who):
                absence.spoke(tx, incident, tx.now)
            elif how == "comes":
                membership.join(tx, incident, who, f"test{self.seen.last_effect}")
            elif how == "leaves":
                membership.left(tx, settings, f"C{number:08}", who)
            elif how == "is deactivated" and known:
                people.save(tx, replace(known, deactivated=True))
                membership.deactivated(tx, settings, who)

        self.change(f"{who} {how}", number, action)

    @precondition(lambda self: self.seen.tenures)
    @rule(which=which, here=st.booleans())
    def answers_presence(self, which: int, here: bool) -> None:
        tenure = newest([row for row in self.seen.tenures if row.role == "ic"], which)
        answer = presence.here if here else presence.on_a_call
        if self.acts(tenure.person):
            self.world.do(f"{answer.__name__} {tenure.id}", lambda tx: answer(tx, tenure.id, tenure.person))

    @rule(team=teams, days=st.sampled_from([1, 7]), readable=st.booleans(), what=st.sampled_from(["duty", "channels"]))
    def sets_up(self, team: list[str], days: int, readable: bool, what: str) -> None:
        """Another duty roster; or the channels can be read from now on, or can't."""
        if what == "channels":
            self.world.channels_readable = readable
            return
        there = [person for person in team if self.acts(person)]
        schedule = Schedule(days, self.seen.now.date(), time(9), ZoneInfo("Europe/Berlin"))
        self.world.do(f"duty {' '.join(there)}", lambda tx: duty.set_roster(tx, there, schedule, COMMANDERS[0]))

    # Time.

    @rule(minutes=st.integers(1, 180))
    def time_passes(self, minutes: int) -> None:
        self.world.forward(self.seen.now + minutes * MINUTE)

    @rule(which=which, role=role, minutes=around)
    def to_a_boundary(self, which: int, role: str, minutes: int) -> None:
        coming = self.upcoming(self.incident(which), role)
        if coming and coming[0].starts_at + minutes * MINUTE > self.seen.now:
            self.world.forward(coming[0].starts_at + minutes * MINUTE)

    @rule(minutes=st.sampled_from([7, 7, 40, 40, 180, 600, 4000]))
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
