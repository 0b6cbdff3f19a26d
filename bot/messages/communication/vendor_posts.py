"""Vendor cases: what is said of them in the channel and by DM, the list for whoever asks, and their forms."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.incident import ChannelId, Incident
from bot.domain.text import format_duration
from bot.domain.vendor import CONTACT_LIMIT, PRIORITY_LIMIT, REFERENCE_LIMIT, VENDOR_LIMIT, VendorCase
from bot.messages.card import label
from bot.messages.communication.vendors import name_of, vendor_line
from bot.messages.forms import about
from bot.messages.kit import (
    Block,
    Message,
    actions,
    at,
    button,
    context,
    field_input,
    header,
    modal,
    said,
    section,
    text_input,
    typed,
)
from bot.messages.post import Post, Text

CASE = "form:vendor-case"
NOTE = "form:vendor-note"
_MOST = 15
_HOW = "Open one: `/incident vendor aws case 1234 high Jane Doe`. Keep what they say: `/incident vendor aws note …`"


def listing(incident: Incident, cases: Sequence[VendorCase], now: datetime) -> Message:
    """All cases of an incident, the open ones with buttons, for whoever asks."""
    title = f"Vendor cases of {label(incident)}"
    opened = button("Open a case…", "vendor:open", str(incident.number))
    if not cases:
        return said(f"{label(incident)} has no vendor case.", actions(opened), context(_HOW))
    waiting = [case for case in cases if case.is_open]
    blocks: list[Block] = [header(title)]
    for case in waiting[:_MOST]:
        blocks += [section(vendor_line(case, now)), actions(*_case_buttons(case))]
    closed = [f"{name_of(case)}, closed {at(case.closed_at)}" for case in cases if case.closed_at]
    blocks += [section("*Closed*\n" + "\n".join(closed[-_MOST:]))] if closed else []
    return Message(f"{title}: {len(waiting)} open", [*blocks, actions(opened), context(_HOW)])


def _case_buttons(case: VendorCase) -> list[Block]:
    return [
        button("They answered…", "vendor:answered", str(case.id)),
        button("Closed", "vendor:closed", str(case.id)),
    ]


def opened(incident: Incident, case: VendorCase, chased_after: timedelta | None) -> Message:
    """The answer to whoever opened it: what was understood, and when somebody is reminded."""
    known = [f"priority {typed(case.priority)}" if case.priority else "", f"contact {typed(case.contact)}"]
    parts = [part for part in (known[0], known[1] if case.contact else "") if part]
    what = f": {', '.join(parts)}." if parts else "."
    after = f"After {format_duration(chased_after)} without a word" if chased_after else ""
    hint = context(f"{after} the liaison is reminded (the IC if there is none).") if chased_after else None
    return said(f"*{name_of(case)}* of {label(incident)} is open{what}", *([hint] if hint else []))


def which(incident: Incident, cases: Sequence[VendorCase], doing: str, words: str) -> Message:
    """Several cases with one vendor may be meant: a button on each line does there what was asked."""
    text = f"Which case of {typed(cases[0].shown_vendor)} is meant?"
    lines = [
        section(name_of(case), button("This one", "command:run", command(incident, case, doing, words)))
        for case in cases[:_MOST]
    ]
    first = f"`/incident vendor {typed(cases[0].vendor)} {typed(cases[0].reference)} {doing} …`"
    return Message(text, [section(text), *lines, context(f"Or name it: {first}")])


def command(incident: Incident, case: VendorCase, doing: str, words: str) -> str:
    """What to type to do this with just this case."""
    return f"vendor {incident.name} {case.vendor} {case.reference} {doing} {words}".strip()


def case_form(incident: Incident, opened_in: ChannelId = "") -> Block:
    """The form that opens a case. Its answers are blocks `vendor`, `reference`, `priority`, `contact`."""
    blocks = [
        field_input("vendor", "Vendor", text_input("value", limit=VENDOR_LIMIT, hint="aws")),
        field_input("reference", "Case number", text_input("value", limit=REFERENCE_LIMIT)),
        field_input("priority", "Priority, in their words", text_input("value", limit=PRIORITY_LIMIT), optional=True),
        field_input("contact", "Whom do you talk to there?", text_input("value", limit=CONTACT_LIMIT), optional=True),
    ]
    title = f"Vendor case, {incident.name}"
    return modal(title, blocks, callback_id=CASE, submit="Keep", metadata=about(incident, opened_in))


def note_form(incident: Incident, case: VendorCase, opened_in: ChannelId = "") -> Block:
    """The form for what a vendor said. Its answer is block `text`."""
    blocks = [
        section(f"*{name_of(case)}* of {label(incident)}"),
        field_input("text", "What did they say?", text_input("value", many_lines=True)),
    ]
    metadata = about(incident, opened_in, case={"id": str(case.id)})
    return modal("They answered", blocks, callback_id=NOTE, submit="Keep", metadata=metadata)


def _opened(post: Post) -> Message:
    """In the channel."""
    parts = [f"{word} {typed(post.about[word])}" for word in ("priority", "contact") if post.about.get(word)]
    return said(f"*{typed(post.about['name'])}* is open ({post.by}){': ' + ', '.join(parts) if parts else '.'}")


def _noted(post: Post) -> Message:
    """In the channel."""
    return said(f"*{typed(post.about['name'])}*, by {post.by}: {typed(post.about['text'], 2600)}")


def _closed(post: Post) -> Message:
    """In the channel."""
    return said(f"*{typed(post.about['name'])}* is closed ({post.by}).")


def _chase(post: Post) -> Message:
    """By DM, to the liaison."""
    case = next((one for one in post.overview.cases if one.id == post.about["case"]), None)
    if case is None or not case.is_open:
        return said(f"*{typed(post.about['name'])}* is closed: nothing is expected of you.")
    talk = f" You talk to {typed(case.contact)}." if case.contact else ""
    number = str(case.id)
    buttons = [
        button("They answered…", "vendor:answered", number, "primary"),
        button("Chased", "vendor:chased", number),
        button("Closed", "vendor:closed", number),
    ]
    return said(
        f"*{name_of(case)}*: nothing for {_silence(case, post.now)}. {post.name} {post.title}.{talk}", actions(*buttons)
    )


def _silence(case: VendorCase, now: datetime) -> str:
    """`60 min`, as the settings say it; from two hours on `2 h 5 min`."""
    whole = round(case.silent_for(now).total_seconds() / 60)
    return f"{whole} min" if whole < 120 else format_duration(timedelta(minutes=whole))


def chase_is_needless(post: Post) -> bool:
    """Whether the case moved on, or was closed, before the reminder could be said."""
    return not any(one.id == post.about["case"] and one.version == post.about["version"] for one in post.overview.cases)


POSTS: Mapping[str, Text] = {
    "vendor-case": _opened,
    "vendor-note": _noted,
    "vendor-closed": _closed,
    "vendor-chase": _chase,
}
