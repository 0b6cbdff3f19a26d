"""Where else updates to customers are brought, and what Statuspage is known to have of them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from storage import marks
from storage.store import Tx

_TARGETS, _INCIDENT, _LEVELS = "push-targets", "statuspage:", "statuspage-levels:"


@dataclass(frozen=True, slots=True)
class Targets:
    """As the settings had it at the last start. `page`: the page of Statuspage; `urls`: hashes of Apprise's URLs."""

    page: str = ""
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pushed:
    """An incident at Statuspage: its `id` there, ids of the updates accepted, what it was last told without one."""

    id: str = ""
    sent: tuple[str, ...] = ()
    turned: str = ""


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
    return Pushed(found["id"], tuple(found["sent"]), found["turned"]) if found else Pushed()


def keep(tx: Tx, page: str, incident: int, has: Pushed) -> None:
    """That page of Statuspage has this of an incident."""
    marks.put(tx, f"{_INCIDENT}{page}:{incident}", asdict(has))


def levels(tx: Tx, page: str) -> Mapping[str, str]:
    """The levels that components of that page were last told to be at, by their ids there."""
    return marks.get(tx, _LEVELS + page) or {}


def keep_levels(tx: Tx, page: str, levels: Mapping[str, str]) -> None:
    """Components of that page were told these levels."""
    marks.put(tx, _LEVELS + page, levels)
