"""Where else updates to customers are brought, and what Statuspage is known to have of them."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from sqlalchemy import ColumnElement, and_, func, select, update

from bot.domain.effect import EffectState
from storage import marks
from storage.store import Tx
from storage.tables import outbox
from storage.waking_tables import marks as table

_TARGETS, _INCIDENT, _LEVELS, _KEY = "push-targets", "statuspage:", "statuspage-levels:", "push-key"


@dataclass(frozen=True, slots=True)
class Targets:
    """As the settings had it at the last start. `page`: the page of Statuspage; `urls`: hashes of Apprise's URLs."""

    page: str = ""
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pushed:
    """An incident at Statuspage: its `id` there, the updates accepted, what it was last told without one.

    `sent`: digests of what they say, by their ids.
    """

    id: str = ""
    sent: Mapping[str, str] = field(default_factory=dict)
    turned: str = ""


def key(tx: Tx) -> str:
    """A random name of this database, made when it is asked for first; a copy keeps it."""
    found = marks.get(tx, _KEY)
    if found is None:
        found = {"key": secrets.token_hex(6)}
        marks.put(tx, _KEY, found)
    return str(found["key"])


def targets(tx: Tx) -> Targets:
    """Where else updates are brought; nowhere when nothing was set."""
    found = marks.get(tx, _TARGETS)
    return Targets(found["page"], tuple(found["urls"])) if found else Targets()


def aim(tx: Tx, at: Targets) -> None:
    """From now on updates are brought there."""
    marks.put(tx, _TARGETS, asdict(at))


def pushed(tx: Tx, page: str, incident: int) -> Pushed:
    """What that page of Statuspage has of an incident, as far as is known."""
    found = marks.get(tx, f"{_INCIDENT}{page}:{incident}")
    return Pushed(found["id"], found["sent"], found["turned"]) if found else Pushed()


def keep(tx: Tx, page: str, incident: int, has: Pushed) -> None:
    """That page of Statuspage has this of an incident."""
    marks.put(tx, f"{_INCIDENT}{page}:{incident}", asdict(has))


def known(tx: Tx, page: str) -> list[int]:
    """The numbers of the incidents of which that page of Statuspage has something."""
    begins = f"{_INCIDENT}{page}:"
    query = select(table.c.name).where(table.c.name.startswith(begins, autoescape=True))
    return [int(name.removeprefix(begins)) for name in tx.conn.scalars(query)]


def levels(tx: Tx, page: str) -> Mapping[str, str]:
    """The levels that components of that page were last told to be at, by their ids there."""
    return marks.get(tx, _LEVELS + page) or {}


def keep_levels(tx: Tx, page: str, levels: Mapping[str, str]) -> None:
    """Components of that page were told these levels."""
    marks.put(tx, _LEVELS + page, levels)


def lane(hash_: str) -> str:
    """In which the updates for one Apprise URL go, one after the other."""
    return f"push:{hash_}"


def _unfinished(hash_: str) -> ColumnElement[bool]:
    ended = outbox.c.state.in_([EffectState.SENT, EffectState.DROPPED])
    return and_(outbox.c.lane == lane(hash_), ~ended)


def unfinished(tx: Tx, hash_: str) -> int:
    """How many updates wait for an Apprise URL, or failed to reach it."""
    return tx.conn.scalar(select(func.count()).select_from(outbox).where(_unfinished(hash_))) or 0


def readdress(tx: Tx, old: str, new: str) -> None:
    """What waits for an Apprise URL, or failed to reach it, is for another from now on."""
    intent = func.json_set(outbox.c.intent, "$.to", new)
    tx.conn.execute(update(outbox).where(_unfinished(old)).values(lane=lane(new), intent=intent))
