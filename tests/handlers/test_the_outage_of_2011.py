"""The outage of April 2011, entered as commands while it goes on: the downtimes in card, digest and drafts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.actions.communication import updates
from bot.actions.overview import overview
from bot.domain.incident import State
from bot.domain.update import Words
from bot.messages.card import card
from bot.settings import Settings
from bot.settings_tables import Component
from handlers.slack.call import Reply
from storage import incidents, people
from storage import updates as stored
from storage.store import Store
from tests.handlers import asking
from tests.handlers.situations import known
from tests.support.clock import MovableClock
from tests.support.database import new_store
from tests.support.story import BOB, CHANNEL, EVE, IC, begin, settings

BEGAN = datetime(2011, 4, 21, 8, 15, tzinfo=UTC)
TIERS = ("production", "free")
COMPONENTS = (
    Component(name="dedicated-databases", title="Dedicated databases", tiers=TIERS),
    Component(name="shared-databases", title="Shared databases"),
    Component(name="deploys", title="Deploys"),
)
SHARED = 900


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(BEGAN)


@pytest.fixture
def store(clock: MovableClock) -> Iterator[Store]:
    with new_store(clock) as opened:
        with opened.write() as tx:
            for who in (IC, BOB, EVE):
                people.save(tx, known(who))
            begin(tx, title="The region is down")
        yield opened


def setting() -> Settings:
    return settings(components=COMPONENTS)


def types(store: Store, text: str) -> Reply:
    return asking.command(store, IC, text, CHANNEL, setting())


def at(clock: MovableClock, hours: float) -> None:
    """So many hours after it began."""
    clock.move(seconds=(BEGAN + timedelta(hours=hours) - clock.now()).total_seconds())


def drafted(store: Store) -> str:
    """The text that the form for a public update begins with."""
    view = types(store, "update public").view
    assert view is not None
    fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    return str(fields["text"]["initial_value"])


def publish(store: Store, text: str) -> None:
    """The IC publishes it, as after a preview."""
    with store.write() as tx:
        incident = incidents.get(tx, 1)
        words = Words(text=text, incident_state=State.IDENTIFIED, title="Databases can't be reached")
        written = updates.write(tx, setting(), incident, words, IC)
        updates.publish(tx, setting(), written.id, IC, updates.seen_of(stored.get(tx, written.id)))


def shown(store: Store) -> str:
    with store.read() as tx:
        return asking.text_of(Reply(card(overview(tx, incidents.get(tx, 1)))))


def digest(store: Store) -> str:
    return asking.text_of(types(store, "digest"))


def test_downtimes_in_card_digest_and_draft_and_no_two_drafts_alike(store: Store, clock: MovableClock) -> None:
    for words in ("dedicated-databases/production major", "shared-databases major affected 900", "deploys major"):
        types(store, f"impact {words}")
    drafts: list[str] = []
    hours = [*range(1, 25), 40, 60]
    for hour in hours:
        at(clock, hour)
        if hour == 16:
            types(store, "impact dedicated-databases/production operational")
        types(store, f'progress "shared databases" {hour * SHARED // 60}/{SHARED}')
        text = drafted(store)
        drafts.append(text)
        publish(store, text)
    facts = [draft for draft in drafts if f"of {SHARED} shared databases restored" in draft]
    assert len(facts) == len(set(drafts)) == len(hours), "each hour has its own facts"
    assert "Dedicated databases (production): working again since 00:15 UTC, after 16 h." in drafts[15]
    assert "15 → 30 of 900 shared databases restored" in drafts[1]

    types(store, "impact shared-databases operational")
    at(clock, 76)
    types(store, "impact deploys operational")
    last = drafted(store)
    assert "Shared databases: working again since 23 Apr 20:15 UTC, after 60 h." in last
    assert "Deploys: working again since 12:15 UTC, after 76 h." in last
    for page in (shown(store), digest(store)):
        for line in (
            "dedicated-databases/production*: down 16 h",
            "shared-databases*: down 60 h",
            "deploys*: down 76 h",
            "76 h",
        ):
            assert line.replace("*", "") in page.replace("*", ""), page
