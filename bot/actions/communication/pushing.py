"""Bringing what customers are told to where else they read it: Atlassian Statuspage, and whatever Apprise speaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot import log
from bot.actions import status
from bot.actions.pushes import push_statuspage
from bot.domain.effect import EffectKind
from bot.domain.incident import Incident, Kind
from bot.domain.update import Update, UpdateState
from bot.settings import Settings
from bot.settings_push import targets_of
from bot.status import statuspage_push
from bot.status.statuspage_push import Wanted
from bot.status.wording import state_words, update_lines
from storage import incidents, outbox, publications, pushes
from storage.pushes import Targets
from storage.store import Tx

_log = log.get("status-push")


def on_start(tx: Tx, settings: Settings) -> None:
    """Keep where updates are to be brought; a new page of Statuspage gets what is open, and what it knows of."""
    # Also while no page is set: a copy of this database has to know what a later one brings there.
    pushes.key(tx)
    at = Targets(settings.status.statuspage_page, tuple(targets_of(settings)))
    before = pushes.targets(tx)
    if at == before:
        return
    pushes.aim(tx, at)
    _follow(tx, [url for url in before.urls if url not in at.urls], [url for url in at.urls if url not in before.urls])
    if at.page != before.page:
        for number in sorted({*publications.open_ones(tx), *pushes.known(tx, at.page)}):
            push_statuspage(tx, incidents.get(tx, number), f"start{tx.now.timestamp():.0f}")


def _follow(tx: Tx, gone: Sequence[str], new: Sequence[str]) -> None:
    """What is on its way goes where a URL was changed to: it may have been mended. Else it will be dropped."""
    if len(gone) == len(new) == 1:
        pushes.readdress(tx, gone[0], new[0])
    elif lost := sum(pushes.unfinished(tx, hash_) for hash_ in gone):
        _log.warning("status pushes are dropped: their URL is set no more", rows=lost, urls=gone)


def push_update(tx: Tx, incident: Incident, update: Update) -> None:
    """Send a published update, or a correction, by each Apprise URL of the settings, in order for each of them."""
    if incident.private or incident.kind is not Kind.REAL or update.state is not UpdateState.PUBLISHED:
        return
    for hash_ in pushes.targets(tx).urls:
        key = f"{incident.name}:push:{update.id}:{hash_}"
        outbox.enqueue(
            tx,
            key,
            EffectKind.STATUS_PUSH,
            pushes.lane(hash_),
            incident=incident.number,
            needs_channel=False,
            update=update.id,
            to=hash_,
        )


@dataclass(frozen=True, slots=True)
class Words:
    """An update as a message of its own; `at`: when it was published."""

    title: str
    body: str
    at: datetime


def words_of(tx: Tx, settings: Settings, number: int, update: int) -> Words | None:
    """What is sent of an update; None when customers are not to know of it, or it was corrected meanwhile."""
    incident = status.gathered(tx, settings, [number]).get(number)
    id_ = status.update_id(tx, update)
    said = next((one for one in incident.updates if one.id == id_), None) if incident else None
    if incident is None or said is None or said.corrected_at:
        return None
    lines = [*update_lines(said), *([settings.status.url] if settings.status.url else [])]
    return Words(f"{incident.title}: {state_words(said.state)}", "\n\n".join(lines), said.at)


@dataclass(frozen=True, slots=True)
class Statuspage:
    """What Statuspage should say of an incident, and its id there when it is known."""

    wanted: Wanted
    known: str


def statuspage(tx: Tx, settings: Settings, number: int) -> Statuspage | None:
    """As things are now; None when no page is set, or customers know nothing of this incident."""
    page, components = settings.status.statuspage_page, settings.status.statuspage_components
    if not page:
        return None
    found = status.gathered(tx, settings, {number, *publications.open_ones(tx)})
    if number not in found:
        return None
    # A component is as bad as the worst that any open incident says of it.
    right = statuspage_push.levels(found.values(), components)
    has = pushes.pushed(tx, page, number)
    wanted = Wanted(
        page=page,
        incident=found[number],
        levels={id_: right[id_] for id_ in statuspage_push.levels([found[number]], components)},
        change=statuspage_push.next_change(right, pushes.levels(tx, page), list(components.values())),
        key=pushes.key(tx),
        sent=has.sent,
        turned=has.turned,
        notify=settings.status.statuspage_notify,
    )
    return Statuspage(wanted, has.id)


def pushed(tx: Tx, page: str, number: int, answer: Mapping[str, Any], effect: int) -> None:
    """Keep what Statuspage has accepted; when it was something, look whether there is more to say."""
    has = replace(pushes.pushed(tx, page, number), id=str(answer.get("id") or ""))
    if update := answer.get("update"):
        has = replace(has, sent={**has.sent, **update}, turned="")
    if turned := answer.get("turned"):
        has = replace(has, turned=str(turned))
    pushes.keep(tx, page, number, has)
    if levels := answer.get("levels"):
        pushes.keep_levels(tx, page, {**pushes.levels(tx, page), **levels})
    if answer.get("more"):
        push_statuspage(tx, incidents.get(tx, number), f"after{effect}")
