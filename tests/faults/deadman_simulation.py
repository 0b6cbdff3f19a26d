"""The dead-man played thousands of times against a Slack and a host that do their worst, in a second of real time.

    python -m tests.faults.deadman_simulation --handoffs 3000 --seed 7

Each handoff has its own host, which is down about half of the time, and its own Slack, which has an outage in 15 % of
them, loses requests and answers, applies some of them late, and posts what was deleted too late. The bot in it is a few
lines; everything that it decides in time it asks of `bot.domain.fallback`, as the real one does. `--naive` shows what
the freeze is for. Exit status 1 when anybody was never reached, or saw it twice though the bot could have helped it,
or it stands in Slack twice when the host has been back.

A few in ten thousand are cut off: they see it twice until the host is back, which then deletes the copy. No order of
calls prevents it. Before the bot's message stands something must be left with Slack, or to die then is silence; once it
stands nothing may be left; no call of Slack's changes both at once. So there is a moment at which both are there, and
who dies in it (or before the answers that were lost are asked for again) can't take anything back.
"""

import argparse
import random
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.domain.effect import LOOKS, SETTLE
from bot.domain.fallback import (
    TO_TAKE_BACK,
    AfterLook,
    after_look,
    look_at,
    may_be_changed,
    may_be_said,
    post_time,
)

BOUNDARY = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
BEGIN, END = BOUNDARY - timedelta(hours=8), BOUNDARY + timedelta(minutes=90)
GHOST = timedelta(minutes=5)
"""Later than this before its time a deletion is answered `ok`, and Slack posts all the same."""
OUTAGES, LOST_REQUEST, LOST_ANSWER, APPLIED_LATE = 0.15, 0.04, 0.04, 0.02
LATEST = 15.0
"""Seconds by which Slack applies a request late, at most."""
STEP = timedelta(seconds=1)
EVERY = timedelta(seconds=5)
"""How long the bot waits after a call that failed."""
AFTERWARDS = timedelta(minutes=30)
"""By the end of the play the host is back for good; so long it has to put right what it left."""


class Failed(Exception):
    """The answer was lost, and perhaps the request."""


@dataclass
class Slack:
    """One channel of it, in which one handoff is said."""

    dice: random.Random
    outages: list[tuple[datetime, datetime]]
    scheduled: datetime | None = None
    own: datetime | None = None
    by_timer: datetime | None = None
    seen: list[datetime] = field(default_factory=list)
    late: list[tuple[datetime, str]] = field(default_factory=list)
    chance: timedelta = timedelta()
    """How long the bot and Slack were both there after the bot's message, while the fallback could be taken back."""

    def down(self, now: datetime) -> bool:
        return any(begin <= now < end for begin, end in self.outages)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is to come any more."""
        return self.scheduled is None and not self.late

    def pass_time(self, now: datetime, post_at: datetime) -> None:
        """Apply what comes late, and post what is due. Slack's own timer waits for the end of an outage."""
        for due, what in [one for one in self.late if one[0] <= now]:
            self.late.remove((due, what))
            self._apply(what, now, post_at)
        if self.scheduled and now >= post_at and not self.down(now):
            self.by_timer, self.scheduled = now, None
            self.seen.append(now)

    @property
    def is_cut_off(self) -> bool:
        """Whether the bot said it in time, and then one of the two was away before the fallback could be taken back."""
        said = self.own is not None and may_be_changed(post_time(BOUNDARY), self.own)
        return said and self.chance < TO_TAKE_BACK

    def call(self, what: str, now: datetime, post_at: datetime) -> None:
        """Do it, unless it gets lost. Raises Failed when the bot can't know."""
        if self.down(now) or self.dice.random() < LOST_REQUEST:
            raise Failed
        if self.dice.random() < APPLIED_LATE:
            self.late.append((now + timedelta(seconds=self.dice.uniform(1, LATEST)), what))
            raise Failed
        self._apply(what, now, post_at)
        if self.dice.random() < LOST_ANSWER:
            raise Failed

    def ask(self, now: datetime) -> None:
        """Raises Failed when it can't be read."""
        if self.down(now) or self.dice.random() < LOST_REQUEST + LOST_ANSWER:
            raise Failed

    def _apply(self, what: str, now: datetime, post_at: datetime) -> None:
        if what == "leave" and self.scheduled is None and now < post_at:
            self.scheduled = now
        elif what == "take back" and now < post_at - GHOST:
            self.scheduled = None
        elif what == "post":
            self.own = now
            self.seen.append(now)
        elif what == "delete" and self.by_timer:
            self.by_timer = None


@dataclass
class Memory:
    """What the bot's database knows of it: it outlives the process."""

    tried_to_leave: bool = False
    left: bool = False
    taken_back: bool = False
    tried_to_post: bool = False
    said: bool = False
    settled: bool = False
    absences: int = 0
    next_try: datetime = BEGIN


class Bot:
    """Leaves it, says it at the boundary, takes it back; and after a freeze looks, twice, before it says anything."""

    def __init__(self, slack: Slack, *, naive: bool) -> None:
        self._slack, self._naive = slack, naive
        self._post_at = post_time(BOUNDARY)
        self.memory = Memory()

    def step(self, now: datetime) -> None:
        """What a running bot does in this second: what follows from a call that went well follows at once."""
        memory = self.memory
        try:
            while now >= memory.next_try and not self.is_done:
                before = replace(memory)
                self._act(now)
                if before == memory:
                    break
        except Failed:
            memory.next_try = now + EVERY

    @property
    def is_done(self) -> bool:
        """Whether it has nothing more to do about this handoff."""
        return self.memory.said and self.memory.settled

    def _act(self, now: datetime) -> None:
        memory = self.memory
        maybe_left = memory.tried_to_leave and not memory.settled
        if now < BOUNDARY:
            if not memory.left and may_be_changed(self._post_at, now):
                self._leave(now)
        elif not memory.said and (not maybe_left or self._naive or self._must_look() or self._may_say(now)):
            self._say(now)
        elif memory.said and maybe_left and (self._naive or may_be_changed(self._post_at, now)):
            self._slack.call("take back", now, self._post_at)
            memory.settled = True
        elif maybe_left and now >= look_at(self._post_at):
            self._look_after(now)
        elif not maybe_left:
            memory.settled = True

    def _may_say(self, now: datetime) -> bool:
        return may_be_said(self._post_at, now)

    def _must_look(self) -> bool:
        return self.memory.tried_to_post and self.memory.absences < LOOKS

    def _leave(self, now: datetime) -> None:
        memory = self.memory
        if memory.tried_to_leave and not self._absent(now, self._slack.scheduled is None):
            memory.left = True
            return
        if memory.tried_to_leave and memory.absences < LOOKS:
            return
        memory.tried_to_leave, memory.absences = True, 0
        self._slack.call("leave", now, self._post_at)
        memory.left = True

    def _say(self, now: datetime) -> None:
        memory = self.memory
        if self._must_look():
            if not self._absent(now, self._slack.own is None):
                memory.said = True
            return
        memory.tried_to_post, memory.absences = True, 0
        self._slack.call("post", now, self._post_at)
        memory.said = True

    def _look_after(self, now: datetime) -> None:
        memory = self.memory
        found = self._slack.by_timer is not None
        if self._absent(now, not found) and memory.absences < LOOKS:
            return
        memory.absences = 0
        match after_look(found=found, wanted=not memory.said, said=memory.said):
            case AfterLook.ADOPT:
                memory.said = True
            case AfterLook.DELETE:
                self._slack.call("delete", now, self._post_at)
        memory.settled = True

    def _absent(self, now: datetime, absent: bool) -> bool:
        """Look once; whether it is not there. The next look is 20 s later."""
        self._slack.ask(now)
        if absent:
            self.memory.absences += 1
            if self.memory.absences < LOOKS:
                self.memory.next_try = now + SETTLE
        else:
            self.memory.absences = 0
        return absent


@dataclass
class Tally:
    """What came of it."""

    handoffs: int = 0
    never: int = 0
    doubled: int = 0
    cut_off: int = 0
    left_double: int = 0
    by: Counter[str] = field(default_factory=Counter)
    slow: list[float] = field(default_factory=list)

    def add(self, slack: Slack) -> None:
        standing = (slack.own is not None) + (slack.by_timer is not None)
        self.handoffs += 1
        self.never += not any(moment < END for moment in slack.seen)
        twice = len(slack.seen) > 1
        self.doubled += twice and not slack.is_cut_off
        self.cut_off += twice and slack.is_cut_off
        self.left_double += standing > 1
        if slack.seen:
            self.by["Slack's timer" if slack.by_timer == slack.seen[0] else "the bot"] += 1
            self.slow.append((min(slack.seen) - BOUNDARY).total_seconds())

    @property
    def table(self) -> str:
        slow = sorted(self.slow) or [0.0]
        rows = [("handoffs", self.handoffs), ("never reached", self.never), ("seen twice, avoidable", self.doubled)]
        rows += [("left twice", self.left_double), ("seen twice, cut off", self.cut_off)]
        rows += sorted((f"said by {who}", many) for who, many in self.by.items())
        rows += [("seconds, p95", int(slow[int(len(slow) * 0.95)])), ("seconds, worst", int(slow[-1]))]
        return "\n".join(f"{name:<24}{number:>8}" for name, number in rows)


def simulate(handoffs: int, seed: int, *, naive: bool = False) -> Tally:
    """Play so many handoffs."""
    tally = Tally()
    for number in range(handoffs):
        tally.add(_play(random.Random(seed * 1_000_003 + number), naive=naive))
    return tally


def _play(dice: random.Random, *, naive: bool) -> Slack:
    slack = Slack(dice, _outages(dice))
    bot, down = Bot(slack, naive=naive), _downtimes(dice)
    post_at = post_time(BOUNDARY)
    # The night before is dull: from some minutes on every second counts.
    now = BEGIN
    while now < END + AFTERWARDS and not (bot.is_done and slack.is_quiet):
        slack.pass_time(now, post_at)
        if now >= END or not any(begin <= now < end for begin, end in down):
            bot.step(now)
            if slack.own and not slack.down(now) and may_be_changed(post_at, now):
                slack.chance += STEP
        now += STEP if now >= BOUNDARY - timedelta(minutes=2) or now < BEGIN + timedelta(minutes=5) else 60 * STEP
    return slack


def _outages(dice: random.Random) -> list[tuple[datetime, datetime]]:
    if dice.random() >= OUTAGES:
        return []
    begin = BOUNDARY + timedelta(minutes=dice.uniform(-10, 15))
    return [(begin, begin + timedelta(minutes=dice.uniform(0.5, 25)))]


def _downtimes(dice: random.Random) -> list[tuple[datetime, datetime]]:
    """When the host is down, after the fallback could be left: about half of all time around the boundary."""
    found = []
    now = BOUNDARY + timedelta(minutes=dice.uniform(-60, 5))
    while now < END:
        end = now + timedelta(minutes=dice.expovariate(1 / dice.choice((0.5, 5, 30, 120))))
        found.append((now, end))
        now = end + timedelta(minutes=dice.expovariate(1 / dice.choice((0.2, 5, 60))))
    return found


def main() -> int:
    """Play, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--handoffs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--naive", action="store_true", help="without the freeze")
    given = parser.parse_args()
    tally = simulate(given.handoffs, given.seed, naive=given.naive)
    print(tally.table)
    return 1 if tally.never or tally.doubled or tally.left_double else 0


if __name__ == "__main__":
    sys.exit(main())
