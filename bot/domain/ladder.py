"""The ladder: whom to ask, one at a time, when nobody answers a question of command."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.domain.incident import PersonId
from bot.domain.rota import Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Rungs:
    """Who could be asked, rung by rung from the lowest."""

    deputy: Sequence[PersonId] = ()
    on_rota: Sequence[PersonId] = ()
    on_duty: Sequence[PersonId] = ()
    commanders: Sequence[PersonId] = ()
    managers: Sequence[PersonId] = ()

    @property
    def in_order(self) -> tuple[Sequence[PersonId], ...]:
        return (self.deputy, self.on_rota, self.on_duty, self.commanders, self.managers)


def in_turn(shifts: Sequence[Shift]) -> list[PersonId]:
    """Who takes these shifts, each person once, whoever is next first."""
    return list(dict.fromkeys(shift.person for shift in sorted(shifts, key=lambda shift: shift.starts_at)))


def climb(rungs: Rungs, rested: Collection[PersonId], not_these: Collection[PersonId]) -> list[PersonId]:
    """Whom to ask, in order: rung by rung, on each the rested first, each person once, `not_these` left out."""
    ordered = chain.from_iterable(sorted(rung, key=lambda person: person not in rested) for rung in rungs.in_order)
    return [person for person in dict.fromkeys(ordered) if person not in not_these]
