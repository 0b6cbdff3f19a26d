"""The page as the database has it: what was published, and nothing before, beside or behind it."""

from dataclasses import replace

from bot.actions import status
from bot.actions.communication import impact, updates
from bot.actions.incident import ending
from bot.actions.incident.declare import Declaration, declare
from bot.domain.impact import Level, Part
from bot.domain.incident import Incident, Kind, State
from bot.domain.update import Audience, Update, Words
from bot.status.files import Drawing
from bot.status.snapshot import Snapshot
from storage import updates as stored
from storage.store import Store, Tx
from tests.status.pages import PAGE
from tests.support.clock import MovableClock
from tests.support.story import BOB, IC, begin, settings

SETTINGS = settings()
SHARED = Part(component="shared-databases")
WORDS = Words(text="Databases can't be reached.", incident_state=State.INVESTIGATING, title="Databases are down")


def tell(tx: Tx, incident: Incident, words: Words, corrects: int | None = None) -> Update:
    written = updates.write(tx, SETTINGS, incident, words, IC, corrects=corrects)
    return updates.publish(tx, SETTINGS, written.id, IC, updates.seen_of(written), all_the_same=True)


def hit(tx: Tx, incident: Incident, level: Level, part: Part = SHARED, affected: int | None = None) -> None:
    said = impact.Report(parts=(part,), level=level, since=tx.now, affected=affected)
    impact.report(tx, SETTINGS, incident, said, IC)


def page(store: Store) -> Snapshot:
    with store.read() as tx:
        return status.snapshot(tx, SETTINGS, PAGE)


def test_nothing_before_the_first_published_update(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        incident = begin(tx, title="Replica of shard 7 is corrupt")
        hit(tx, incident, Level.MAJOR_OUTAGE, affected=9871)
        draft = updates.write(tx, SETTINGS, incident, WORDS, BOB)
    assert page(store).incidents == ()
    assert set(page(store).levels.values()) == {Level.OPERATIONAL}
    clock.move(minutes=5)
    with store.write() as tx:
        updates.publish(tx, SETTINGS, draft.id, IC, updates.seen_of(draft))
    shown = page(store)
    (found,) = shown.incidents
    assert (found.title, found.state, found.is_open) == ("Databases are down", State.INVESTIGATING, True)
    assert found.id == status.incident_id(incident.number)
    assert shown.levels[found.damage[0].service] is Level.MAJOR_OUTAGE
    assert [one.name for one in shown.services] == [
        "Dedicated databases, Production",
        "Dedicated databases, Free",
        "Shared databases",
        "Deploys",
    ]
    text = b"".join(Drawing().files(shown).values()).decode()
    for secret in ("shard 7", "INC-", IC, BOB, "sev2", "9871"):
        assert secret not in text


def test_private_ones_and_drills_never_are_on_it(store: Store) -> None:
    with store.write() as tx:
        private = begin(tx, private=True, title="Somebody is inside")
        drill = declare(tx, SETTINGS, Declaration(title="Exercise", kind=Kind.DRILL), IC)
        tell(tx, drill, WORDS)
        # Whatever should have kept it from being published.
        stored.publish_as(tx, private.number, "Oops")
        kept = stored.add(tx, private.number, Audience.PUBLIC, WORDS, IC, {})
        stored.change(tx, kept.id, state="published", published_at=tx.now)
        hit(tx, private, Level.MAJOR_OUTAGE)
        hit(tx, drill, Level.MAJOR_OUTAGE)
    assert page(store).incidents == ()
    assert set(page(store).levels.values()) == {Level.OPERATIONAL}


def test_its_course(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        status.begin(tx)
        incident = begin(tx)
        first = tell(tx, incident, replace(WORDS, next_at=clock.move(minutes=30)))
        hit(tx, incident, Level.MAJOR_OUTAGE)
    clock.move(minutes=20)
    with store.write() as tx:
        second = tell(tx, incident, replace(WORDS, text="A correction.", title=""), corrects=first.id)
        updates.tell_inside(tx, incident, "Only for us", IC)
    (found,) = page(store).incidents
    assert [(one.text, bool(one.corrected_at)) for one in found.updates] == [
        ("A correction.", False),
        ("Databases can't be reached.", True),
    ]
    assert found.updates[0].corrects == found.updates[1].id
    assert found.updates[1].corrected_at == second.published_at
    with store.write() as tx:
        assert found.next_at == (stored.open_promise(tx, incident.number) or first).due_at  # type: ignore[union-attr]
    clock.move(minutes=40)
    with store.write() as tx:
        ending.resolve(tx, incident, "", IC)
    ended_at = clock.now()
    clock.move(hours=30)
    shown = page(store)
    (found,) = shown.incidents
    assert (found.state, found.ended_at, found.next_at) == (State.RESOLVED, ended_at, None)
    # Nobody said that it works again: it was so when all was over.
    assert found.damage[0].spans[-1].end == ended_at
    assert set(shown.levels.values()) == {Level.OPERATIONAL}
    assert shown.since < shown.written_at.date()


def test_customers_hear_that_it_is_over_before_we_say_so_inside(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        incident = begin(tx)
        tell(tx, incident, WORDS)
        clock.move(minutes=20)
        stored.change(tx, 1, incident_state=State.RESOLVED)
    (found,) = page(store).incidents
    assert found.ended_at == found.updates[0].at
