"""Vendor cases: `vendor aws case 1234`, `vendor aws note …`, `vendors`."""

from bot.actions.communication import vendors
from bot.domain.permission import Who
from bot.domain.vendor import EXAMPLE, Said, VendorCase, checked_contact, checked_priority, meant, read, read_opening
from bot.errors import WrongWords
from bot.messages.communication import vendor_posts
from bot.messages.communication.vendors import name_of
from bot.messages.kit import Message, escape, said
from handlers.slack.call import Call, Reply
from handlers.slack.table import About, Command
from storage import vendors as stored

# So long may the value of a button be.
_BUTTON_TEXT_LIMIT = 1900


def _vendor(call: Call) -> Reply:
    """Without words it lists them."""
    if not call.rest:
        return show_vendors(call)
    wanted = read(call.rest)
    if wanted.doing == "case":
        case = vendors.open_case(call.tx, call.settings, call.incident, read_opening(wanted), call.by)
        after = call.settings.chase_vendor_after(call.incident.severity)
        return Reply(vendor_posts.opened(call.incident, case, after))
    found = meant(stored.of(call.tx, call.incident.number), wanted.who)
    if not found:
        shown = escape(wanted.who[:40].replace("`", ""))
        raise WrongWords(f"{call.incident.name} has no case with {shown}.", f"See all: `/incident vendors`. {EXAMPLE}")
    if len(found) > 1:
        return Reply(_which(call, found, wanted))
    return Reply(_done(call, found[0], wanted))


def _which(call: Call, found: list[VendorCase], wanted: Said) -> Message:
    if len(wanted.words) > _BUTTON_TEXT_LIMIT - 200:
        raise WrongWords(
            "Which of the cases? That text is too long for a button.",
            "Name it: `/incident vendor aws 1234 note …`",
        )
    return vendor_posts.which(call.incident, found, wanted.doing, wanted.words)


def _done(call: Call, case: VendorCase, wanted: Said) -> Message:
    tx, settings, incident, by = call.tx, call.settings, call.incident, call.by
    match wanted.doing:
        case "note":
            vendors.note(tx, settings, incident, case, wanted.words, by)
            return said(f"That is kept with *{name_of(case)}* of {incident.name}.")
        case "priority":
            text = checked_priority(wanted.words)
            changed = vendors.set_detail(tx, settings, incident, case, "priority", text, by)
            return said(f"*{name_of(case)}* of {incident.name} has priority {escape(changed.priority)}.")
        case "contact":
            text = checked_contact(wanted.words)
            changed = vendors.set_detail(tx, settings, incident, case, "contact", text, by)
            return said(f"*{name_of(case)}* of {incident.name} has the contact {escape(changed.contact)}.")
    vendors.close(tx, incident, case, by)
    return said(f"*{name_of(case)}* of {incident.name} is closed.")


def show_vendors(call: Call) -> Reply:
    """All cases of the incident, with buttons."""
    return Reply(vendor_posts.listing(call.incident, stored.of(call.tx, call.incident.number), call.tx.now))


def open_case_form(call: Call) -> Reply:
    """The form that opens a case."""
    return Reply(view=vendor_posts.case_form(call.incident, call.asked.channel_id))


COMMANDS = (
    Command(
        name="vendor",
        arguments="[name case number [priority] [contact]|name note …|priority …|contact …|closed]",
        help="Keeps a case with a vendor, and what they say; the liaison is reminded to chase it.",
        example="/incident vendor aws case 1234 high Jane Doe",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_vendor,
    ),
    Command(
        name="vendors",
        help="Lists the vendor cases, with buttons.",
        example="/incident vendors",
        who=Who.ANYONE,
        about=About.INCIDENT,
        changes=False,
        run=show_vendors,
    ),
)
