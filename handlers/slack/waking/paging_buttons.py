"""Buttons about waking people: I'm on it, and one's own channels. And the form for another channel."""

from collections.abc import Mapping

from bot.actions.waking import contacts as channels
from bot.actions.waking import waking
from bot.domain.contact import Contact
from bot.domain.page import AnsweredBy
from bot.errors import NotAllowed
from bot.messages import replies
from bot.messages.kit import Block, escape, modal, said, section
from bot.messages.waking import contacts as texts
from handlers.slack.button import Button
from handlers.slack.call import Call, Reply
from handlers.slack.filled import Filled, Submission
from storage import contacts, pages


def _acknowledge(call: Call) -> Reply:
    page = pages.find(call.tx, int(call.rest))
    if page is None or page.person != call.by:
        raise NotAllowed("That page is for somebody else.", "What waits for you: `/incident web`, or my Home tab")
    incident = waking.answered(call.tx, page, AnsweredBy.SLACK)
    return Reply(replies.done(incident, "knows that you are on it. Thank you."))


def _open(call: Call) -> Reply:
    return Reply(view=texts.add())


def _list(call: Call) -> Reply:
    return Reply(view=texts.listed(contacts.of(call.tx, call.by)))


def _try(call: Call) -> Reply:
    tried = channels.try_again(call.tx, call.by, int(call.rest))
    return Reply(said(f"A test goes out by {escape(tried.shown)}. If it fails, you hear it here."))


def _remove(call: Call) -> Reply:
    channels.remove(call.tx, call.by, int(call.rest))
    return Reply(texts.shown(contacts.of(call.tx, call.by)))


def _add(filled: Filled) -> Block:
    added: Contact = channels.add(filled.tx, filled.settings, filled.by, str(filled.answers["url"] or ""))
    text = f"I'll wake you by *{escape(added.shown)}* too. A test is on its way; if it fails, you hear it in Slack."
    return modal("Another way to reach you", [section(text)], close="Close")


BUTTONS: Mapping[str, Button] = {
    "page:acknowledge": Button(run=_acknowledge, changes=True, about_incident=False),
    "contact:list": Button(run=_list, changes=False, about_incident=False),
    "contact:open": Button(run=_open, changes=False, about_incident=False),
    "contact:try": Button(run=_try, changes=True, about_incident=False),
    "contact:remove": Button(run=_remove, changes=True, about_incident=False),
}
SUBMISSIONS: Mapping[str, tuple[Submission, str]] = {texts.ADD: (_add, "url")}
