"""The public page as the database has it: gathered in one transaction that only reads."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from bot.domain.impact import EVERYONE, Interval, PartImpact, Statement, impact_from
from bot.domain.incident import OPEN_STATES, State
from bot.domain.publication import Publication, Told
from bot.settings import Settings
from bot.status.safe import line, public_id, safe
from bot.status.snapshot import Damage, Incident, Link, Page, Service, Snapshot, Span, Update
from storage import marks, publications
from storage.publications import ByHand
from storage.store import Tx

_SINCE = "status-since"


def page_of(settings: Settings, logo: str = "") -> Page:
    """Whose page the settings describe; `logo`: the name of a file beside the pages."""
    about = settings.status
    links = tuple(Link(text=one.text, url=one.url) for one in about.links)
    # Its ids must stay when its name or address changes: they are made from this.
    return Page(
        key="watchbill", name=about.name, url=about.url, about=about.about, colour=about.colour, logo=logo, links=links
    )


def begin(tx: Tx) -> None:
    """From today on the page knows how things are; once said, it stays. Before the first writing."""
    if marks.get(tx, _SINCE) is None:
        marks.put(tx, _SINCE, {"day": tx.now.date().isoformat()})


def snapshot(tx: Tx, settings: Settings, page: Page) -> Snapshot:
    """All that the page shows now. What customers were not told of is not in it, whoever asks."""
    found = gathered(tx, settings).values()
    return Snapshot(
        page=page,
        services=services_of(settings),
        incidents=tuple(sorted(found, key=lambda one: one.began_at, reverse=True)),
        written_at=tx.now,
        since=_since(tx),
    )


def gathered(tx: Tx, settings: Settings, only: Collection[int] | None = None) -> dict[int, Incident]:
    """What customers know of incidents, by our numbers: of all of them, or of `only` these."""
    told, said = publications.told(tx, only), publications.said_of_impact(tx, only)
    by_hand = publications.by_hand(tx)
    known = {(one.component, one.tier): one for one in services_of(settings)}
    return {
        one.incident: _incident(one, told[one.incident], said.get(one.incident, ()), known, by_hand)
        for one in publications.published(tx, only)
        if told.get(one.incident)
    }


def update_id(tx: Tx, update: int) -> str:
    """Under which the page knows an update."""
    return _update_id(update, publications.by_hand(tx))


def services_of(settings: Settings) -> tuple[Service, ...]:
    """What the settings name, in their order, each with its tiers in theirs."""
    titles = {one.name: one.title for one in settings.components}
    order = {name: place for place, name in enumerate(titles)}
    parts = sorted(settings.parts, key=lambda part: order.get(part.component, 0))
    return tuple(_service(part.component, part.tier, titles.get(part.component, "")) for part in parts)


def _service(component: str, tier: str, title: str = "") -> Service:
    tier_title = "" if tier == EVERYONE else _capital(tier)
    return Service(component=component, title=line(title) or _capital(component), tier=tier, tier_title=tier_title)


def _capital(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _since(tx: Tx) -> date:
    mark = marks.get(tx, _SINCE)
    return date.fromisoformat(mark["day"]) if mark else tx.now.date()


def _incident(
    publication: Publication,
    told: Sequence[Told],
    said: Sequence[Statement],
    known: Mapping[tuple[str, str], Service],
    by_hand: ByHand,
) -> Incident:
    corrections = {one.corrects: one.sent_at for one in told if one.corrects}
    made = Incident(
        id=by_hand.incidents.get(publication.incident) or incident_id(publication.incident),
        title=line(publication.title),
        updates=tuple(_update(one, corrections.get(one.id), by_hand) for one in told),
    )
    ended_at = _ended(publication, made)
    damage = (_damage(one, ended_at, known) for one in impact_from(said).parts)
    return Incident(
        id=made.id,
        title=made.title,
        updates=made.updates,
        ended_at=ended_at,
        next_at=None if ended_at else publication.promised,
        damage=tuple(one for one in damage if one.spans),
    )


def incident_id(number: int) -> str:
    """Under which the page knows an incident that was not begun by hand."""
    return public_id("incident", number)


def _update(told: Told, corrected_at: datetime | None, by_hand: ByHand) -> Update:
    words = told.words
    return Update(
        id=_update_id(told.id, by_hand),
        at=told.sent_at,
        state=words.incident_state,
        text=safe(words.text),
        cause=words.cause,
        cause_text=line(words.cause_text),
        estimate_at=words.estimate_at,
        estimate_text=line(words.estimate_text),
        no_estimate_why=line(words.no_estimate_why),
        corrects=_update_id(told.corrects, by_hand) if told.corrects else "",
        corrected_at=corrected_at if told.corrected else None,
    )


def _update_id(update: int, by_hand: ByHand) -> str:
    """As the copy had it, when it was written there."""
    return by_hand.updates.get(update) or public_id("update", update)


def _ended(publication: Publication, told: Incident) -> datetime | None:
    """When it was over: in fact, or as customers were told."""
    last = told.current
    if publication.state not in OPEN_STATES:
        return publication.resolved_at or last.at
    return last.at if last.state is State.RESOLVED else None


def _damage(part: PartImpact, ended_at: datetime | None, known: Mapping[tuple[str, str], Service]) -> Damage:
    """Nothing of an incident outlasts it: what nobody has called restored was so at its end."""
    service = known.get((part.part.component, part.part.tier)) or _service(part.part.component, part.part.tier)
    spans = (_span(one, ended_at) for one in part.intervals if ended_at is None or one.start < ended_at)
    return Damage(service=service, spans=tuple(spans))


def _span(interval: Interval, ended_at: datetime | None) -> Span:
    end = interval.end if ended_at is None else min(interval.end or ended_at, ended_at)
    return Span(level=interval.level, is_down=interval.is_down, start=interval.start, end=end)
