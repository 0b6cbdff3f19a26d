"""What must be so before a command, a button or a form makes sense."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.actions.command import briefing, handoff, rota, shifts, taking
from bot.actions.duty import duty
from bot.actions.incident import ending
from bot.actions.overview import overview
from bot.actions.waking import contacts, waking
from bot.domain.command import COMMANDER as COMMAND
from bot.domain.duty import read_schedule
from bot.domain.incident import Incident
from bot.domain.people import Person
from bot.messages import forms
from bot.messages.command import forms_briefing, forms_command
from bot.messages.kit import Block
from bot.messages.waking import contacts as contact_texts
from storage import incidents, people, rotas
from storage.store import Store, Tx
from tests.support.clock import START
from tests.support.story import BOB, COMMANDER, EVE, IC, OUTSIDER, begin, settings

EIGHT_HOURS = timedelta(hours=8)
TITLE, SUMMARY = "Vault is open", "Keys were copied to a pastebin"
Prepare = Callable[[Tx, Incident], object]


def resolved(tx: Tx, incident: Incident) -> None:
    ending.resolve(tx, incident, "", IC)


def with_rota(tx: Tx, incident: Incident, also: Sequence[str] = (EVE,)) -> None:
    """Shift 1 is that of the IC and runs, 2 is Bob's, 3 is Eve's."""
    rota.start(tx, incident, COMMAND, [IC, BOB, *also], EIGHT_HOURS, IC)


def offered(tx: Tx, incident: Incident) -> None:
    """Handoff 1, and briefing 1 with it: to Eve."""
    handoff.hand_over(tx, incident, EVE, IC)


def asked_for(tx: Tx, incident: Incident) -> None:
    """Taking 1: Bob asks."""
    taking.take(tx, incident, BOB, "Ada is on a plane")


def to_trade(tx: Tx, incident: Incident) -> None:
    """Trade 1: Eve is asked to take Bob's shift."""
    with_rota(tx, incident)
    shifts.cant(tx, settings(), 2, 1, BOB)


def with_briefing(tx: Tx, incident: Incident) -> None:
    briefing.prepare(tx, incident, COMMAND, for_shift=None, by=IC)


def with_roster(tx: Tx, incident: Incident) -> None:
    schedule = read_schedule("weekly monday 09:00 Europe/Berlin", tx.now, ZoneInfo("UTC"))
    duty.set_roster(tx, [COMMANDER, RESERVE], schedule, COMMANDER)
    for day in range(3):
        duty.cover(tx, RESERVE, tx.now + timedelta(days=day), tx.now + timedelta(days=day, hours=1), COMMANDER)


def paged(tx: Tx, incident: Incident) -> None:
    """Page 1: Bob is woken by hand."""
    waking.ask(tx, incident, BOB, "the database is gone", IC)


def with_contact(tx: Tx, incident: Incident) -> None:
    """Contact 1: a mail address of Bob's."""
    contacts.add(tx, settings(), BOB, MAIL)


def everything_at_once(tx: Tx, incident: Incident) -> None:
    """All questions of command that can be open at the same time: the ids of each begin with 1."""
    to_trade(tx, incident)
    offered(tx, incident)
    asked_for(tx, incident)


RESERVE = "URSV00001"
MAIL = "mailto://bob:secret@example.org"
# By the name of the command, the action id of the button, the callback id of the form.
BEFORE: Mapping[str, Prepare] = {
    "reopen": resolved,
    "close": resolved,
    "handoff withdraw": offered,
    "rota add": lambda tx, incident: with_rota(tx, incident, ()),
    "rota remove": with_rota,
    "rota swap": with_rota,
    "rota extend": with_rota,
    "rota stop": with_rota,
    "duty cover": with_roster,
    "duty uncover": with_roster,
    "duty stop": with_roster,
    "incident:reopen": resolved,
    "rota:extend": with_rota,
    "rota:edit": with_rota,
    "handoff:accept": offered,
    "handoff:decline": offered,
    "shift:there": with_rota,
    "shift:up": with_rota,
    "shift:cant": with_rota,
    "shift:extend": with_rota,
    "trade:accept": to_trade,
    "trade:decline": to_trade,
    "taking:hand": asked_for,
    "taking:keep": asked_for,
    "taking:confirm": asked_for,
    "briefing:edit": with_briefing,
    "page:acknowledge": paged,
    "contact:try": with_contact,
    "contact:remove": with_contact,
    forms_command.ROTA_EDIT: lambda tx, incident: with_rota(tx, incident, ()),
    forms.USE_CHANNEL: lambda tx, incident: incidents.change(tx, 1, channel_id=None, channel_name=""),
}


def prepare(store: Store, name: str = "", *, private: bool = False, more: Prepare | None = None) -> None:
    """INC-1, commanded by IC, with Bob and Eve in it; and what `name` needs."""
    title = TITLE if private else "Checkout is down"
    with store.write() as tx:
        for who in (IC, BOB, EVE, COMMANDER, OUTSIDER):
            people.save(tx, _known(who))
        incident = begin(tx, private=private, title=title)
        incidents.join(tx, 1, EVE)
        incident = incidents.change(tx, 1, summary=SUMMARY)
        for step in (BEFORE.get(name), more):
            if step:
                step(tx, incidents.get(tx, incident.number))


def _known(who: str) -> Person:
    return Person(
        id=who,
        name=f"Name of {who}",
        zone="Europe/London",
        deactivated=False,
        bot=False,
        foreign=False,
        fetched_at=START,
    )


def form(store: Store, callback_id: str, where: str = "") -> Block:
    """A form about INC-1, as it is opened in the channel `where`."""
    with store.read() as tx:
        incident = incidents.get(tx, 1)
        at_a_glance, running = overview(tx, incident), rotas.running(tx, 1)
    views: Mapping[str, Callable[[], Block]] = {
        forms.DECLARE: lambda: forms.declare(settings()),
        forms.EDIT: lambda: forms.edit(settings(), incident, where),
        forms.NOTE: lambda: forms.note(incident, where),
        forms.USE_CHANNEL: lambda: forms.use_channel(incident),
        forms_command.TAKE: lambda: forms_command.take(at_a_glance, where, may_relieve=True),
        forms_command.HANDOFF: lambda: forms_command.hand_over(at_a_glance, where),
        forms_command.ROTA_START: lambda: forms_command.rota_start(incident, where),
        forms_command.ROTA_EDIT: lambda: forms_command.rota_edit(incident, running, where) if running else {},
        contact_texts.ADD: contact_texts.add,
        forms_briefing.BRIEFING: lambda: forms_briefing.briefing(incident, COMMAND, None, where),
    }
    return views[callback_id]()


# What somebody fills in, by callback id: something that makes a difference.
ANSWERS: Mapping[str, Mapping[str, object]] = {
    forms.DECLARE: {"title": "Search is slow", "severity": "sev3", "summary": None, "flags": []},
    forms.EDIT: {
        "title": "Carts are empty",
        "severity": "sev2",
        "state": "investigating",
        "summary": SUMMARY,
        "call": None,
    },
    forms.NOTE: {"kind": "note", "text": "disk of db-3 is full"},
    forms.USE_CHANNEL: {"channel": "C0GEN00001"},
    forms_command.TAKE: {"reason": "Ada is on a plane", "how": []},
    forms_command.HANDOFF: {"to": EVE, "worries": "the replica", "first": ""},
    forms_command.ROTA_START: {"people": [IC, BOB], "length": "8h", "from": ""},
    forms_command.ROTA_EDIT: {"people": [IC, BOB, EVE]},
    contact_texts.ADD: {"url": MAIL},
    forms_briefing.BRIEFING: {"worries": "the replica", "first": "ask the vendor"},
}
