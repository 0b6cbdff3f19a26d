"""Gathering what a text is made from, at the moment it is sent."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.command import COMMANDER
from bot.domain.effect import Effect
from bot.domain.handoff import Handoff
from bot.domain.incident import PersonId
from bot.domain.overview import Overview
from bot.domain.rota import Shift, shifts_of_person
from bot.engine.effectors.base import Planning
from bot.messages.post import Post
from storage import handoffs, pages, rotas, updates

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")


def post_of(on: Planning, effect: Effect) -> Post:
    """All that the text of this effect may need, as of now. Times are in the zone of the one person it goes to."""
    tx, about, to = on.tx, effect.intent["about"], effect.intent.get("to")
    overview = on.overview(effect)
    handoff = handoffs.find(tx, about["handoff"]) if about.get("handoff") else None
    asked = tuple(handoffs.asked(tx, handoff.id)) if handoff else ()
    shift = rotas.shift(tx, about["shift"]) if about.get("shift") else None
    trade = rotas.trade(tx, about["trade"]) if about.get("trade") else None
    other = rotas.shift(tx, trade.for_shift) if trade and trade.for_shift else None
    update = updates.find(tx, about["update"]) if about.get("update") else None
    sent_by = update.published_by if update else None
    shifts = _shifts(on, overview, str(about.get("role") or COMMANDER), to)
    return Post(
        overview=overview,
        about=about,
        zone=on.zone_of(to),
        to=to,
        shift=shift,
        shifts=tuple(shifts),
        other_shift=other,
        handoff=handoff,
        page=pages.find(tx, about["page"]) if about.get("page") else None,
        update=update,
        asked=asked,
        names=on.names([*_concerned(overview, handoff, shift), *asked, *_named(about), *_mentioned(about), sent_by]),
    )


def post_of_offer(on: Planning, effect: Effect, handoff: Handoff) -> Post:
    """The same for the message of an offer in the channel."""
    overview = on.overview(effect)
    return Post(
        overview=overview,
        about={},
        zone=ZoneInfo("UTC"),
        handoff=handoff,
        names=on.names(_concerned(overview, handoff, None)),
    )


def _concerned(overview: Overview, handoff: Handoff | None, shift: Shift | None) -> list[PersonId | None]:
    """Everybody whom a text may name."""
    found: list[PersonId | None] = [tenure.person for tenure in overview.tenures]
    found += [overview.incident.declared_by, overview.next_shift.person if overview.next_shift else None]
    found += [overview.offer.offered_to if overview.offer else None, shift.person if shift else None]
    found += [person for rota in overview.rotas.values() for person in rota.people]
    return [*found, *([handoff.offered_to, handoff.offered_by, handoff.accepted_by] if handoff else [])]


def _named(about: Mapping[str, Any]) -> list[PersonId | None]:
    return [about.get("by"), about.get("person"), about.get("instead_of")]


def _mentioned(about: Mapping[str, Any]) -> list[PersonId]:
    return _MENTION.findall(str(about.get("words") or ""))


def _shifts(on: Planning, overview: Overview, role: str, to: PersonId | None) -> list[Shift]:
    rota = overview.rotas.get(role)
    if rota is None or to is None:
        return []
    return shifts_of_person(on.shifts(rota), to, on.tx.now)
