"""Forms of status updates: the short one, the one for customers, and the preview without which nothing goes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.incident import OPEN_STATES, ChannelId, Incident, State
from bot.domain.text import TITLE_LIMIT, shorten
from bot.domain.update import LINE_LIMIT, PUBLIC_LIMIT, Cause, Update, Words
from bot.messages.card import label
from bot.messages.communication.updates import customer_view, plainly
from bot.messages.forms import about
from bot.messages.kit import Block, Message, context, field_input, modal, option, section, select, text_input, typed

WRITE = "form:update"
PUBLIC = "form:update-public"
PREVIEW = "form:update-preview"
HELD = "form:update-held"
# Laid over the form that they come from, so that **Back** leads to it; sent, all of them close.
ON_TOP = frozenset({PREVIEW, HELD})
_INTERNAL, _PUBLIC = "internal", "public"
_CAUSES = {
    Cause.UNKNOWN: "Not known yet",
    Cause.SUSPECTED: "Suspected",
    Cause.CONFIRMED: "Confirmed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What the public form begins with. `title`: what is proposed when customers don't know it yet; None: they do.

    `cadence`: when the next is due if nothing is said, in words; empty: nothing is promised then. `draft`: the one that
    is edited; `corrects`: the update that is set right.
    """

    words: Words
    title: str | None = None
    cadence: str = ""
    nothing_new: str = ""
    asks: str = ""
    draft: int | None = None
    corrects: Update | None = None


def write(incident: Incident, channel: ChannelId = "") -> Block:
    """An update, and for whom. Its answers are blocks `audience` and `text`."""
    choices = [
        option("Those in the incident", _INTERNAL, "Posted in the channel, shown on the card"),
        option("Customers", _PUBLIC, "You see a preview first"),
    ]
    choices = choices[:1] if incident.private else choices
    blocks = [
        field_input("audience", "For whom?", select("value", choices, _INTERNAL)),
        field_input("text", "What is new?", text_input("value", many_lines=True)),
    ]
    return modal(
        f"Update on {incident.name}", blocks, callback_id=WRITE, submit="Go on", metadata=about(incident, channel)
    )


def public(incident: Incident, writing: Writing, channel: ChannelId = "") -> Block:
    """What customers are told: `title`, `state`, `text`, `cause`, `cause_text`, `estimate`, `no_estimate`, `next`.

    Not all are always there; of an incident that is over nothing is expected or promised any more.
    """
    words, corrects = writing.words, writing.corrects
    blocks = [section(_head(incident, writing))]
    if writing.asks:
        blocks.append(context(writing.asks))
    if writing.title is not None:
        title = text_input("value", limit=TITLE_LIMIT, initial=writing.title)
        hint = "What does not work for them? They never see the internal title."
        blocks.append(field_input("title", "Title for customers", title, hint=hint))
    states = [state for state in State if state in OPEN_STATES] if incident.is_open else [State.RESOLVED]
    menu = select("value", [option(state.capitalize(), state) for state in states], words.incident_state)
    blocks.append(field_input("state", "State", menu))
    if writing.nothing_new:
        blocks.append(context(writing.nothing_new))
    blocks += _what(words)
    if incident.is_open:
        blocks += _expected(words)
    if incident.is_open and corrects is None:
        blocks.append(_next(writing))
    shown = {"draft": str(writing.draft or ""), "corrects": str(corrects.id if corrects else "")}
    metadata = about(incident, channel, shown=shown)
    name = f"Correct update {corrects.number}" if corrects else "Public update"
    return modal(name, blocks, callback_id=PUBLIC, submit="Preview", metadata=metadata)


def _head(incident: Incident, writing: Writing) -> str:
    if writing.corrects:
        said = f"Update {writing.corrects.number} stays where it is, marked as corrected, and points to this one."
        return f"*{label(incident)}* {typed(incident.title, 200)}\n{said}"
    return f"*{label(incident)}* {typed(incident.title, 200)}\nNothing is sent before you have seen the preview."


def _what(words: Words) -> list[Block]:
    text = text_input("value", limit=PUBLIC_LIMIT, initial=words.text, many_lines=True)
    causes = [option(text, cause) for cause, text in _CAUSES.items()]
    cause_text = text_input("value", limit=LINE_LIMIT, initial=words.cause_text, hint="A fault in our vendor's network")
    return [
        field_input(
            "text", "Text", text, hint="Plain text. Drafted from what changed since the last one; make it yours."
        ),
        field_input("cause", "Is the cause known?", select("value", causes, words.cause)),
        field_input("cause_text", "The cause, in their words", cause_text, optional=True),
    ]


def _expected(words: Words) -> list[Block]:
    estimate = text_input("value", limit=LINE_LIMIT, initial=_typed(words.estimate_at) or words.estimate_text)
    why = text_input("value", limit=LINE_LIMIT, initial=words.no_estimate_why)
    hint = "A time of yours, such as 16:00, which they see in UTC; or words."
    return [
        field_input("estimate", "When will it be over?", estimate, optional=True, hint=hint),
        field_input("no_estimate", "If nobody can say: why not?", why, optional=True),
    ]


def _next(writing: Writing) -> Block:
    when = text_input("value", limit=60, initial=_typed(writing.words.next_at), hint="30m, or 16:00")
    hint = f"Empty: {writing.cadence}." if writing.cadence else "Empty: none is promised."
    return field_input("next", "When is the next one promised?", when, optional=True, hint=hint)


def _typed(moment: datetime | None) -> str:
    """A moment as it can be typed."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if moment else ""


def preview(
    incident: Incident,
    update: Update,
    title: str,
    due: datetime | None,
    seen: str,
    now: datetime,
    channel: ChannelId = "",
) -> Block:
    """What customers will see, as they will see it, and **Publish**. It remembers what it has shown."""
    note = context("*This is what customers will see.* Nothing was sent yet.")
    drill = (
        [section("*This is a drill*: it goes to the incident's channel and to no customer.")]
        if incident.is_drill
        else []
    )
    blocks = [note, *drill, *customer_view(title, update.words, due, now)]
    shown = {"update": str(update.id), "seen": seen, "next": f"{due.timestamp():.0f}" if due else ""}
    metadata = about(incident, channel, shown=shown)
    return modal("Preview", blocks, callback_id=PREVIEW, submit="Publish", close="Back", metadata=metadata)


def held(last: Update, changes: Sequence[str], metadata: str, when: str) -> Block:
    """It was held back: NOT SENT first, then what could be said instead. `metadata` is that of its preview."""
    blocks = [
        section(
            f"*NOT SENT.* This says nearly what update {last.number} said {when}. The clock of the next one runs on."
        ),
        context("What customers were told then"),
        plainly(shorten(last.words.text, 800)),
        context("What has changed since, as far as I know"),
        plainly("\n".join(changes) or "Nothing. Say what you are doing now, or when there will be news."),
        context("Sent all the same, it counts as repeated, not as on time."),
    ]
    return modal("NOT SENT", blocks, callback_id=HELD, submit="Send all the same", close="Edit…", metadata=metadata)


def handed_on(incident: Incident, to: str) -> Block:
    """Somebody who may not publish has written one. `to`: whom I ask, as a mention."""
    asked = f"I have asked {to}, and tell you what comes of it."
    text = f"*Not sent yet.* Only some may publish for *{label(incident)}*: {asked}"
    return modal("Kept as a draft", [section(text)], close="Close")


def refused(why: Message) -> Block:
    """In the place of a preview: why it was not sent."""
    return modal("Nothing was sent", [section(f"*Nothing was sent just now.* {why.text}")], close="Back")
