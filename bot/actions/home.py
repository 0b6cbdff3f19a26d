"""App Home: gathered for one person, from what that person may know."""

from collections.abc import Collection, Mapping

from bot.actions import effects
from bot.actions.duty import duty
from bot.actions.overview import glances
from bot.actions.standing import may_see
from bot.actions.zones import zone_of
from bot.domain.handoff import Handoff, Taking
from bot.domain.home import HomePage, TradeAsked
from bot.domain.incident import Incident, PersonId
from bot.domain.page import Page
from storage import command, handoffs, incidents, pages, people, rotas
from storage.store import Tx

# As many as fit beside everything else.
_OPENED = 20
_LOOKED_AT = 500


def opened(tx: Tx, person: PersonId, cause: str) -> None:
    """Somebody looks at their Home: show how things are, and keep it current from now on."""
    people.opened_home(tx, person)
    effects.publish_home(tx, person, cause)


def home_page(tx: Tx, person: PersonId, *, with_open: bool = True) -> HomePage:
    """Everything that concerns this person now, in open incidents that they may see; those too, if `with_open`."""
    offers = [found for found in handoffs.open_for(tx, person) if person not in handoffs.declined(tx, found.id)]
    takings = [found for found in handoffs.open_takings_of(tx, person) if _is_theirs(tx, found, person)]
    trades = _trades(tx, person)
    paged, shifts = pages.unanswered_by(tx, person), rotas.shifts_of_person(tx, person, tx.now)
    roles = command.held_by(tx, person)
    about = {one.incident for one in offers} | {one.incident for one in takings} | {one.incident for one in paged}
    about |= {one.incident for one in shifts} | {one.incident for one in roles} | {one.shift.incident for one in trades}
    seen = _seen(tx, person, about)
    all_open = incidents.visible(tx, person, open_only=True, limit=_LOOKED_AT) if with_open else []
    worst = sorted(all_open, key=lambda incident: (incident.severity, incident.number))[:_OPENED]
    return HomePage(
        person=person,
        now=tx.now,
        zone=zone_of(tx, person),
        incidents=seen,
        offers=tuple(one for one in offers if one.incident in seen),
        takings=tuple(one for one in takings if one.incident in seen),
        trades=tuple(one for one in trades if one.shift.incident in seen),
        pages=tuple(one for one in paged if one.incident in seen and not _is_about(one, offers)),
        shifts=tuple(one for one in shifts if one.incident in seen),
        roles=tuple(one for one in roles if one.incident in seen),
        on_duty=duty.on_duty(tx, tx.now),
        opened=tuple(glances(tx, worst)),
        more=len(all_open) - len(worst),
    )


def _seen(tx: Tx, person: PersonId, numbers: Collection[int]) -> Mapping[int, Incident]:
    found = [incidents.get(tx, number) for number in sorted(numbers)]
    return {incident.number: incident for incident in found if incident.is_open and may_see(tx, incident, person)}


def _is_theirs(tx: Tx, taking: Taking, person: PersonId) -> bool:
    """Whether it is this person's turn: as the holder who is asked, or as the asker who may take it by now."""
    if taking.person == person:
        return tx.now >= taking.confirm_at
    holder = command.open_tenure(tx, taking.incident, taking.role)
    return holder is not None and holder.person == person


def _trades(tx: Tx, person: PersonId) -> list[TradeAsked]:
    """The trades asked of them whose shift is still to come as it was when they were asked."""
    found: list[TradeAsked] = []
    for trade in rotas.trades_asked_of(tx, person):
        shift = rotas.shift(tx, trade.shift)
        if shift and shift.version == trade.version and shift.starts_at > tx.now:
            own = rotas.shift(tx, trade.for_shift) if trade.for_shift else None
            found.append(TradeAsked(trade=trade, shift=shift, own=own))
    return found


def _is_about(page: Page, offers: Collection[Handoff]) -> bool:
    return page.handoff is not None and page.handoff in {offer.id for offer in offers}
