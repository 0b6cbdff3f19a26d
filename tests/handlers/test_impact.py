"""Impact by command and by form: said, corrected, taken back; and asked for by whoever resolves."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.actions.communication import impact
from bot.domain.impact import Impact, Level, Part
from bot.domain.incident import State
from bot.domain.timeline import EntryKind
from bot.errors import BotError, WrongFields, WrongState, WrongWords
from bot.messages import forms
from bot.messages.communication import forms_impact
from handlers.slack.buttons import BUTTONS
from storage import incidents, timeline
from storage.store import Store
from tests.handlers import asking
from tests.support.clock import START, MovableClock
from tests.support.story import BOB, CHANNEL, IC, begin, settings

HOUR = timedelta(hours=1)
PRODUCTION, FREE = "dedicated-databases/production", "dedicated-databases/free"
DECLARE: Mapping[str, Any] = {"title": "Search is slow", "severity": "sev3", "summary": None, "flags": []}


@pytest.fixture(autouse=True)
def _begun(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        begin(tx)
    clock.move(hours=4)


def say(store: Store, words: str, **how: Any) -> str:
    return asking.text_of(asking.command(store, BOB, f"impact {words}".strip(), CHANNEL, **how))


def known(store: Store, number: int = 1) -> Impact:
    with store.read() as tx:
        return impact.impact_of(tx, incidents.get(tx, number))


def levels(store: Store) -> dict[str, str]:
    return {one.name: one.level for one in known(store).parts}


def refused(store: Store, words: str, error: type[BotError] = WrongWords) -> str:
    before = asking.everything(store)
    with pytest.raises(error) as caught:
        say(store, words)
    assert asking.everything(store) == before
    assert caught.value.hint
    return caught.value.sentence


def send(store: Store, view: Mapping[str, Any], answers: Mapping[str, object]) -> Any:
    return asking.submission(store, BOB, dict(view), answers)


def refused_fields(store: Store, view: Mapping[str, Any], answers: Mapping[str, object]) -> Mapping[str, str]:
    before = asking.everything(store)
    with pytest.raises(WrongFields) as caught:
        send(store, view, answers)
    assert asking.everything(store) == before
    return caught.value.fields


def test_all_tiers_of_a_component_when_none_is_named(store: Store) -> None:
    answer = say(store, "dedicated-databases major from 09:00")
    # Nobody knows his zone, so UTC it is.
    assert f"{PRODUCTION}, {FREE} are *major outage* from Mon 2 Mar 09:00 UTC." in answer
    assert levels(store) == {PRODUCTION: Level.MAJOR_OUTAGE, FREE: Level.MAJOR_OUTAGE}
    say(store, f"{PRODUCTION} ok")
    highest = known(store).highest
    assert highest is not None
    assert highest.name == FREE
    with store.read() as tx:
        entries = timeline.newest(tx, 1, {EntryKind.IMPACT}, 9)
    assert [entry.text for entry in entries] == [
        f"{PRODUCTION}, {FREE} major outage from 2026-03-02 09:00 UTC",
        f"{PRODUCTION} operational from 2026-03-02 12:00 UTC",
    ]


def test_late_entries_and_corrections(store: Store, clock: MovableClock) -> None:
    say(store, "deploys major from 09:00 affected 900")
    clock.move(minutes=1)
    # It began as something less, it is found out later; and 11:00 is said twice.
    answer = say(store, "deploys degraded from 08:30")
    assert "*deploys*: major outage since" in answer, "what it is now stands beside what was said"
    for level in ("ok", "partial"):
        clock.move(minutes=1)
        say(store, f"deploys {level} from 11:00")
    (course,) = known(store).parts
    assert [(one.level, one.start.hour, one.affected) for one in course.intervals] == [
        (Level.DEGRADED_PERFORMANCE, 8, None),
        (Level.MAJOR_OUTAGE, 9, 900),
        (Level.PARTIAL_OUTAGE, 11, 900),
    ]
    assert course.downtime(START + 4 * HOUR) == 3 * HOUR


def test_what_was_said_last_is_taken_back(store: Store, clock: MovableClock) -> None:
    say(store, "dedicated-databases major from 09:00")
    clock.move(minutes=1)
    say(store, "deploys partial from 10:00")
    clock.move(minutes=1)
    assert f"Taken back: {FREE} major outage from Mon 2 Mar 09:00 UTC." in say(store, f"undo {FREE}")
    assert "Taken back: deploys partial outage from" in say(store, "undo")
    assert levels(store) == {PRODUCTION: Level.MAJOR_OUTAGE}
    say(store, "dedicated-databases ok from 11:00")
    clock.move(minutes=1)
    assert "Taken back: dedicated-databases/production operational" in say(store, "undo")
    assert levels(store) == {PRODUCTION: Level.MAJOR_OUTAGE}
    say(store, "undo")
    assert known(store).parts == ()
    assert refused(store, "undo", WrongState).startswith("Nothing was said there that could be taken back.")
    with store.read() as tx:
        texts = [entry.text for entry in timeline.newest(tx, 1, {EntryKind.IMPACT}, 9)]
    assert sum(text.startswith("Taken back: ") for text in texts) == 4, "what was said stays in the timeline"


@pytest.mark.parametrize(
    ("words", "error", "sentence"),
    [
        ("deploys ok", WrongState, "deploys was operational then already. Nothing was changed."),
        ("shared-databases major", WrongState, "shared-databases was major outage then already."),
        ("shared-databases major from 2026-03-02 11:00", WrongState, "shared-databases was major outage then already."),
        ("deploys major from 2030-01-01 08:00", WrongWords, "Tue 1 Jan 2030 08:00 UTC has not come yet."),
        ("deploys major from tomorrow 08:00", WrongWords, "Tue 3 Mar 08:00 UTC has not come yet."),
        ("dedicated-databases major affected 900", WrongWords, "Of which tier are 900 affected?"),
        ("deploys major affected 999999999999", WrongWords, "That many can't be affected."),
        ("shared-databases ok affected 5", WrongWords, "Nobody is affected by what is operational."),
        ("undo deploys", WrongState, "Nothing was said there"),
        ("undo <!channel>", WrongWords, "I don't know the component `&lt;!channel&gt;`."),
    ],
)
def test_what_can_not_be(store: Store, words: str, error: type[BotError], sentence: str) -> None:
    say(store, "shared-databases major from 09:00")
    assert refused(store, words, error).startswith(sentence)


def test_it_may_have_begun_before_anybody_noticed(store: Store) -> None:
    assert "from Thu 21 Apr 2011 08:15 UTC" in say(store, "deploys major from 2011-04-21 08:15 UTC")
    with store.read() as tx:
        assert incidents.get(tx, 1).detected_at == START
    # And after it has ended more may be learned.
    send(store, resolving(store), {"how": "ended", "end:deploys": "09:00", "text": None})
    say(store, "deploys partial from yesterday 20:00")
    assert known(store).parts[0].level is Level.OPERATIONAL


def test_what_the_settings_do_not_name_any_more_can_be_ended(store: Store) -> None:
    say(store, f"{PRODUCTION} major")
    bare = settings(components=())
    assert "service is *partial outage*" in say(store, "service partial", setting=bare)
    assert f"{PRODUCTION} is *operational*" in say(store, f"{PRODUCTION} ok from 12:00", setting=bare)
    form = asking.command(store, BOB, "impact", CHANNEL, bare).view
    assert form is not None
    assert [option["value"] for option in form["blocks"][1]["element"]["options"]] == ["service", PRODUCTION]


def test_the_form_shows_how_it_stands_and_says_what_is_wrong(store: Store) -> None:
    say(store, "deploys major from 09:00")
    view = asking.command(store, BOB, "impact", CHANNEL).view
    assert view is not None
    assert "Not restored: *deploys*, major outage since" in view["blocks"][0]["text"]["text"]
    menu = [option["value"] for option in view["blocks"][1]["element"]["options"]]
    assert menu == ["dedicated-databases", PRODUCTION, FREE, "shared-databases", "deploys"]
    answers = {"part": "deploys", "level": "operational", "from": "26:00", "affected": "many"}
    assert set(refused_fields(store, view, answers)) == {"from", "affected"}
    answer = send(store, view, answers | {"from": "11:00", "affected": None})
    assert "deploys is *operational* from Mon 2 Mar 11:00 UTC." in str(answer)
    assert known(store).parts[0].downtime(START + 9 * HOUR) == 2 * HOUR
    assert "nothing" not in asking.text_of(asking.button(store, BOB, "impact:open", "1"))


def test_with_the_declaration(store: Store) -> None:
    view = forms.declare(settings())
    wrong = refused_fields(store, view, {**DECLARE, "impact": "shared-databases", "level": None})
    assert wrong == {"level": "How does it do? Choose one."}
    wrong = refused_fields(store, view, {**DECLARE, "impact": None, "level": "major_outage"})
    assert wrong == {"impact": "What is it about? Choose one."}
    send(store, view, {**DECLARE, "impact": "shared-databases", "level": "major_outage"})
    (course,) = known(store, 2).parts
    assert (course.name, course.level, course.since) == ("shared-databases", Level.MAJOR_OUTAGE, START + 4 * HOUR)
    assert "impact" not in {block.get("block_id") for block in forms.declare(settings(components=()))["blocks"]}


def resolving(store: Store, ask: str = "resolve rolled back") -> Mapping[str, Any]:
    """The form with which resolving answers while something is not restored; nothing is changed by asking."""
    before = asking.everything(store)
    view = asking.command(store, BOB, ask, CHANNEL).view
    assert view is not None
    assert view["callback_id"] == forms_impact.RESOLVE
    changed = {table for table, rows in asking.everything(store).items() if rows != before[table]}
    assert changed <= {"reminders", "tenures"}, "but for the sign of life of whoever asks"
    return view


def test_resolving_asks_when_it_ended(store: Store) -> None:
    say(store, "deploys major from 09:00")
    say(store, "shared-databases partial from 10:00")
    form = resolving(store)
    blocks = {block.get("block_id"): block for block in form["blocks"]}
    assert blocks["text"]["element"]["initial_value"] == "rolled back"
    assert {"end:deploys", "end:shared-databases"} <= set(blocks)
    resolving(store, "state resolved")
    assert "When did it end?" in asking.text_of(asking.button(store, BOB, "incident:resolve", "1"))
    assert BUTTONS["incident:resolve"].changes
    answers = {"how": "ended", "end:deploys": "08:30", "end:shared-databases": None, "text": "rolled back"}
    wrong = refused_fields(store, form, answers)
    why = "deploys was major outage at 2026-03-02 09:00 UTC. Name a later time, or take that back first:"
    assert wrong == {"end:deploys": f"{why} `/incident impact undo deploys`"}
    assert refused_fields(store, form, answers | {"end:deploys": "09:00"}) == wrong, "it did not end as it began"
    answer = str(send(store, form, answers | {"end:deploys": "11:00"}))
    assert "deploys worked again Mon 2 Mar 11:00 UTC." in answer
    with store.read() as tx:
        incident = incidents.get(tx, 1)
        texts = [entry.text for entry in timeline.latest(tx, 1, 3)]
    assert incident.state is State.RESOLVED
    assert texts[-1] == "Resolved: rolled back"
    found = known(store)
    assert found.open == ()
    ends = {one.name: one.since for one in found.parts}
    assert ends == {"deploys": START + 3 * HOUR, "shared-databases": START + 4 * HOUR}


def test_an_end_before_the_last_word_would_end_nothing(store: Store, clock: MovableClock) -> None:
    say(store, "deploys major from 11:00")
    clock.move(minutes=1)
    say(store, "deploys major from 09:00")
    assert known(store).parts[0].since == START + HOUR
    answers = {"how": "ended", "end:deploys": "10:00", "text": None}
    wrong = refused_fields(store, resolving(store), answers)
    assert wrong["end:deploys"].startswith("deploys was major outage at 2026-03-02 11:00 UTC.")
    send(store, resolving(store), answers | {"end:deploys": "11:30"})
    assert known(store).open == ()


def test_resolving_while_something_goes_on(store: Store) -> None:
    say(store, "deploys major from 09:00")
    say(store, "shared-databases partial from 10:00")
    form = resolving(store)
    send(store, form, {"how": "goes-on", "end:deploys": "now", "end:shared-databases": None, "text": None})
    assert levels(store) == {"shared-databases": Level.PARTIAL_OUTAGE, "deploys": Level.OPERATIONAL}
    with store.read() as tx:
        assert incidents.get(tx, 1).state is State.RESOLVED
    # Once it is over, the same form changes nothing.
    with pytest.raises(WrongState):
        send(store, form, {"how": "ended", "end:deploys": None, "end:shared-databases": None, "text": None})


def test_one_of_several_goes_on(store: Store) -> None:
    say(store, "deploys major from 09:00")
    say(store, "shared-databases partial from 10:00")
    answers = {"how": "ended", "end:deploys": "Goes on", "end:shared-databases": None, "text": None}
    assert "deploys goes on: major outage." in str(send(store, resolving(store), answers))
    assert levels(store) == {"shared-databases": Level.OPERATIONAL, "deploys": Level.MAJOR_OUTAGE}


def test_what_broke_while_the_form_was_open_is_not_ended_unseen(store: Store) -> None:
    say(store, "deploys major from 09:00")
    form = resolving(store)
    say(store, "shared-databases major")
    before = asking.everything(store)
    with pytest.raises(WrongState, match="shared-databases was said to be affected meanwhile"):
        send(store, form, {"how": "ended", "end:deploys": None, "text": None})
    assert asking.everything(store) == before


def test_without_open_impact_resolving_asks_nothing(store: Store) -> None:
    say(store, "deploys major from 09:00")
    say(store, "deploys ok")
    assert asking.command(store, BOB, "resolve", CHANNEL).message
    with store.read() as tx:
        assert incidents.get(tx, 1).state is State.RESOLVED


def test_what_counts_as_downtime_is_a_setting_as_it_was_when_it_was_said(store: Store, clock: MovableClock) -> None:
    strict = settings(updates=settings().updates.model_copy(update={"downtime": (Level.DEGRADED_PERFORMANCE,)}))
    say(store, "deploys degraded from 09:00", setting=strict)
    say(store, "shared-databases major from 09:00", setting=strict)
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    found = known(store)
    deploys, shared = found.of(Part(component="deploys")), found.of(Part(component="shared-databases"))
    assert deploys is not None
    assert shared is not None
    assert (deploys.downtime(now), shared.downtime(now)) == (3 * HOUR, timedelta())


def test_whoever_has_command_may_too(store: Store) -> None:
    assert asking.command(store, IC, "impact deploys major", CHANNEL).message
