"""Sign-in links and sessions: kept by the hashes of their tokens, so that who reads the database can't use them."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert, or_, select, update

from bot.domain.incident import PersonId
from storage.store import Tx
from storage.waking_tables import links, sessions


@dataclass(frozen=True, slots=True)
class Link:
    """A link that signs one person in, once, before `expires_at`."""

    person: PersonId
    expires_at: datetime
    used_at: datetime | None


def hash_of(token: str) -> str:
    """What is kept of a token. It is as random as a key: nothing slower than one hash is needed."""
    return sha256(token.encode()).hexdigest()


def add_link(tx: Tx, token: str, person: PersonId, expires_at: datetime) -> None:
    values = {"hash": hash_of(token), "person": person, "made_at": tx.now, "expires_at": expires_at}
    tx.conn.execute(insert(links).values(**values))


def link(tx: Tx, token: str) -> Link | None:
    """The link of that token; None when there is none, or none any more."""
    query = select(links.c.person, links.c.expires_at, links.c.used_at).where(links.c.hash == hash_of(token))
    row = tx.conn.execute(query).one_or_none()
    return Link(*row) if row else None


def use_link(tx: Tx, token: str) -> bool:
    """Mark a link as used; whether it was not before."""
    fresh = (links.c.hash == hash_of(token), links.c.used_at.is_(None))
    return tx.conn.execute(update(links).where(*fresh).values(used_at=tx.now)).rowcount == 1


def begin_session(tx: Tx, token: str, person: PersonId, expires_at: datetime) -> None:
    values = {"hash": hash_of(token), "person": person, "began_at": tx.now, "expires_at": expires_at}
    tx.conn.execute(insert(sessions).values(**values))


def person_of(tx: Tx, token: str) -> PersonId | None:
    """Whose session this is; None when it has ended, has expired or never was."""
    going_on = (sessions.c.ended_at.is_(None), sessions.c.expires_at > tx.now)
    found: str | None = tx.conn.scalar(select(sessions.c.person).where(sessions.c.hash == hash_of(token), *going_on))
    return found


def end_session(tx: Tx, token: str) -> None:
    """End one session; one that has ended, or never was, is no trouble."""
    one = (sessions.c.hash == hash_of(token), sessions.c.ended_at.is_(None))
    tx.conn.execute(update(sessions).where(*one).values(ended_at=tx.now))


def end_all(tx: Tx, person: PersonId) -> None:
    """End every session of somebody, and let their links lead nowhere."""
    theirs = (sessions.c.person == person, sessions.c.ended_at.is_(None))
    tx.conn.execute(update(sessions).where(*theirs).values(ended_at=tx.now))
    unused = (links.c.person == person, links.c.used_at.is_(None))
    tx.conn.execute(update(links).where(*unused).values(used_at=tx.now))


def forget_before(tx: Tx, before: datetime) -> int:
    """Delete links and sessions that were over before a time; how many rows that were."""
    old_links = tx.conn.execute(links.delete().where(links.c.expires_at < before)).rowcount
    over = or_(sessions.c.expires_at < before, sessions.c.ended_at < before)
    return old_links + tx.conn.execute(sessions.delete().where(over)).rowcount
