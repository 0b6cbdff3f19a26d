"""The relay: carries the outbox to Slack. Claim, call once, settle; an uncertain one is looked for before a repeat.

The machine is the one of `docs/adr/0002`: nothing leaves the process that was not committed first, and nothing is
repeated before Slack was asked.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from bot import log
from bot.boundary import Boundary
from bot.clock import Clock
from bot.domain.effect import (
    LONGEST_DELAY,
    LOOKS,
    MOST_BUGS,
    SETTLE,
    Effect,
    EffectState,
    backoff,
    must_look_first,
)
from bot.engine.effectors import EFFECTORS
from bot.engine.effectors.base import PUSH, Call, Done, Drop, Fail, Look, Planning, Retry, Verdict
from bot.engine.errands import product
from bot.engine.looking import Absent, CouldNotLook, Found
from bot.engine.pauses import Pauses
from bot.engine.performing import Job, Performer, Result
from bot.engine.reach import Reach
from bot.errors import DiskFull
from bot.settings import Settings
from bot.slack import NotSent, Ok, Outcome, RateLimited, Refused, SlackGateway, Uncertain
from storage import incidents, outbox, recovery
from storage.store import Store, Tx

_MOST_IN_FLIGHT = 32
# `watchbill outbox retry` writes from another process, which wakes nobody here.
_LOOK_AGAIN = timedelta(seconds=30)
# While the token is refused nothing goes; asking again this often shows when it was mended.
_TOKEN_DELAY = timedelta(seconds=60)
_DISK_SECONDS = 1.0
_BUG = "a bug, see the log"
# What these reach is something else.
_NOT_SLACK = frozenset({"notify", "calendar", "response_url", PUSH})
_log = log.get("relay")
P = ParamSpec("P")
R = TypeVar("R")


class Relay:
    """Run `run` as a task; `wake` it when rows were written."""

    def __init__(self, store: Store, gateway: SlackGateway, clock: Clock, settings: Settings, our_user: str) -> None:
        self._store, self._clock, self._settings = store, clock, settings
        self._performer = Performer(gateway, clock, settings, our_user)
        self._slack = Reach()
        self._awake = asyncio.Event()
        # Whether rows may be there that no claim has seen; else only the time of the next one counts.
        self._unseen = True
        # What a claim that is under way takes is nobody's until it ends.
        self._claiming = False
        self._next_try: datetime | None = None
        self._looked_at = clock.elapsed()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        # What was claimed and has no task yet: a clock that is put forward meanwhile ends its lease. What a claim took
        # that could not be committed stays here too, but is not being sent.
        self._claimed: set[int] = set()
        self._pauses = Pauses()
        # How often each row met a bug. A new process, which may know better, counts anew.
        self._bugs: Counter[int] = Counter()
        self._stopping = False
        self._restored: recovery.Restored | None = None
        self._halt = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()

    @property
    def in_flight(self) -> int:
        return len(self._tasks)

    def is_busy(self) -> bool:
        """Whether something is being sent, or taken to be."""
        return bool(self._tasks) or self._claiming

    def wake(self) -> None:
        self._unseen = True
        self._awake.set()

    async def run(self) -> None:
        """Claim and send until stopped."""
        self._ended.clear()
        try:
            self._restored = await self._store.run(recovery.last)
            while not self._stopping:
                self._awake.clear()
                if self._unseen:
                    self._unseen = False
                    self._looked_at = self._clock.elapsed()
                    self._claiming = True
                    jobs, self._next_try = await self._written(self._claim) or ([], None)
                    self._start(jobs)
                    self._claiming = False
                if not await self._clock.wait(self._awake, self._pause_seconds()):
                    self._unseen = True
        finally:
            self._ended.set()

    def _pause_seconds(self) -> float:
        pause = self._looked_at + _LOOK_AGAIN.total_seconds() - self._clock.elapsed()
        next_try = (self._next_try - self._clock.now()).total_seconds() if self._next_try else pause
        return max(0.0, min(pause, next_try))

    async def stop(self) -> None:
        """Claim nothing more; finish what is in flight."""
        self._stopping = True
        self._halt.set()
        self.wake()
        # A claim that had begun brings what it claimed.
        await self._ended.wait()
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    def _start(self, jobs: list[Job]) -> None:
        for job in jobs:
            task = asyncio.create_task(self._carry(job), name=job.effect.key)
            self._tasks[job.effect.id] = task
            self._claimed.discard(job.effect.id)

    async def _carry(self, job: Job) -> None:
        jobs: list[Job] = []
        with Boundary(_log, "effect broke", effect=job.effect.key) as outcome:
            result = await self._performer.perform(job)
            jobs, self._next_try = await self._written(self._settle_and_claim, job, result) or ([], None)
        if outcome.ref:
            # When not even this can be written, the lease ends by itself.
            with Boundary(_log, "effect not put back", effect=job.effect.key):
                await self._written(self._broke, job.effect)
        # Not before: while it is among the tasks nobody else takes it, and `stop` waits.
        del self._tasks[job.effect.id]
        self._start(jobs)
        if outcome.ref or self._claiming or len(self._tasks) + 1 >= _MOST_IN_FLIGHT:
            # A claim that is under way may have met this row when it was free already and still among the tasks.
            self.wake()
        else:
            # What can go now was claimed above: looking again would find nothing, and cost as much as settling.
            self._awake.set()

    async def _written(self, work: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Run `work` in a transaction; while the disk is full, again each second. None when told to stop meanwhile.

        What Slack has answered stays in hand for as long, so that it need not be looked for afterwards.
        """
        said = False
        while True:
            try:
                return await self._store.run(work, *args, **kwargs)
            except DiskFull as full:
                if not said:
                    _log.warning("nothing can be written", why=full.user_text)
                said = True
            if await self._clock.wait(self._halt, _DISK_SECONDS):
                return None

    # What follows runs inside a transaction, on the writer's thread.

    def _settle_and_claim(self, tx: Tx, job: Job, result: Result) -> tuple[list[Job], datetime | None]:
        """One transaction for both: a hop less between a channel and its card."""
        # What follows from something that a lost bot may have sent, it may have sent too.
        tx.may_be_sent_since = self._restored.doubts(job.effect.first_try_at) if self._restored else None
        self._settle(tx, job, result)
        tx.may_be_sent_since = None
        self._bugs.pop(job.effect.id, None)
        claimed = self._claim(tx, settled=job.effect.id)
        # What was written here was claimed here: waking for it would be a loop.
        tx.wrote_outbox = False
        return claimed

    def _claim(self, tx: Tx, settled: int | None = None) -> tuple[list[Job], datetime | None]:
        busy = (set(self._tasks) | outbox.sending(tx, set(self._claimed))) - {settled}
        jobs: list[Job] = []
        while not self._stopping and (room := _MOST_IN_FLIGHT - len(busy)) > 0:
            found = outbox.sendable(tx, tx.now, busy, room)
            if not found:
                break
            planning = Planning(tx, self._settings)
            claimed = [job for effect in found if (job := self._claim_one(planning, effect))]
            jobs += claimed
            if len(claimed) == len(found) and not tx.wrote_outbox:
                break
            # Once more: a dropped row may have made way for the next of its lane, and planning may promise something.
            busy |= {job.effect.id for job in claimed}
        return jobs, outbox.next_try(tx, tx.now)

    def _claim_one(self, planning: Planning, effect: Effect) -> Job | None:
        tx = planning.tx
        call: Call | Drop | Retry | None = None
        with Boundary(_log, "effect can't be planned", full_disk_passes=True, effect=effect.key):
            call = EFFECTORS[effect.kind].plan(planning, effect)
        if call is None:
            self._broke(tx, effect)
            return None
        if isinstance(call, Drop):
            outbox.settle(tx, effect.id, EffectState.DROPPED, error=call.why)
            return None
        if isinstance(call, Retry):
            outbox.put_back(tx, effect.id, call.delay, "not yet", intent=call.intent)
            return None
        if effect.intent.get("join_first"):
            call = replace(call, joins=call.channel)
        looks = call.look is Look.POSTED or (call.look is not Look.NONE and must_look_first(effect))
        if not looks and (pause := self._pauses.left(call.pauses_with, tx.now, self._clock.elapsed())) > timedelta():
            outbox.put_back(tx, effect.id, pause, "waiting for the rate limit")
            return None
        if not looks:
            self._pauses.take_turn(call.pauses_with, call.apart, tx.now, self._clock.elapsed())
        outbox.claim(tx, effect, may_send=not looks)
        self._claimed.add(effect.id)
        taken = (
            frozenset(incidents.channels_taken(tx)) if looks and call.look is Look.OWN_CHANNELS else frozenset[str]()
        )
        return Job(effect=effect, call=call, looks=looks, claimed=self._clock.elapsed(), taken=taken)

    def _broke(self, tx: Tx, effect: Effect) -> None:
        """Try it again some times; then it is the operator's, and the next of its lane goes."""
        self._bugs[effect.id] += 1
        if self._bugs[effect.id] < MOST_BUGS:
            outbox.put_back(tx, effect.id, backoff(effect.failures + 1), _BUG, failed=True)
            return
        del self._bugs[effect.id]
        _log.error("effect failed", effect=effect.key, error=_BUG)
        outbox.settle(tx, effect.id, EffectState.FAILED, error=_BUG)

    def _settle(self, tx: Tx, job: Job, result: Result) -> None:
        effect = job.effect
        if job.call.method not in _NOT_SLACK:
            self._slack.heard(tx, self._settings, job.call.method, result)
        match result:
            case Ok(data) | Found(data):
                EFFECTORS[effect.kind].done(tx, effect, job.call, data)
                outbox.settle(tx, effect.id, EffectState.SENT, **product(data))
            case Absent():
                # A name is unique: if the first request comes after all, it is refused. Elsewhere Slack is asked twice.
                enough = job.call.look is Look.OWN_CHANNELS or effect.absences + 1 >= LOOKS
                delay = timedelta() if enough else SETTLE
                outbox.put_back(tx, effect.id, delay, "not found there", absences=LOOKS if enough else 1)
            case CouldNotLook(Refused() as refused) if not refused.of_the_token:
                # Where it was sent can't be read any more: what a refusal means there decides, not another look.
                self._refused(tx, job, refused, unsent=False)
            case CouldNotLook(outcome):
                outbox.put_back(tx, effect.id, self._delay(effect, outcome), f"could not look: {outcome}", failed=True)
            case RateLimited(seconds):
                # A longer one is asked about again before its end, rather than believed for a day.
                wait = min(timedelta(seconds=seconds), LONGEST_DELAY)
                self._pauses.begin(job.call.pauses_with, wait, tx.now, self._clock.elapsed())
                outbox.put_back(tx, effect.id, wait, "rate limited", unsent=True)
            case NotSent(why):
                outbox.put_back(tx, effect.id, backoff(effect.failures + 1), why, unsent=True, failed=True)
            case Uncertain(why):
                # What can be looked for is looked for at once; the rest is simply repeated.
                wait = timedelta() if job.call.look is not Look.NONE else backoff(effect.failures + 1)
                outbox.put_back(tx, effect.id, wait, f"uncertain: {why}", failed=True)
            case Refused():
                self._refused(tx, job, result, unsent=True)

    def _refused(self, tx: Tx, job: Job, refused: Refused, *, unsent: bool) -> None:
        effect = job.effect
        if refused.of_the_token:
            outbox.put_back(tx, effect.id, _TOKEN_DELAY, refused.error, unsent=True, failed=True)
            return
        if refused.error == "not_in_channel" and job.call.channel and not job.call.joins:
            # Somebody removed the bot, or the channel is not of its making: a public one it may join.
            joining = {**effect.intent, "join_first": True}
            outbox.put_back(tx, effect.id, timedelta(), refused.error, unsent=unsent, intent=joining)
            return
        verdict: Verdict = EFFECTORS[effect.kind].refused(tx, effect, job.call, refused.error, refused.data)
        match verdict:
            case Done():
                outbox.settle(tx, effect.id, EffectState.SENT)
            case Drop(why):
                outbox.settle(tx, effect.id, EffectState.DROPPED, error=why)
            case Fail(why):
                _log.error("effect failed", effect=effect.key, error=why, answer=refused.data)
                outbox.settle(tx, effect.id, EffectState.FAILED, error=why)
                EFFECTORS[effect.kind].failed(Planning(tx, self._settings), effect, why)
            case Retry(delay, intent, look, why):
                outbox.put_back(tx, effect.id, delay, why or refused.error, unsent=unsent and not look, intent=intent)

    def _delay(self, effect: Effect, outcome: Outcome) -> timedelta:
        seconds = outcome.seconds if isinstance(outcome, RateLimited) else 0.0
        return max(backoff(effect.failures + 1), timedelta(seconds=seconds))
