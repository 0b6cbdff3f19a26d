"""What waits for somebody, as sentences with buttons: offers, pages, takings, shifts about to begin, are you there?"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.actions.command import presence
from bot.actions.home import home_page
from bot.domain.command import COMMANDER, role_name
from bot.domain.handoff import OF_THE_HOLDER, Handoff, HandoffKind, Taking
from bot.domain.home import HomePage
from bot.domain.incident import Incident
from bot.domain.page import Page
from bot.domain.rota import Shift
from handlers.web.reader import Moment, Reader
from storage import pages


@dataclass(frozen=True, slots=True)
class Press:
    """A button: what it says, which deed it does, and about what."""

    label: str
    deed: str
    about: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question to this person; `at` follows the sentence."""

    incident: Incident
    text: str
    presses: tuple[Press, ...]
    at: Moment | None = None


def waiting(reader: Reader, page: HomePage) -> list[Waiting]:
    """All that is asked of them, what is most urgent first."""
    paged = pages.unanswered_by(reader.tx, reader.person)
    found = [_offer(reader, page, one, paged) for one in page.offers]
    found += [_taking(reader, page, one) for one in page.takings]
    found += [_up(reader, page, one) for one in page.shifts if page.is_paged_for(one)]
    asked_up = {one.id for one in page.shifts}
    found += [_paged(reader, page, one) for one in page.pages if one.about.get("shift") not in asked_up]
    return found + list(_presence(reader, page))


def of(reader: Reader, *, with_open: bool) -> tuple[HomePage, list[Waiting]]:
    """Everything that concerns this person, with what is open or without, and of it what waits for them."""
    page = home_page(reader.tx, reader.person, with_open=with_open)
    return page, waiting(reader, page)


def _offer(reader: Reader, page: HomePage, handoff: Handoff, paged: list[Page]) -> Waiting:
    role, number = role_name(handoff.role), str(handoff.id)
    presses = [Press(f"I have {role}", "accept", number, main=True), Press("I can't", "decline", number)]
    if any(one.handoff == handoff.id for one in paged):
        presses.append(Press("I'm on it", "heard", str(handoff.incident)))
    incident = page.incidents[handoff.incident]
    at = reader.at(handoff.boundary_at) if handoff.kind is HandoffKind.BOUNDARY else None
    return Waiting(incident, _why(reader, handoff, incident, role), tuple(presses), at)


def _why(reader: Reader, handoff: Handoff, incident: Incident, role: str) -> str:
    """Why they are asked, in a sentence."""
    if handoff.offered_to != reader.person:
        return f"{role.capitalize()} needs you: {reader.name(handoff.offered_to)} has not answered."
    match handoff.kind:
        case HandoffKind.BOUNDARY:
            return f"Your shift in {role} has begun."
        case HandoffKind.OFFER:
            return f"{reader.name(handoff.offered_by)} offers you {role}."
        case HandoffKind.CONFIRM:
            return f"It was opened by {incident.source}, and you are its IC. Nobody is at it until you confirm."
        case HandoffKind.PRESENCE | HandoffKind.TAKING:
            return f"You have {role} and did not answer; others are asked."
    return f"You are offered {role}."


def _taking(reader: Reader, page: HomePage, taking: Taking) -> Waiting:
    incident, number, role = page.incidents[taking.incident], str(taking.id), role_name(taking.role)
    if taking.person == reader.person:
        text = f"{reader.name(taking.holder)} has not answered. You may take {role}."
        return Waiting(incident, text, (Press(f"Take {role} now", "take", number, main=True),))
    text = f"{reader.name(taking.person)} asks you for {role}: {reader.typed(taking.reason)}"
    return Waiting(incident, text, (Press("Hand over", "hand", number, main=True), Press("I keep it", "keep", number)))


def _up(reader: Reader, page: HomePage, shift: Shift) -> Waiting:
    about = f"{shift.id}:{shift.version}"
    presses = (Press("I'm up", "up", about, main=True), Press("I can't", "cant", about))
    text = f"Are you up? You take {role_name(shift.role)}"
    return Waiting(page.incidents[shift.incident], text, presses, reader.at(shift.starts_at))


def _paged(reader: Reader, page: HomePage, paged: Page) -> Waiting:
    by = f"{reader.name(paged.paged_by)} pages you" if paged.paged_by else "You are paged"
    why = reader.typed(str(paged.about.get("why") or ""))
    text = f"{by}: {why}" if why else f"{by}."
    press = Press("I'm on it", "heard", str(paged.incident), main=True)
    return Waiting(page.incidents[paged.incident], text, (press,), reader.at(paged.paged_at))


def _presence(reader: Reader, page: HomePage) -> Iterator[Waiting]:
    """Are you there? Unless the same is asked by an offer of what they have."""
    offered = {one.incident for one in page.offers if one.kind in OF_THE_HOLDER}
    for tenure in page.roles:
        incident = page.incidents[tenure.incident]
        if tenure.role != COMMANDER or tenure.incident in offered:
            continue
        if presence.is_asked(reader.tx, incident, tenure):
            presses = (
                Press("I'm here", "here", str(tenure.id), main=True),
                Press("On a call", "call", str(tenure.id)),
            )
            yield Waiting(incident, "You have command. Are you there?", presses)
