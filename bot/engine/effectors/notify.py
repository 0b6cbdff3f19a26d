"""Reaching people beside Slack, by their own channels."""

from collections.abc import Mapping
from typing import Any

from bot.actions.waking import away, signin
from bot.actions.waking import contacts as channels
from bot.domain.contact import Contact
from bot.domain.effect import Effect
from bot.domain.incident import Incident
from bot.domain.page import Page
from bot.engine.effectors.base import Call, Drop, Effector, Look, Planning, Verdict
from bot.messages.waking.notices import NOTICES, Notice
from bot.vault import NoKey, Vault
from storage import contacts, incidents, pages
from storage.store import Tx


class Notify(Effector):
    """Not a call to Slack: the relay gives it to `bot.engine.notifying`. Said as things are when it goes out."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        contact = contacts.find(on.tx, effect.intent["contact"])
        if contact is None or contact.removed_at:
            return Drop("it was removed")
        known = on.people([contact.person]).get(contact.person)
        if known and known.deactivated:
            return Drop("they left the workspace")
        try:
            vault = Vault.of(on.settings)
            url = vault.open(contact.secret)
        except NoKey as error:
            channels.failed(on.tx, contact, str(error), asked=False)
            return Drop(str(error))
        notice = _notice(on, effect, contact, vault)
        if effect.intent["what"] == "pages" and not notice.pages:
            return Drop("no page of theirs is open any more")
        if effect.intent["what"] == "away" and not notice.waiting:
            return Drop("Slack is back, or it was answered")
        title, body = NOTICES[effect.intent["what"]](notice)
        arguments = {"url": url, "title": title, "body": body}
        return Call(method="notify", arguments=arguments, look=Look.SPOOL, marker=f"{effect.key}:{effect.id}")

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        channels.delivered(tx, contacts.get(tx, effect.intent["contact"]))

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        # A page is repeated anyway, and the person's other channels have it.
        channels.failed(tx, contacts.get(tx, effect.intent["contact"]), error, asked=effect.intent["what"] == "test")
        return Drop(error)


def _notice(on: Planning, effect: Effect, contact: Contact, vault: Vault) -> Notice:
    opened = [(page, incidents.get(on.tx, page.incident)) for page in pages.unanswered_by(on.tx, contact.person)]
    since = away.since(on.tx)
    rows = [row for person, row in away.waiting(on.tx) if person == contact.person] if since else []
    return Notice(
        away_since=since,
        waiting=[(on.incident(row), away.what_waits(row)) for row in rows],
        sign_in=_sign_in(on, contact) if since else "",
        zone=on.zone_of(contact.person),
        now=on.tx.now,
        names=on.names([page.paged_by for page, _ in opened]),
        pages=[(page, incident, _link(on, vault, page)) for page, incident in _newest(opened)],
    )


def _newest(opened: list[tuple[Page, Incident]]) -> list[tuple[Page, Incident]]:
    """The gravest first."""
    return sorted(opened, key=lambda one: (one[1].severity, -one[0].id))


def _sign_in(on: Planning, contact: Contact) -> str:
    token = signin.make_link(on.tx, contact.person, signin.new_token(), lasts=signin.AWAY_LINK_FOR)
    return signin.address(on.settings, token)


def _link(on: Planning, vault: Vault, page: Page) -> str:
    return f"{on.settings.web_url}/p/{page.id}/{vault.sign(f'page:{page.id}')}"
