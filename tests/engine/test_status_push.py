"""What customers are told stands at Statuspage once, whatever becomes of a request; by Apprise it goes to each URL."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bot.actions import starting
from bot.actions.communication import impact, pushing, updates
from bot.actions.incident import ending
from bot.actions.incident.declare import Declaration, declare
from bot.domain.effect import EffectKind
from bot.domain.impact import Level, Part
from bot.domain.incident import Incident, Kind, State
from bot.domain.update import Update, Words
from bot.engine.effectors import EFFECTORS
from bot.engine.effectors.base import Call, Drop, Fail, Planning, Retry, Verdict
from bot.settings_tables import StatusSettings
from storage import backlog, incidents, marks, outbox
from storage import updates as stored
from storage.store import Store, Tx
from tests.engine.relaying import Scene, quiet_incident, scene
from tests.support.clock import MovableClock
from tests.support.status_peers import KEY, Statuspage, statuspage_chosen, statuspage_peer
from tests.support.story import IC, begin, settings

WORDS = Words(text="Databases can't be reached.", incident_state=State.INVESTIGATING, title="Databases are down")
SECOND = replace(WORDS, text="A switch is broken.", incident_state=State.IDENTIFIED, title="")
DEPLOYS, SHARED = Part(component="deploys"), Part(component="shared-databases")
URLS = "json://127.0.0.1:1/hush-hush-1 slack://TokenA/TokenB/TokenC12345"
Story = Callable[[Scene, Statuspage], Awaitable[None]]


def said(words: Words) -> str:
    """As it is read elsewhere."""
    return f"{words.text}\n\nThe cause is not known yet."


def tell(tx: Tx, incident: Incident, words: Words, corrects: int | None = None) -> Update:
    written = updates.write(tx, settings(), incident, words, IC, corrects=corrects)
    return updates.publish(tx, settings(), written.id, IC, updates.seen_of(written), all_the_same=True)


def hit(tx: Tx, number: int, level: Level, part: Part = DEPLOYS) -> None:
    report = impact.Report(parts=(part,), level=level, since=tx.now)
    impact.report(tx, settings(), incidents.get(tx, number), report, IC)


def publish(tx: Tx, words: Words = WORDS, number: int = 1) -> Update:
    return tell(tx, incidents.get(tx, number), words)


def resolve(tx: Tx, number: int = 1) -> None:
    ending.resolve(tx, incidents.get(tx, number), "", IC)


@pytest.fixture
def peer() -> Iterator[Statuspage]:
    with statuspage_peer() as opened:
        yield opened


@pytest.fixture
def play(store: Store, clock: MovableClock, peer: Statuspage) -> Callable[[Story], None]:
    """Run a story with a relay at work on an incident that nobody was told of."""

    def run(story: Story) -> None:
        with store.write() as tx:
            quiet_incident(tx)
            pushing.on_start(tx, statuspage_chosen(peer.url))

        async def work() -> None:
            async with scene(store, clock, statuspage_chosen(peer.url)) as made:
                await story(made, peer)

        asyncio.run(work())

    return run


async def done(scene: Scene, work: Callable[..., object], *args: object) -> None:
    await scene.store.run(work, *args)
    await scene.quiet()


async def rows(scene: Scene, kind: EffectKind = EffectKind.STATUSPAGE) -> list[Any]:
    return await scene.store.view(lambda tx: [row for row in backlog.unfinished(tx) if row.kind == kind])


def test_statuspage_says_what_our_page_says(play: Callable[[Story], None]) -> None:
    async def story(scene: Scene, peer: Statuspage) -> None:
        await done(scene, hit, 1, Level.MAJOR_OUTAGE)
        assert peer.calls == []
        await done(scene, publish)
        await done(scene, publish, SECOND)
        assert peer.said == [("investigating", said(WORDS)), ("identified", said(SECOND))]
        assert peer.incidents[0]["name"] == "Databases are down"
        assert peer.levels["c2deploys0"] == "major_outage"
        await done(scene, hit, 1, Level.DEGRADED_PERFORMANCE)
        await done(scene, hit, 1, Level.PARTIAL_OUTAGE, SHARED)
        assert (peer.levels["c2deploys0"], peer.levels["c1checkout"]) == ("degraded_performance", "partial_outage")
        assert len(peer.said) == 2, "levels make no update"
        await scene.move(minutes=1)
        await done(scene, resolve)
        assert peer.said[2:] == [("resolved", "This incident is resolved.")]
        assert set(peer.levels.values()) == {"operational"}
        await done(scene, lambda tx: ending.close(tx, incidents.get(tx, 1), IC))
        assert len(peer.changes) == 5
        assert await rows(scene) == []

    play(story)


@pytest.mark.parametrize(("fault", "waits"), [("lose", 0), ("vanish", 20.2), (503, 20.2)])
@pytest.mark.parametrize("before", [0, 1])
def test_an_answer_that_is_lost_doubles_nothing(
    play: Callable[[Story], None], fault: str | int, waits: float, before: int
) -> None:
    async def story(scene: Scene, peer: Statuspage) -> None:
        told = [WORDS, SECOND][: before + 1]
        for words in told[:-1]:
            await done(scene, publish, words)
        peer.script = [fault]
        await done(scene, publish, told[-1])
        if waits:
            assert len(peer.changes) == len(told), "not again before it had time to arrive"
            await scene.move(seconds=waits)
        assert [words for _, words in peer.said] == [said(one) for one in told]
        assert await rows(scene) == []

    play(story)


def test_one_that_arrives_late_is_seen(play: Callable[[Story], None]) -> None:
    async def story(scene: Scene, peer: Statuspage) -> None:
        await done(scene, publish)
        peer.script = ["vanish"]
        await done(scene, publish, SECOND)
        await scene.move(seconds=10)
        there = peer.incidents[0]
        there["incident_updates"].insert(0, {"body": said(SECOND), "status": "identified"})
        await scene.move(seconds=11)
        assert (len(peer.said), len(peer.changes)) == (2, 2)
        assert await rows(scene) == []

    play(story)


def test_a_limit_holds_up_nothing_but_statuspage(play: Callable[[Story], None]) -> None:
    async def story(scene: Scene, peer: Statuspage) -> None:
        peer.script = [429]
        await done(scene, publish)
        assert scene.peer.messages, "Slack has it"
        await scene.move(seconds=19)
        assert len(peer.changes) == 1
        await scene.move(seconds=2)
        assert peer.said == [("investigating", said(WORDS))]

    play(story)


def test_a_key_that_is_refused_keeps_it_waiting(play: Callable[[Story], None]) -> None:
    async def story(scene: Scene, peer: Statuspage) -> None:
        peer.refuses = 403
        await done(scene, publish)
        (row,) = await rows(scene)
        assert (row.state, row.sends) == ("pending", 0)
        assert row.error == (
            "Statuspage refuses the key (403): set WATCHBILL_STATUSPAGE_KEY to one that may change the page"
        )
        peer.refuses = 0
        await scene.move(minutes=5, seconds=1)
        assert peer.said == [("investigating", said(WORDS))]

    play(story)


def test_what_is_refused_is_the_operators(play: Callable[[Story], None], capsys: pytest.CaptureFixture[str]) -> None:
    async def story(scene: Scene, peer: Statuspage) -> None:
        peer.script = [422]
        await done(scene, publish)
        (row,) = await rows(scene)
        assert (row.state, row.error) == ("failed", 'Statuspage refuses it (422): {"error": ["It does not do"]}')
        await done(scene, publish, SECOND)
        assert len(peer.said) == 2, "the next change brings both"
        peer.incidents.clear()
        await done(scene, publish, replace(SECOND, text="Still broken."))
        assert peer.incidents == [], "what was deleted there is not begun again"
        assert (await rows(scene))[-1].error.startswith("Statuspage has no such page, incident or component (404)")

    play(story)
    captured = capsys.readouterr()
    assert KEY not in captured.out + captured.err


def test_a_component_that_is_gone_keeps_nothing_back(
    play: Callable[[Story], None], capsys: pytest.CaptureFixture[str]
) -> None:
    async def story(scene: Scene, peer: Statuspage) -> None:
        del peer.levels["c2deploys0"]
        await done(scene, hit, 1, Level.MAJOR_OUTAGE)
        await done(scene, publish)
        assert peer.said == [("investigating", said(WORDS))]
        await done(scene, hit, 1, Level.PARTIAL_OUTAGE, SHARED)
        assert peer.levels["c1checkout"] == "partial_outage", "nor another component"
        assert await rows(scene) == []

    play(story)
    told = capsys.readouterr().out
    assert "status.statuspage_components" in told
    assert "c2deploys0" in told


def test_while_it_is_down_slack_is_not_away(play: Callable[[Story], None], peer: Statuspage) -> None:
    peer.refuses = 500

    async def story(scene: Scene, peer: Statuspage) -> None:
        await done(scene, publish)
        for _ in range(6):
            await scene.move(minutes=1)
        (row,) = await rows(scene)
        assert (row.state, row.sends) == ("pending", 0), "only reading was tried"
        away = await scene.store.view(lambda tx: marks.get(tx, "away"))
        assert (away, await rows(scene, EffectKind.PROBE)) == (None, [])
        peer.refuses = 0
        await scene.move(minutes=1, seconds=1)
        assert len(peer.said) == 1

    play(story)


def test_two_incidents_and_one_component(play: Callable[[Story], None]) -> None:
    async def story(scene: Scene, peer: Statuspage) -> None:
        await scene.store.run(lambda tx: begin(tx, channel="C0INC00002"))
        for number, level in ((1, Level.MAJOR_OUTAGE), (2, Level.DEGRADED_PERFORMANCE)):
            await done(scene, hit, number, level)
            await done(scene, publish, WORDS, number)
        assert (len(peer.incidents), peer.levels["c2deploys0"]) == (2, "major_outage")
        await done(scene, resolve)
        assert peer.levels["c2deploys0"] == "degraded_performance"
        await done(scene, resolve, 2)
        assert peer.levels["c2deploys0"] == "operational"

    play(story)


def test_a_page_that_is_set_later_gets_what_is_open(store: Store, peer: Statuspage) -> None:
    with store.write() as tx:
        for channel in ("C0INC00001", "C0INC00002"):
            tell(tx, begin(tx, channel=channel), WORDS)
        resolve(tx, 2)
        assert outbox.waiting_of(tx, {EffectKind.STATUSPAGE}) == []
        for _ in range(2):
            starting.on_start(tx, statuspage_chosen(peer.url))
        assert [one.incident for one in outbox.waiting_of(tx, {EffectKind.STATUSPAGE})] == [1]


def push_rows(tx: Tx) -> list[Any]:
    return outbox.waiting_of(tx, {EffectKind.STATUS_PUSH})


def test_each_url_gets_each_update_and_none_is_written_down(store: Store) -> None:
    set_up = settings(status_push=SecretStr(URLS), status=StatusSettings(url="https://status.example.com/"))
    effector = EFFECTORS[EffectKind.STATUS_PUSH]
    with store.write() as tx:
        pushing.on_start(tx, set_up)
        incident = begin(tx)
        first = tell(tx, incident, WORDS)
        assert len(push_rows(tx)) == 2
        calls = [effector.plan(Planning(tx, set_up), row) for row in push_rows(tx)]
        assert [call.arguments["url"] for call in calls if isinstance(call, Call)] == URLS.split()
        assert isinstance(calls[0], Call)
        assert calls[0].arguments["title"] == "Databases are down: Investigating"
        assert calls[0].arguments["body"] == f"{said(WORDS)}\n\nhttps://status.example.com/"
        tell(tx, incident, SECOND, corrects=first.id)
        before, _, fixed, _ = [effector.plan(Planning(tx, set_up), row) for row in push_rows(tx)]
        assert before == Drop("customers are not to know of it, or it was corrected meanwhile")
        assert isinstance(fixed, Call)
        assert fixed.arguments["body"].startswith("Correction:\n\nA switch is broken.")
        assert effector.plan(Planning(tx, settings()), push_rows(tx)[2]) == Drop("this URL is set no more")
        rows = str(push_rows(tx)) + str(marks.get(tx, "push-targets"))
        assert not [part for part in ("hush", "TokenA", "127.0.0.1") if part in rows]


def test_a_url_that_fails_is_tried_some_times(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    set_up = settings(status_push=SecretStr(URLS))
    effector = EFFECTORS[EffectKind.STATUS_PUSH]
    with store.write() as tx:
        pushing.on_start(tx, set_up)
        tell(tx, begin(tx), WORDS)
        effect = push_rows(tx)[1]
        waited, markers = timedelta(), set()
        verdict: Verdict = Retry(intent=effect.intent)
        while isinstance(verdict, Retry):
            waited += verdict.delay
            effect = replace(effect, intent=verdict.intent or {})
            call = effector.plan(Planning(tx, set_up), effect)
            assert isinstance(call, Call)
            markers.add(call.marker)
            verdict = effector.refused(tx, effect, call, "no such place: TokenC12345 at 10.0.0.9", {})
        assert isinstance(verdict, Fail)
        assert verdict.why == f"slack://… ({effect.intent['to']}): no such place: … at 10.0.0.9"
        assert (len(markers), waited) == (6, timedelta(minutes=27, seconds=30))
        again = effector.plan(Planning(tx, set_up), push_rows(tx)[1])
        assert isinstance(again, Call)
        assert again.marker not in markers, "when the operator says so it is tried once more"
    captured = capsys.readouterr()
    assert "TokenC" not in captured.out + captured.err


def test_private_ones_and_drills_go_nowhere(store: Store) -> None:
    set_up = statuspage_chosen("https://a.test", status_push=SecretStr(URLS))
    with store.write() as tx:
        pushing.on_start(tx, set_up)
        private = begin(tx, private=True)
        drill = declare(tx, settings(), Declaration(title="Exercise", kind=Kind.DRILL), IC)
        tell(tx, drill, WORDS)
        # Whatever should have kept it from being published.
        stored.publish_as(tx, private.number, "Oops")
        hit(tx, private.number, Level.MAJOR_OUTAGE)
        waiting = outbox.waiting_of(tx, {EffectKind.STATUSPAGE, EffectKind.STATUS_PUSH})
        plans = [EFFECTORS[row.kind].plan(Planning(tx, set_up), row) for row in waiting]
        assert plans == [Drop("customers know nothing of it, or no page is set")]
