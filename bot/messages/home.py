"""App Home: what waits for somebody, their shifts and roles, and what is open, with the buttons to act on it."""

from bot.domain.command import role_name
from bot.domain.handoff import Handoff, HandoffKind, Taking
from bot.domain.home import HomePage, TradeAsked
from bot.domain.overview import Overview
from bot.domain.page import Page
from bot.domain.rota import Shift
from bot.messages.card import card, label, one_line, where
from bot.messages.command.shift_posts import about_shift
from bot.messages.kit import (
    Block,
    actions,
    button,
    clock_time,
    context,
    divider,
    header,
    home,
    modal,
    person,
    section,
    span,
    typed,
)

# Slack takes 100 blocks; each of these is at most two, what is open is one each.
_MOST_WAITING = 12
_MOST_SHIFTS = 8
_MOST_ROLES = 10


def home_view(page: HomePage) -> Block:
    """The Home tab: declaring on top, then what needs an answer, then what is good to know."""
    own = button("How I may wake you…", "contact:list", "home")
    blocks: list[Block] = [actions(button("Declare an incident…", "declare:open", "home", "danger"), own)]
    blocks += _waiting(page) + _shifts(page) + _roles(page)
    blocks += [divider(), header("Open incidents"), *_opened(page)]
    blocks.append(context(*_duty(page), "Every command: `/incident help`"))
    return home(blocks)


def card_view(overview: Overview) -> Block:
    """The card in a form of its own, to read: its buttons are in the incident's channel."""
    blocks = [block for block in card(overview).blocks if block["type"] != "actions"]
    return modal(overview.incident.name, [*blocks, context(f"Act on it in {where(overview.incident)}.")], close="Close")


def _waiting(page: HomePage) -> list[Block]:
    items = [_offer(page, handoff) for handoff in page.offers]
    items += [_taking(page, taking) for taking in page.takings]
    items += [_up(page, shift) for shift in page.shifts if page.is_paged_for(shift)]
    items += [_trade(page, asked) for asked in page.trades]
    items += [_page(page, paged) for paged in page.pages if "shift" not in paged.about]
    shown = [block for item in items[:_MOST_WAITING] for block in item]
    return [header("Waiting for you"), *shown, *_more(len(items) - _MOST_WAITING)] if items else []


def _more(count: int) -> list[Block]:
    return [context(f"and {count} more")] if count > 0 else []


def _named(page: HomePage, number: int) -> str:
    incident = page.incidents[number]
    return f"*{label(incident)}* {typed(incident.title)} ({incident.severity})"


def _offer(page: HomePage, handoff: Handoff) -> list[Block]:
    role, number = role_name(handoff.role), str(handoff.id)
    buttons = actions(
        button(f"I have {role}", "handoff:accept", number, "primary"), button("I can't", "handoff:decline", number)
    )
    return [section(f"{_why(page, handoff, role)} It is in {where(page.incidents[handoff.incident])}."), buttons]


def _why(page: HomePage, handoff: Handoff, role: str) -> str:
    """Why they are asked, in a sentence."""
    name, to = _named(page, handoff.incident), person(handoff.offered_to)
    if handoff.offered_to != page.person:
        return f"{name} needs you in {role}: {to} has not answered."
    match handoff.kind:
        case HandoffKind.BOUNDARY:
            return f"Your shift in {role} of {name} began {_clock(page, handoff)}."
        case HandoffKind.OFFER:
            return f"{person(handoff.offered_by)} offers you {role} of {name}."
        case HandoffKind.CONFIRM:
            source = typed(page.incidents[handoff.incident].source)
            return f"{name} was opened by {source}, and you are its IC. Nobody is at it until you confirm."
        case HandoffKind.PRESENCE | HandoffKind.TAKING:
            return f"You have {role} of {name} and did not answer; others are asked."
    return f"You are offered {role} of {name}."


def _clock(page: HomePage, handoff: Handoff) -> str:
    return clock_time(handoff.boundary_at, page.zone)


def _taking(page: HomePage, taking: Taking) -> list[Block]:
    number, name = str(taking.id), _named(page, taking.incident)
    if taking.person == page.person:
        take = actions(button("Take command now", "taking:confirm", number, "primary"))
        return [section(f"{person(taking.holder)} has not answered. You may take command of {name}."), take]
    text = f"{person(taking.person)} asks you for command of {name}: {typed(taking.reason)}"
    buttons = actions(button("Hand over", "taking:hand", number, "primary"), button("I keep it", "taking:keep", number))
    return [section(text), buttons]


def _trade(page: HomePage, asked: TradeAsked) -> list[Block]:
    shift, number = asked.shift, str(asked.trade.id)
    give = f" They would take yours, {_from_to(page, asked.own)}." if asked.own else ""
    text = (
        f"{person(shift.person)} can't take {role_name(shift.role)} of {_named(page, shift.incident)}"
        f" from {_from_to(page, shift)}. Would you?{give}"
    )
    take = button("I take it", "trade:accept", number, "primary")
    return [section(text), actions(take, button("I can't", "trade:decline", number))]


def _page(page: HomePage, paged: Page) -> list[Block]:
    since, place = clock_time(paged.paged_at, page.zone), where(page.incidents[paged.incident])
    return [section(f"You are paged about {_named(page, paged.incident)} since {since}: {place}.")]


def _from_to(page: HomePage, shift: Shift) -> str:
    return span(shift.starts_at, shift.ends_at, page.zone)


def _up(page: HomePage, shift: Shift) -> list[Block]:
    text = (
        f"*Are you up?* {clock_time(shift.starts_at, page.zone)} you take {role_name(shift.role)}"
        f" of {_named(page, shift.incident)}."
    )
    return [section(text), actions(*_answers(page, shift))]


def _answers(page: HomePage, shift: Shift) -> list[Block]:
    """What they may say of a shift that is still to come, and have not said."""
    about = about_shift(shift)
    there = button("I'll be there", "shift:there", about, "primary")
    if shift.cant_at:
        return [there]
    cant = button("I can't", "shift:cant", about)
    if shift.up_at is None and page.is_soon(shift):
        return [button("I'm up", "shift:up", about, "primary"), cant]
    return [cant] if shift.up_at or shift.confirmed_at else [there, cant]


def _shifts(page: HomePage) -> list[Block]:
    if not page.shifts:
        return []
    blocks: list[Block] = [header("My shifts")]
    for shift in page.shifts[:_MOST_SHIFTS]:
        blocks.append(section(_shift_line(page, shift)))
        if shift.starts_at > page.now and not page.is_paged_for(shift):
            blocks.append(actions(*_answers(page, shift)))
    return [*blocks, *_more(len(page.shifts) - _MOST_SHIFTS)]


def _shift_line(page: HomePage, shift: Shift) -> str:
    """From when to when on their own wall, of what, and what they have said about it."""
    said_so = "you said that you can't: the others are asked" if shift.cant_at else "you are up" if shift.up_at else ""
    said_so = said_so or ("you will be there" if shift.confirmed_at else "")
    mark = "➤" if shift.starts_at <= page.now else "•"
    text = f"{mark} *{_from_to(page, shift)}*\n{role_name(shift.role).capitalize()} of {_named(page, shift.incident)}"
    return f"{text} · _{said_so}_" if said_so else text


def _roles(page: HomePage) -> list[Block]:
    if not page.roles:
        return []
    lines = [
        f"• {role_name(tenure.role).capitalize()} of {_named(page, tenure.incident)} since"
        f" {clock_time(tenure.started_at, page.zone)}: {where(page.incidents[tenure.incident])}"
        for tenure in page.roles[:_MOST_ROLES]
    ]
    return [header("My roles"), section("\n".join(lines)), *_more(len(page.roles) - _MOST_ROLES)]


def _opened(page: HomePage) -> list[Block]:
    shown = [_incident(overview) for overview in page.opened]
    return [*shown, *_more(page.more)] if shown else [section("Nothing is open. Quiet is good.")]


def _incident(overview: Overview) -> Block:
    return section(one_line(overview), button("Card…", "incident:card", str(overview.incident.number)))


def _duty(page: HomePage) -> list[str]:
    if page.on_duty is None:
        return []
    return ["*You are the IC on duty.*" if page.on_duty == page.person else f"IC on duty: {person(page.on_duty)}"]
