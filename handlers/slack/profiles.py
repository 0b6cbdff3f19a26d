"""People's profiles: asked of Slack when they are first named or have grown old, and kept."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from bot.actions.incident import membership
from bot.clock import Clock
from bot.domain.incident import PersonId
from bot.domain.people import FRESH_FOR
from bot.profile import person_from
from bot.settings import Settings
from bot.slack import Ok, Refused, SlackGateway, within
from storage import people
from storage.store import Store, Tx

_LIMIT_SECONDS = 2.0


class Profiles:
    """The cache of `users.info`."""

    def __init__(self, store: Store, gateway: SlackGateway, clock: Clock, settings: Settings, team: str) -> None:
        self._store, self._gateway, self._clock = store, gateway, clock
        self._settings, self._team = settings, team
        # When each was last fetched, so that a busy person costs no query.
        self._seen: dict[PersonId, datetime] = {}

    async def know(self, wanted: Collection[PersonId]) -> None:
        """Have fresh profiles of these people, as far as Slack answers within two seconds; else old ones serve."""
        unsure = [person for person in set(wanted) if not self._seen_lately(person)]
        if not unsure:
            return
        known = await self._store.view(people.find, unsure)
        for person in known.values():
            self._seen[person.id] = person.fetched_at
        await asyncio.gather(*(self._fetch(person) for person in unsure if not self._seen_lately(person)))

    async def refresh(self) -> None:
        """Ask about everybody on whom something open depends, however fresh: an event may have been missed."""
        wanted = await self._store.view(membership.needed)
        await asyncio.gather(*(self._fetch(person) for person in wanted))

    async def _fetch(self, person: PersonId) -> None:
        outcome = await within(_LIMIT_SECONDS, self._gateway.call("users.info", {"user": person}))
        if isinstance(outcome, Ok):
            await self._store.run(self._save, outcome.data["user"])
        elif isinstance(outcome, Refused) and outcome.error in {"user_not_found", "user_not_visible"}:
            await self._store.run(self._save, {"id": person, "is_stranger": True})
        else:
            return
        self._seen[person] = self._clock.now()

    def _seen_lately(self, person: PersonId) -> bool:
        seen = self._seen.get(person)
        return seen is not None and self._clock.now() - seen < FRESH_FOR

    def _save(self, tx: Tx, user: Mapping[str, Any]) -> None:
        membership.learned(tx, self._settings, person_from(tx, user, self._team))
