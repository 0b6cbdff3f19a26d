"""Where updates are brought besides the page: what a start does when it was changed; a sandbox tells nobody."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.actions.communication import pushing
from bot.domain.effect import EffectKind, EffectState
from bot.engine.effectors import EFFECTORS
from bot.engine.effectors.base import Call, Planning
from bot.engine.notifying import Notifier
from bot.settings import Settings
from bot.settings_push import targets_of
from bot.settings_sandbox import kept_here
from bot.slack import Outcome, Refused
from storage import backlog, marks, outbox, pushes
from storage.store import Store, Tx
from tests.engine.relaying import quiet_incident, scene
from tests.engine.test_status_push import SECOND, WORDS, publish, push_rows, resolve, tell
from tests.support.clock import MovableClock
from tests.support.database import restore, snapshot
from tests.support.status_peers import PAGE, statuspage_chosen
from tests.support.story import begin, settings

OLD, NEW, OTHER = "slack://TokenA/B/Crong", "slack://TokenA/B/Cright", "ntfys://host.example/topic"
HERE = "http://127.0.0.1:9000/api/"


def chosen(*urls: str, **more: Any) -> Settings:
    return settings(status_push=SecretStr(" ".join(urls)), **more)


def plans(tx: Tx, set_up: Settings) -> list[Any]:
    return [EFFECTORS[row.kind].plan(Planning(tx, set_up), row) for row in push_rows(tx)]


def test_a_url_that_was_mended_gets_what_waits_and_what_failed(store: Store) -> None:
    with store.write() as tx:
        pushing.on_start(tx, chosen(OLD, OTHER))
        begin(tx)
        publish(tx)
        publish(tx, SECOND)
        failed = push_rows(tx)[0]
        outbox.settle(tx, failed.id, EffectState.FAILED, error="no such channel")
        for _ in range(2):
            pushing.on_start(tx, chosen(NEW, OTHER))
        backlog.retry(tx, failed.id)
        calls = plans(tx, chosen(NEW, OTHER))
        assert [call.arguments["url"] for call in calls if isinstance(call, Call)] == [NEW, OTHER] * 2
        lanes = tx.conn.exec_driver_sql("SELECT DISTINCT lane FROM outbox WHERE kind = 'status-push'").scalars()
        assert set(lanes) == {pushes.lane(hash_) for hash_ in targets_of(chosen(NEW, OTHER))}, "still in order"


@pytest.mark.parametrize("urls", [(OTHER,), (OTHER, NEW, "json://127.0.0.1")])
def test_what_waits_for_a_url_that_is_gone_is_counted(store: Store, urls: tuple[str, ...]) -> None:
    with store.write() as tx, capture_logs() as logs:
        pushing.on_start(tx, chosen(OLD, OTHER))
        begin(tx)
        publish(tx)
        publish(tx, SECOND)
        before = push_rows(tx)
        pushing.on_start(tx, chosen(*urls))
        assert push_rows(tx) == before
    [told] = logs
    assert (told["event"], told["rows"]) == ("status pushes are dropped: their URL is set no more", 2)
    assert "Token" not in str(told)


def test_a_page_that_is_set_again_gets_what_ended_meanwhile(store: Store) -> None:
    here, nowhere = statuspage_chosen("https://a.test"), settings()
    with store.write() as tx:
        pushing.on_start(tx, here)
        for channel in ("C0INC00001", "C0INC00002", "C0INC00003"):
            tell(tx, begin(tx, channel=channel), WORDS)
        pushes.keep(tx, PAGE, 1, pushes.Pushed(id="i0"))
        pushes.keep(tx, "another", 2, pushes.Pushed(id="i1"))
        pushing.on_start(tx, nowhere)
        for row in outbox.waiting_of(tx, {EffectKind.STATUSPAGE}):
            backlog.drop(tx, row.id)
        for number in (1, 2):
            resolve(tx, number)
        assert outbox.waiting_of(tx, {EffectKind.STATUSPAGE}) == []
        pushing.on_start(tx, here)
        assert [row.incident for row in outbox.waiting_of(tx, {EffectKind.STATUSPAGE})] == [1, 3]


def test_each_database_has_a_key_and_keeps_it(store: Store) -> None:
    with store.write() as tx:
        pushing.on_start(tx, settings())
        key = (marks.get(tx, "push-key") or {})["key"]
        pushing.on_start(tx, statuspage_chosen("https://a.test"))
        tell(tx, begin(tx), WORDS)
        found = pushing.statuspage(tx, statuspage_chosen("https://a.test"), 1)
        assert found is not None
        assert found.wanted.mark == f"{key}:{found.wanted.incident.id}"
        marks.clear(tx, "push-key")
        assert pushes.key(tx) != key, "another database has another"


def test_what_is_told_after_a_restore_is_no_try_of_before(store: Store, clock: MovableClock) -> None:
    found: list[Mapping[str, str]] = []
    with store.write() as tx:
        pushing.on_start(tx, chosen(OLD))
        begin(tx)
    before = snapshot(store)
    for _ in range(2):
        restore(before, store)
        clock.move(seconds=30)
        with store.write() as tx:
            publish(tx)
            (call,) = plans(tx, chosen(OLD))
            found.append({"marker": call.marker, "key": push_rows(tx)[0].key})
    assert found[0]["key"] == found[1]["key"]
    assert found[0]["marker"] != found[1]["marker"]


def test_what_a_service_says_is_kept_without_its_secrets(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(self: Notifier, key: str, arguments: Mapping[str, Any], seconds: float) -> Outcome:
        return Refused("no such place: TokenA12345")

    monkeypatch.setattr(Notifier, "send", refuse)
    set_up = chosen("slack://TokenA12345/B/C")

    async def story() -> None:
        async with scene(store, clock, set_up) as made:
            await made.store.run(publish)
            await made.quiet()
            (row,) = await made.store.view(
                lambda tx: [row for row in backlog.unfinished(tx) if row.kind == EffectKind.STATUS_PUSH]
            )
            (hash_,) = targets_of(set_up)
            assert (row.state, row.error) == ("pending", f"slack://… ({hash_}): no such place: …")

    with store.write() as tx:
        pushing.on_start(tx, set_up)
        quiet_incident(tx)
    asyncio.run(story())


def test_a_sandbox_tells_no_customers(store: Store) -> None:
    given = {"status_push": SecretStr(f"{OLD} json://127.0.0.1:1/x"), "slack_api_url": HERE}
    out = kept_here(statuspage_chosen("https://a.test", **given), {})
    with store.write() as tx:
        # As in a copy of production's database, which had it all.
        pushing.on_start(tx, statuspage_chosen("https://a.test", status_push=given["status_push"]))
        begin(tx)
        publish(tx)
        assert [type(plan).__name__ for plan in plans(tx, out)] == ["Drop", "Call"]
        (row,) = outbox.waiting_of(tx, {EffectKind.STATUSPAGE})
        assert type(EFFECTORS[row.kind].plan(Planning(tx, out), row)).__name__ == "Drop"
        pushing.on_start(tx, out)
        assert pushes.targets(tx) == pushes.Targets("", tuple(targets_of(out)))
