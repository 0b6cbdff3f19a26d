"""What customers may know, all of it, in four queries: the public page is made from nothing else.

`only` restricts a query to incidents of these numbers.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, and_, select, true

from bot.domain.impact import Level, Part, Statement
from bot.domain.incident import OPEN_STATES, Kind, State
from bot.domain.publication import Publication, Told
from bot.domain.update import Audience, Cause, PromiseState, UpdateState, Words
from storage.communication_tables import impacts, promises, publications, updates
from storage.store import Tx
from storage.tables import incidents
from storage.waking_tables import marks

# Marks of what was taken in from a copy of the page; its id there follows.
UPDATE, INCIDENT = "by-hand-update:", "by-hand-incident:"
# Whatever stands in `publications`: of these nothing is ever told.
_PUBLIC = (incidents.c.private.is_(False), incidents.c.kind == Kind.REAL)
_TOLD = (updates.c.audience == Audience.PUBLIC, updates.c.published_at.is_not(None))


def _among(only: Collection[int] | None) -> ColumnElement[bool]:
    return true() if only is None else incidents.c.number.in_(list(only))


def open_ones(tx: Tx) -> list[int]:
    """The numbers of the open incidents that customers know of."""
    query = select(incidents.c.number).select_from(publications.join(incidents))
    return list(tx.conn.scalars(query.where(incidents.c.state.in_(list(OPEN_STATES)), *_PUBLIC)))


def published(tx: Tx, only: Collection[int] | None = None) -> list[Publication]:
    """The incidents that customers know of, the newest first; never a private one, never a drill."""
    columns = (incidents.c.number, publications.c.title, incidents.c.state, incidents.c.resolved_at, promises.c.due_at)
    promised = and_(promises.c.incident == incidents.c.number, promises.c.state == PromiseState.OPEN)
    joined = publications.join(incidents).outerjoin(promises, promised)
    query = select(*columns).select_from(joined).where(*_PUBLIC, _among(only))
    rows = tx.conn.execute(query.order_by(incidents.c.number.desc()))
    return [
        Publication(incident=number, title=title, state=State(state), resolved_at=resolved_at, promised=due_at)
        for number, title, state, resolved_at, due_at in rows
    ]


def told(tx: Tx, only: Collection[int] | None = None) -> Mapping[int, Sequence[Told]]:
    """Every public update that was sent, by incident, the newest first."""
    of_words = ("text", "incident_state", "cause", "cause_text", "estimate_at", "estimate_text", "no_estimate_why")
    columns = [updates.c[name] for name in ("id", "incident", "published_at", "corrects", "state", *of_words)]
    query = select(*columns).select_from(updates.join(incidents)).where(*_TOLD, *_PUBLIC, _among(only))
    found: dict[int, list[Told]] = defaultdict(list)
    rows = tx.conn.execute(query.order_by(updates.c.published_at.desc(), updates.c.id.desc()))
    # Taken apart at a stroke: there may be tens of thousands.
    for id_, incident, sent_at, corrects, state, text, told_state, cause, cause_text, at, estimate, why in rows:
        words = Words(
            text=text,
            incident_state=State(told_state),
            cause=Cause(cause),
            cause_text=cause_text,
            estimate_at=at,
            estimate_text=estimate,
            no_estimate_why=why,
        )
        corrected = state == UpdateState.CORRECTED
        one = Told(id=id_, incident=incident, sent_at=sent_at, words=words, corrects=corrects, corrected=corrected)
        found[incident].append(one)
    return found


def said_of_impact(tx: Tx, only: Collection[int] | None = None) -> Mapping[int, Sequence[Statement]]:
    """All that was said of the impact of these incidents and not taken back; without who said it, or of how many."""
    columns = [impacts.c[name] for name in "id incident component tier place level since is_down said_at".split()]
    query = select(*columns).select_from(impacts.join(incidents).join(publications))
    found: dict[int, list[Statement]] = defaultdict(list)
    # There are few parts, and many say something of each.
    part = cache(lambda component, tier, place: Part(component=component, tier=tier, place=place))
    standing = (impacts.c.removed_at.is_(None), *_PUBLIC, _among(only))
    rows = tx.conn.execute(query.where(*standing).order_by(impacts.c.id))
    for id_, incident, component, tier, place, level, since, is_down, said_at in rows:
        found[incident].append(
            Statement(
                id=id_,
                part=part(component, tier, place),
                level=Level(level),
                since=since,
                is_down=is_down,
                said_by="",
                said_at=said_at,
            )
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """What was taken in from a copy of the page: the ids it has there, by ours."""

    updates: Mapping[int, str]
    incidents: Mapping[int, str]


def by_hand(tx: Tx) -> ByHand:
    """All that was ever taken in: these are few."""
    query = select(marks.c.name, marks.c.value).where(marks.c.name.like("by-hand-%"))
    found: dict[str, dict[int, str]] = {"update": {}, "incident": {}}
    for name, value in tx.conn.execute(query):
        for kind, number in value.items():
            found[kind][number] = name.rpartition(":")[2]
    return ByHand(updates=found["update"], incidents=found["incident"])
