"""Signing in on the web: by a link that works once and soon, for a session of a week.

Tokens are drawn by whoever asks (`new_token`), so that what is decided here depends on nothing but its arguments.
"""

import secrets
from datetime import timedelta

from bot.domain.incident import PersonId
from bot.domain.people import check_can_act
from bot.errors import NotAllowed, WrongState
from bot.settings import Settings
from storage import people, signin
from storage.store import Tx

LINK_FOR = timedelta(minutes=15)
# Sent where it may be read late, by somebody who can't ask for another while Slack is away.
AWAY_LINK_FOR = timedelta(hours=12)
SESSION_FOR = timedelta(days=7)
_ANEW = "Get a new one in Slack: `/incident web`"


def new_token() -> str:
    """A token nobody can guess: 192 bits, fit to stand in an address."""
    return secrets.token_urlsafe(24)


def make_link(tx: Tx, person: PersonId, token: str, lasts: timedelta = LINK_FOR) -> str:
    """Let `token` sign this person in once, within `lasts`; it is answered as it is. Raises CannotAct."""
    check_can_act(people.get(tx, person), person)
    signin.add_link(tx, token, person, tx.now + lasts)
    return token


def address(settings: Settings, token: str, incident: int | None = None) -> str:
    """Where a link leads: to somebody's first page, or to that of an incident."""
    return f"{settings.web_url}/in/{token}" + (f"?to={incident}" if incident else "")


def whose(tx: Tx, token: str) -> PersonId:
    """Whom this link would sign in now. Raises WrongState when it was used or is too old, NotAllowed if it never was.

    Also for who left the workspace: then the link leads nowhere.
    """
    link = signin.link(tx, token)
    if link is None:
        raise NotAllowed("This link is not known here.", _ANEW)
    if link.used_at:
        raise WrongState("This link was used already, and each works once.", _ANEW)
    if link.expires_at <= tx.now:
        raise WrongState("This link has expired.", _ANEW)
    check_can_act(people.get(tx, link.person), link.person)
    return link.person


def use(tx: Tx, token: str, session: str) -> PersonId:
    """Begin the session of that token for whom the link is for. Raises as `whose` does; a link works once."""
    person = whose(tx, token)
    signin.use_link(tx, token)
    signin.begin_session(tx, session, person, tx.now + SESSION_FOR)
    return person


def who(tx: Tx, session: str) -> PersonId | None:
    """Who is signed in with this session; nobody when it is over, or they can't act here any more."""
    person = signin.person_of(tx, session) if session else None
    known = people.get(tx, person) if person else None
    return None if known and (known.deactivated or known.bot or known.foreign) else person


def end(tx: Tx, session: str) -> None:
    """Sign out."""
    signin.end_session(tx, session)


def person_left(tx: Tx, person: PersonId) -> None:
    """Somebody left the workspace: they are signed out everywhere."""
    signin.end_all(tx, person)
