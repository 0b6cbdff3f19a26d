"""People's own channels: the list, the form, and what they hear when one fails."""

from collections.abc import Callable, Mapping, Sequence

from bot.domain.contact import LONGEST, Contact
from bot.messages.command.duty import Notice
from bot.messages.kit import (
    Block,
    Message,
    actions,
    at,
    button,
    context,
    escape,
    field_input,
    modal,
    said,
    section,
    text_input,
    typed,
)

ADD = "form:contact"
_SEE = "Your channels: `/incident me channels`"


def shown(contacts: Sequence[Contact]) -> Message:
    """The list, with a button to try and one to remove each."""
    add = actions(button("Add a channel…", "contact:open", "add", "" if contacts else "primary"))
    if not contacts:
        return said(
            "When I page you I can only write to you in Slack. Give me another way: mail, SMS, a call, a push.",
            add,
            context("It is kept encrypted, and only you see that it is there."),
        )
    blocks: list[Block] = []
    for one in contacts:
        number = str(one.id)
        buttons = [button("Try it", "contact:try", number), button("Remove", "contact:remove", number)]
        blocks += [section(f"*{escape(one.shown)}* {_state(one)}"), actions(*buttons)]
    return said("When I page you I also use:", *blocks, add)


def _state(contact: Contact) -> str:
    if contact.failed_at:
        return f"⚠ has failed since {at(contact.failed_at)}: {typed(contact.failure)}"
    return f"last used {at(contact.delivered_at)}" if contact.delivered_at else "not tried yet"


def listed(contacts: Sequence[Contact]) -> Block:
    """The same as a form to look at, from the Home tab."""
    return modal("How I may wake you", shown(contacts).blocks, close="Close")


def add() -> Block:
    """The form for another channel. Its answer is block `url`."""
    hint = "Kept encrypted. I send a test at once, and tell you here if it fails."
    blocks = [
        section(
            "An Apprise URL. For example `mailto://user:password@gmail.com`, `ntfys://ntfy.sh/my-secret-topic`,"
            " `pover://user@token`, `twilio://sid:token@from/to`."
        ),
        field_input("url", "Address", text_input("value", limit=LONGEST), hint=hint),
    ]
    return modal("Another way to reach you", blocks, callback_id=ADD, submit="Add and try")


def _failed(notice: Notice) -> Message:
    about = notice.about
    return said(
        f"I couldn't reach you by *{escape(about['shown'])}*: {typed(about['why'])}. I go on with your other channels.",
        context(f"You hear this once until it works again. {_SEE}"),
    )


NOTICES: Mapping[str, Callable[[Notice], Message]] = {"contact-failed": _failed}
