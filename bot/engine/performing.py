"""Doing what a claimed effect asks for, once, or looking whether it was done: the part of the relay with a network."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.domain.effect import LEASE, Effect
from bot.engine import pushing
from bot.engine.effectors.base import Call, Look
from bot.engine.errands import errand
from bot.engine.looking import LookResult, look
from bot.engine.notifying import NOTICE_SECONDS, Notifier
from bot.settings import Settings
from bot.slack import LIMIT_SECONDS, NotSent, Outcome, RateLimited, SlackGateway, Uncertain

Result = Outcome | LookResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A claimed row: what to call, whether to look first, and when it was claimed."""

    effect: Effect
    call: Call
    looks: bool
    claimed: float
    taken: frozenset[str] = frozenset()


class Performer:
    """Does jobs. Make it inside the running loop."""

    def __init__(self, gateway: SlackGateway, clock: Clock, settings: Settings, our_user: str) -> None:
        self._gateway, self._clock, self._our_user = gateway, clock, our_user
        self._notifier = Notifier(settings.spool)

    async def perform(self, job: Job) -> Result:
        """Do it, once, or look for it; what came of it. A request is begun while the lease has time for it."""
        call = job.call
        if call.look is Look.SPOOL:
            return await self._notify(job)
        if job.looks:
            if call.look is Look.STATUSPAGE:
                return await pushing.look(call)
            since = job.effect.first_try_at or self._clock.now()
            return await look(self._gateway, call, since, self._our_user, job.taken)
        if self._left(job) < 0:
            return NotSent("the machine stood still after the claim")
        if call.joins and isinstance(
            joined := await self._gateway.call("conversations.join", {"channel": call.joins}),
            RateLimited | NotSent | Uncertain,
        ):
            return NotSent(f"could not join: {joined}")
        done = await errand(self._gateway, call, self._clock.now(), self._our_user, self._left(job))
        return done if done is not None else await self._gateway.call(call.method, call.arguments)

    def _left(self, job: Job) -> float:
        """How many seconds of its lease are left, without those of one request to Slack."""
        return LEASE.total_seconds() - LIMIT_SECONDS - (self._clock.elapsed() - job.claimed)

    async def _notify(self, job: Job) -> Result:
        if job.looks:
            return await self._notifier.look(job.call.marker)
        seconds = LEASE.total_seconds() - NOTICE_SECONDS - (self._clock.elapsed() - job.claimed)
        return await self._notifier.send(job.call.marker, job.call.arguments, seconds)
