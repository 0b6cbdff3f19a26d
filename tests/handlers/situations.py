"""What must be so before a command, a button or a form makes sense."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.command import briefing, handoff, rota, shifts, taking
from bot.actions.communication import digest_subscription, impact, needs, progress, updates, vendors
from bot.actions.duty import duty
from bot.actions.incident import ending, notes
from bot.actions.overview import overview
from bot.actions.waking import contacts, waking
from bot.domain import vendor
from bot.domain.command import COMMANDER as COMMAND
from bot.domain.duty import read_schedule
from bot.domain.impact import Level
from bot.domain.incident import Incident, State
from bot.domain.people import Person
from bot.domain.timeline import EntryKind
from bot.domain.update import Audience, Update, UpdateState, Words
from bot.messages import forms
from bot.messages.command import forms_briefing, forms_command
from bot.messages.communication import forms_impact, forms_progress, forms_updates, vendor_posts
from bot.messages.communication.forms_updates import Writing
from bot.messages.kit import Block
from bot.messages.waking import contacts as contact_texts
from storage import incidents, people, rotas
from storage import updates as stored_updates
from storage.store import Store, Tx
from tests.support.clock import START
from tests.support.database import restore, snapshot
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


def with_ask(tx: Tx, incident: Incident) -> None:
    """Ask 1."""
    needs.ask(tx, incident, "a budget for 40 more hosts", IC)


def with_case(tx: Tx, incident: Incident) -> None:
    """Vendor case 1."""
    vendors.open_case(tx, settings(), incident, vendor.opening("aws", "1234", "high", "Jane Doe"), IC)


def with_note(tx: Tx, incident: Incident) -> None:
    """Entry 2 is a note of Bob's."""
    notes.record(tx, incident, EntryKind.NOTE, "disk of db-3 is full", BOB)


def with_contact(tx: Tx, incident: Incident) -> None:
    """Contact 1: a mail address of Bob's."""
    contacts.add(tx, settings(), BOB, MAIL)


def with_impact(tx: Tx, incident: Incident) -> None:
    """Shared databases are down since the hour before."""
    parts, since = [part for part in settings().parts if part.name == SHARED], tx.now - timedelta(hours=1)
    impact.report(tx, settings(), incident, impact.Report(parts=parts, level=Level.MAJOR_OUTAGE, since=since), IC)


def subscribed(tx: Tx, incident: Incident) -> None:
    """Everybody gets the digest by DM."""
    for person in (IC, BOB, EVE, COMMANDER, OUTSIDER):
        digest_subscription.subscribe(tx, settings(), person, "sev1")


TOLD = Words(text="Half of the workers are back.", incident_state=State.INVESTIGATING, title="Checkout is down")


def drafted(tx: Tx, incident: Incident) -> None:
    """Update 1: Bob has written it for customers, and may not publish. (Of a private one nobody could.)"""
    stored_updates.add(tx, incident.number, Audience.PUBLIC, TOLD, BOB, {})


def published(tx: Tx, incident: Incident) -> None:
    """Update 1: customers have it."""
    drafted(tx, incident)
    stored_updates.change(tx, 1, state=UpdateState.PUBLISHED, published_by=IC, published_at=tx.now)
    stored_updates.publish_as(tx, incident.number, TOLD.title)


def held_back(tx: Tx, incident: Incident) -> None:
    """Update 2 says what update 1 has said."""
    published(tx, incident)
    drafted(tx, incident)
    stored_updates.change(tx, 2, state=UpdateState.HELD)


def promised(tx: Tx, incident: Incident) -> None:
    """Promise 1: the next public update, in an hour."""
    stored_updates.promise(tx, incident.number, tx.now + timedelta(hours=1))


def counted(tx: Tx, incident: Incident) -> None:
    """Measure 1: a quarter of the databases are back."""
    progress.report(tx, incident, "databases", 225, 900, IC)


def everything_at_once(tx: Tx, incident: Incident) -> None:
    """All questions of command that can be open at the same time: the ids of each begin with 1."""
    to_trade(tx, incident)
    offered(tx, incident)
    asked_for(tx, incident)


RESERVE = "URSV00001"
SHARED = "shared-databases"
MAIL = "mailto://bob:secret@example.org"
# By the name of the command, the action id of the button, the callback id of the form.
BEFORE: Mapping[str, Prepare] = {
    "reopen": resolved,
    "unsubscribe": subscribed,
    "close": resolved,
    "handoff withdraw": offered,
    "progress undo": counted,
    "progress chart": counted,
    "progress:chart": counted,
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
    "ask done": with_ask,
    "need:done": with_ask,
    "vendor:answered": with_case,
    "vendor:chased": with_case,
    "vendor:closed": with_case,
    vendor_posts.NOTE: with_case,
    "timeline edit": with_note,
    "timeline remove": with_note,
    "duplicate": lambda tx, incident: begin(tx, channel=None, private=incident.private),
    "update correct": published,
    "update:correct": published,
    "update:preview": drafted,
    "update:edit": drafted,
    "update:discard": drafted,
    "update:snooze-15": promised,
    "update:snooze-30": promised,
    forms_updates.PREVIEW: drafted,
    forms_updates.HELD: held_back,
    "contact:try": with_contact,
    "impact undo": with_impact,
    forms_impact.RESOLVE: with_impact,
    "contact:remove": with_contact,
    forms_command.ROTA_EDIT: lambda tx, incident: with_rota(tx, incident, ()),
    forms.USE_CHANNEL: lambda tx, incident: incidents.change(tx, 1, channel_id=None, channel_name=""),
}


_PREPARED: dict[tuple[object, ...], Any] = {}


def prepare(store: Store, name: str = "", *, private: bool = False, more: Prepare | None = None) -> None:
    """INC-1, commanded by IC, with Bob and Eve in it; and what `name` needs.

    Hundreds of tests begin alike: what they begin with is made once for each test process, and copied.
    """
    with store.read() as tx:
        key = (BEFORE.get(name), more, private, tx.now)
    if key in _PREPARED:
        return restore(_PREPARED[key], store)
    title = TITLE if private else "Checkout is down"
    with store.write() as tx:
        for who in (IC, BOB, EVE, COMMANDER, OUTSIDER):
            people.save(tx, known(who))
        incident = begin(tx, private=private, title=title)
        incidents.join(tx, 1, EVE)
        incident = incidents.change(tx, 1, summary=SUMMARY)
        for step in (BEFORE.get(name), more):
            if step:
                step(tx, incidents.get(tx, incident.number))
    _PREPARED[key] = snapshot(store)
    return None


def known(who: str) -> Person:
    """Somebody of the workspace, whose wall is in London."""
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
        update = stored_updates.numbered(tx, 1, 2) or stored_updates.numbered(tx, 1, 1)
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
        vendor_posts.CASE: lambda: vendor_posts.case_form(incident, where),
        vendor_posts.NOTE: lambda: vendor_posts.note_form(incident, at_a_glance.cases[0], where),
        forms_impact.IMPACT: lambda: forms_impact.impact(at_a_glance, settings().parts, where),
        forms_impact.RESOLVE: lambda: forms_impact.resolve(incident, at_a_glance.impact, "rolled back", where),
        forms_updates.WRITE: lambda: forms_updates.write(incident, where),
        forms_updates.PUBLIC: lambda: forms_updates.public(incident, Writing(words=TOLD, title="Checkout"), where),
        forms_updates.PREVIEW: lambda: _preview(incident, update, where),
        forms_updates.HELD: lambda: _held(incident, update, where),
        forms_progress.READING: lambda: forms_progress.reading(incident, at_a_glance.measures, where),
        forms_briefing.BRIEFING: lambda: forms_briefing.briefing(incident, COMMAND, None, where),
    }
    return views[callback_id]()


def _preview(incident: Incident, update: Update | None, where: str) -> Block:
    if update is None:
        return {}
    return forms_updates.preview(incident, update, "Checkout", None, updates.seen_of(update), START, where)


def _held(incident: Incident, update: Update | None, where: str) -> Block:
    shown = _preview(incident, update, where).get("private_metadata", "")
    return forms_updates.held(update, (), shown, "then") if update else {}


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
    vendor_posts.CASE: {"vendor": "aws", "reference": "99", "priority": None, "contact": None},
    vendor_posts.NOTE: {"text": "a new node by 16:00 UTC"},
    forms_impact.IMPACT: {"part": "shared-databases", "level": "major_outage", "from": "08:15", "affected": "900"},
    forms_impact.RESOLVE: {"how": "ended", f"end:{SHARED}": None, "text": "rolled back"},
    forms_updates.WRITE: {"audience": "internal", "text": "Half of the workers are back"},
    forms_updates.PUBLIC: {
        "title": "Checkout fails",
        "state": "investigating",
        "text": "We are on it.",
        "cause": "unknown",
        "cause_text": None,
        "estimate": None,
        "no_estimate": "We look for the cause",
        "next": None,
    },
    forms_updates.PREVIEW: {},
    forms_updates.HELD: {},
    forms_progress.READING: {"name": "databases", "done": "412", "total": "900", "at": None},
    forms_briefing.BRIEFING: {"worries": "the replica", "first": "ask the vendor"},
}
