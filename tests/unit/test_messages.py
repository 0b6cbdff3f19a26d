"""Whatever people typed: Slack takes every message and form, and nothing typed pings, links or breaks out."""

import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, note
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from bot.domain.briefing import ANSWER_LIMIT
from bot.domain.digest_content import Digest
from bot.domain.impact import Level
from bot.domain.incident import Incident
from bot.domain.progress import Measure
from bot.domain.times import Moment
from bot.messages import card, forms, home, kit, posts, replies, revised
from bot.messages import times as when
from bot.messages.command import (
    briefing,
    care,
    command_posts,
    command_replies,
    duty,
    forms_briefing,
    forms_command,
    shift_posts,
)
from bot.messages.communication import (
    digest,
    forms_impact,
    forms_progress,
    forms_updates,
    impact_posts,
    need_posts,
    progress,
    subscription,
    update_posts,
    update_texts,
    vendor_posts,
)
from bot.messages.kit import Block, Message
from bot.messages.post import Post
from bot.messages.waking import contacts
from handlers.slack.commands import COMMANDS, GROUPS
from handlers.slack.table import help_text
from sandbox.blockkit import problems, view_problems
from tests.support.clock import START
from tests.support.story import settings
from tests.unit import overviews as made

Draw = Callable[[st.SearchStrategy[Any]], Any]
_OURS = re.compile(
    r"<@[UW][A-Z0-9]+>|<#[CG][A-Z0-9]+>|<!date\^\d+\^[^<>|]+\|[0-9: UTC-]+>|<https?://[^<>|\s]*(?:\|Join the call)?>"
)
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_large = [HealthCheck.too_slow, HealthCheck.data_too_large]
_quick = given_settings(max_examples=8, suppress_health_check=_large)
_often = given_settings(max_examples=16, suppress_health_check=_large)


def _many(draw: Draw, most: int) -> Any:
    # Few different ones, repeated: what matters is how many a message can hold.
    return (draw(st.lists(made.overviews, max_size=1)) * most)[: draw(st.sampled_from([1, 3, most]))]


def _entries(draw: Draw) -> Any:
    return draw(st.lists(made.entries, max_size=1)) * 25


def _log(draw: Draw) -> Any:
    return draw(st.lists(made.tenures, min_size=1, max_size=3)) * 10


def _reported(incident: Incident, measure: Measure, draw: Draw) -> Message:
    replaced = measure.readings[0] if draw(st.booleans()) else None
    return progress.reported(incident, measure, measure.last, replaced, draw(made.zones), draw(made.times))


_writings = st.builds(
    forms_updates.Writing,
    words=made.words,
    title=st.none() | made.texts,
    cadence=st.sampled_from(["", "in 30 min, as for every sev1"]),
    draft=st.none() | st.just(1),
    corrects=st.none() | made.updates,
)
BUILDERS: dict[Callable[..., Any], Callable[[Draw], Message | Block]] = {
    card.card: lambda draw: card.card(draw(made.overviews)),
    card.announcement: lambda draw: card.announcement(draw(made.overviews)),
    digest.digest: lambda draw: digest.digest(draw(made.digests), draw(made.durations)),
    subscription.subscribed: lambda draw: subscription.subscribed(
        draw(made.subscriptions), draw(st.none() | made.times), draw(made.zones)
    ),
    subscription.unsubscribed: lambda draw: subscription.unsubscribed(),
    home.home_view: lambda draw: home.home_view(draw(made.homes)),
    home.card_view: lambda draw: home.card_view(draw(made.overviews)),
    command_posts.offer: lambda draw: command_posts.offer(draw(made.posts), draw(st.booleans())),
    care.on_a_call: lambda draw: Message(care.on_a_call(draw(made.times), draw(made.zones))),
    care.hours: lambda draw: care.hours(f"<@{draw(made.people)}>", draw(made.hours), own=draw(st.booleans())),
    briefing.posted: lambda draw: briefing.posted(draw(made.briefings), draw(made.betweens), draw(made.times)),
    briefing.details: lambda draw: briefing.details(draw(made.briefings), draw(made.betweens), draw(made.times)),
    briefing.caught_up: lambda draw: briefing.caught_up(draw(made.facts), draw(made.times)),
    briefing.welcome: lambda draw: briefing.welcome(draw(made.facts), draw(made.times), draw(made.zones)),
    duty.none_set: lambda draw: duty.none_set(),
    duty.shown: lambda draw: duty.shown(draw(made.duties), draw(made.times)),
    duty.roster_set: lambda draw: duty.roster_set(draw(made.duties), draw(made.times)),
    duty.covered: lambda draw: duty.covered(draw(made.covers), draw(made.zones)),
    duty.uncovered: lambda draw: duty.uncovered(draw(made.covers), draw(made.zones)),
    duty.reading: lambda draw: duty.reading("https://calendar.example.com/<!channel>"),
    duty.stopped: lambda draw: duty.stopped(),
    contacts.shown: lambda draw: contacts.shown(draw(st.lists(made.contacts, max_size=5))),
    contacts.listed: lambda draw: contacts.listed(draw(st.lists(made.contacts, max_size=5))),
    contacts.add: lambda draw: contacts.add(),
    update_texts.posted: lambda draw: update_texts.posted(
        draw(made.incidents),
        draw(made.updates),
        draw(made.texts),
        "Ada",
        draw(made.times),
        draw(st.none() | made.updates),
    ),
    update_texts.told: lambda draw: update_texts.told(draw(made.incidents), "it is in the channel."),
    update_texts.after_resolving: lambda draw: update_texts.after_resolving(kit.said("Done."), draw(made.incidents)),
    forms_updates.write: lambda draw: forms_updates.write(draw(made.incidents)),
    forms_updates.public: lambda draw: forms_updates.public(draw(made.incidents), draw(_writings)),
    forms_updates.preview: lambda draw: forms_updates.preview(
        draw(made.incidents),
        draw(made.updates),
        draw(made.texts),
        draw(st.none() | made.times),
        "seen",
        draw(made.times),
    ),
    forms_updates.held: lambda draw: forms_updates.held(draw(made.updates), draw(st.lists(made.texts)), "{}", "then"),
    forms_updates.handed_on: lambda draw: forms_updates.handed_on(draw(made.incidents), "<@UADA00001>"),
    forms_updates.refused: lambda draw: forms_updates.refused(replies.refusal("No: " + kit.escape(draw(made.texts)))),
    forms.declare: lambda draw: forms.declare(settings(), draw(made.texts)),
    forms.declared: lambda draw: forms.declared(draw(made.incidents)),
    forms.edit: lambda draw: forms.edit(settings(), draw(made.incidents)),
    forms.note: lambda draw: forms.note(draw(made.incidents)),
    forms.use_channel: lambda draw: forms.use_channel(draw(made.incidents)),
    replies.refusal: lambda draw: replies.refusal("No: " + kit.escape(draw(made.texts))),
    replies.broke: lambda draw: replies.broke("7f3a"),
    replies.declaring: lambda draw: replies.declaring(draw(made.incidents)),
    replies.ready: lambda draw: replies.ready(draw(made.overviews)),
    replies.similar: lambda draw: replies.similar(
        replies.declaring(draw(made.incidents)), draw(st.lists(made.incidents, max_size=4))
    ),
    replies.opened: lambda draw: replies.opened(_many(draw, 50)),
    replies.listing: lambda draw: replies.listing(_many(draw, 50), "open"),
    replies.shown: lambda draw: replies.shown(draw(made.overviews)),
    replies.timeline: lambda draw: replies.timeline(draw(made.incidents), _entries(draw)[:25], 99),
    replies.recorded: lambda draw: replies.recorded(draw(made.incidents), draw(made.entries)),
    replies.done: lambda draw: replies.done(draw(made.incidents), "is resolved."),
    replies.role_done: lambda draw: replies.role_done(draw(made.incidents), draw(made.roles), "stays yours."),
    replies.confirm: lambda draw: replies.confirm(
        draw(made.incidents), f"title INC-7 {draw(made.texts)}"[:1900].strip(), draw(made.texts)[:1900] or "title"
    ),
    replies.which: lambda draw: replies.which(
        (draw(st.lists(made.incidents, min_size=1, max_size=3)) * 3)[:6], "title", draw(made.texts)[:1800]
    ),
    replies.told_once: lambda draw: replies.told_once(),
    replies.joined: lambda draw: replies.joined(draw(made.incidents), new=draw(st.booleans())),
    command_replies.command: lambda draw: command_replies.command(draw(made.overviews), _log(draw)),
    command_replies.rota: lambda draw: command_replies.rota(
        draw(made.incidents),
        draw(st.none() | made.rotas),
        draw(st.lists(made.shifts, max_size=2)) * 60,
        draw(st.dictionaries(made.people, made.zones)),
        draw(made.times),
        role=draw(made.roles),
        log=_log(draw),
        warnings=draw(st.lists(made.texts.map(kit.escape), max_size=1)) * 9,
        extension=timedelta(minutes=draw(st.integers(0, 60))),
    ),
    command_replies.taken: lambda draw: command_replies.taken(
        draw(made.overviews), draw(made.roles), draw(st.lists(made.texts.map(kit.escape), max_size=1)) * 3
    ),
    command_replies.asked_for_command: lambda draw: command_replies.asked_for_command(
        draw(made.incidents), draw(made.takings), draw(made.times)
    ),
    forms_command.take: lambda draw: forms_command.take(
        draw(made.overviews), "C0GEN00001", may_relieve=draw(st.booleans())
    ),
    forms_command.hand_over: lambda draw: forms_command.hand_over(
        draw(made.overviews), "C0GEN00001", draw(made.texts), draw(made.texts)
    ),
    forms_command.rota_start: lambda draw: forms_command.rota_start(
        draw(made.incidents), "C0GEN00001", draw(st.lists(made.people, unique=True))
    ),
    forms_command.rota_edit: lambda draw: forms_command.rota_edit(draw(made.incidents), draw(made.rotas), "C0GEN00001"),
    forms_impact.impact: lambda draw: forms_impact.impact(draw(made.overviews), settings().parts, "C0GEN00001"),
    forms_impact.resolve: lambda draw: forms_impact.resolve(
        draw(made.incidents), draw(made.impacts), draw(made.texts), "C0GEN00001"
    ),
    impact_posts.shown: lambda draw: impact_posts.shown(draw(made.incidents), draw(made.impacts), draw(made.times)),
    impact_posts.reported: lambda draw: impact_posts.reported(
        draw(made.impacts).parts, draw(st.sampled_from(Level)), draw(made.times), draw(made.times), draw(made.zones)
    ),
    impact_posts.taken_back: lambda draw: impact_posts.taken_back(
        settings().parts, draw(st.sampled_from(Level)), draw(made.times), draw(made.times), draw(made.zones)
    ),
    need_posts.listing: lambda draw: need_posts.listing(
        draw(made.incidents), draw(st.lists(made.needs, max_size=2)) * 20
    ),
    need_posts.asked: lambda draw: need_posts.asked(draw(made.incidents), draw(made.needs)),
    vendor_posts.listing: lambda draw: vendor_posts.listing(
        draw(made.incidents), draw(st.lists(made.cases, max_size=2)) * 20, draw(made.times)
    ),
    vendor_posts.opened: lambda draw: vendor_posts.opened(
        draw(made.incidents), draw(made.cases), draw(st.none() | made.durations)
    ),
    vendor_posts.which: lambda draw: vendor_posts.which(
        draw(made.incidents), draw(st.lists(made.cases, min_size=2, max_size=7)), "note", draw(made.texts)[:1700]
    ),
    vendor_posts.case_form: lambda draw: vendor_posts.case_form(draw(made.incidents), "C0GEN00001"),
    vendor_posts.note_form: lambda draw: vendor_posts.note_form(draw(made.incidents), draw(made.cases), "C0GEN00001"),
    progress.listed: lambda draw: progress.listed(
        draw(made.incidents), draw(st.lists(made.measures, max_size=2)) * 10, draw(made.times)
    ),
    progress.posted: lambda draw: progress.posted(
        card.label(draw(made.incidents)), draw(made.measures), draw(made.times)
    ),
    progress.taken_away: lambda draw: progress.taken_away("DRILL INC-7"),
    progress.reported: lambda draw: _reported(draw(made.incidents), draw(made.measures), draw),
    progress.taken_back: lambda draw: progress.taken_back(
        draw(made.measures).name, draw(made.measures).last, draw(st.none() | made.measures), draw(made.zones)
    ),
    progress.is_it: lambda draw: progress.is_it(
        draw(made.incidents), draw(made.measures).name, draw(made.measures).name, "412/900 at yesterday 14:00"
    ),
    progress.chart_asked: lambda draw: progress.chart_asked(draw(st.lists(made.measures, min_size=1, max_size=2))),
    forms_progress.reading: lambda draw: forms_progress.reading(
        draw(made.incidents), draw(st.lists(made.measures, max_size=2)) * 10, "C0GEN00001"
    ),
    revised.edited: lambda draw: revised.edited(draw(made.entries), in_slack=draw(st.booleans())),
    revised.removed: lambda draw: revised.removed(draw(made.entries), in_slack=draw(st.booleans())),
    when.shown: lambda draw: when.shown(draw(made.incidents), draw(made.zones), draw(made.times)),
    when.time_set: lambda draw: when.time_set(
        draw(made.incidents), draw(st.sampled_from(Moment)), draw(made.zones), draw(made.times)
    ),
    forms_briefing.briefing: lambda draw: forms_briefing.briefing(
        draw(made.incidents), draw(made.roles), draw(st.none() | made.briefings), "C0GEN00001"
    ),
}


@_quick
@given(made.overviews)
def test_a_handoff_takes_as_long_an_answer_as_the_briefing(overview: Any) -> None:
    view = forms_command.hand_over(overview, "C0GEN00001")
    limits = [block["element"].get("max_length") for block in view["blocks"] if block["type"] == "input"]
    assert limits == [None, ANSWER_LIMIT, ANSWER_LIMIT]


def _public(module: ModuleType) -> Iterator[Callable[..., Any]]:
    for name, found in inspect.getmembers(module, inspect.isfunction):
        ours = found.__module__ == module.__name__ and not name.startswith("_")
        if ours and inspect.signature(found).return_annotation in {Message, Block}:
            yield found


def test_no_builder_is_forgotten() -> None:
    said = (card, contacts, digest, subscription, home, briefing, care, duty, posts, command_posts, shift_posts)
    answered = [replies, command_replies, forms, forms_briefing, forms_command, forms_impact, impact_posts]
    answered += [update_posts, update_texts, forms_updates]
    answered += [need_posts, vendor_posts, revised, when, progress, forms_progress]
    found = {function for module in (*said, *answered) for function in _public(module)}
    assert found - {forms.answers} == set(BUILDERS) - {care.on_a_call}


def _dealt(draw: Draw, drawn: dict[Any, Any]) -> Draw:
    """Draws for one builder. Of a strategy in `made` its first is what the first of any other was, and so on."""
    times: Counter[Any] = Counter()

    def deal(strategy: st.SearchStrategy[Any]) -> Any:
        if strategy not in _MADE:
            return draw(strategy)
        times[strategy] += 1
        key = (strategy, times[strategy])
        if key not in drawn:
            drawn[key] = draw(strategy)
        return drawn[key]

    return deal


_MADE = {one for one in vars(made).values() if isinstance(one, st.SearchStrategy)}


@pytest.mark.parametrize("module", sorted({builder.__module__ for builder in BUILDERS}))
@_often
@given(st.data())
def test_slack_takes_what_is_built(module: str, data: st.DataObject) -> None:
    """To make what it is built from costs more than to build it: all of a module build from the same."""
    drawn: dict[Any, Any] = {}
    for builder, build in BUILDERS.items():
        if builder.__module__ == module:
            note(f"{module}.{builder.__name__}")
            check(build(_dealt(data.draw, drawn)))


@_often
@given(made.posts)
def test_slack_takes_what_the_bot_says_by_itself(post: Post) -> None:
    for what, say in posts.POSTS.items():
        note(what)
        check(say(post))


@_often
@given(made.notices)
def test_slack_takes_what_is_said_about_duty(notice: duty.Notice) -> None:
    for what, say in duty.NOTICES.items():
        note(what)
        check(say(notice))


@pytest.mark.parametrize("topic", ["", "all", *sorted({name.split()[0] for name in COMMANDS if name})])
def test_slack_takes_every_help(topic: str) -> None:
    message = help_text(GROUPS, topic)
    assert problems(message.blocks, "message") == []
    assert "…" not in "".join(block.get("text", {}).get("text", "")[-1] for block in message.blocks)


@given(made.digests)
@_quick
def test_a_digest_is_no_longer_than_slack_takes(told: Digest) -> None:
    assert sum(len(text["text"]) for text in mrkdwn_in(digest.digest(told).blocks)) <= 12_500


@given(made.overviews, made.texts)
@_quick
def test_a_topic_fits(overview: Any, name: str) -> None:
    assert 0 < len(card.topic(overview, name)) <= 250


def check(built: Message | Block) -> None:
    """Fail unless Slack would take it and nothing that was typed works in it."""
    if isinstance(built, Message):
        assert problems(built.blocks, "message") == []
        arguments = built.as_arguments()
        assert len(arguments["text"]) <= 4000
        assert arguments["text"].strip()
        check_harmless(arguments["text"])
        found: Any = built.blocks
    else:
        assert view_problems(built) == []
        found = built
    for text in mrkdwn_in(found):
        assert text["verbatim"] is True
        check_harmless(text["text"])


def check_harmless(text: str) -> None:
    """Only mentions, dates and links that the bot itself makes are left, and no entity is cut in half."""
    rest = _OURS.sub("", text)
    assert "<" not in rest
    # A quote is ours when it begins a line.
    assert ">" not in re.sub(r"^>", "", rest, flags=re.MULTILINE)
    assert "&" not in _ENTITY.sub("", rest)


def mrkdwn_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from mrkdwn_in(item)
    elif isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value
        for item in value.values():
            yield from mrkdwn_in(item)


@given(made.texts, st.integers(1, 400))
def test_cut_leaves_no_half_of_anything(text: str, limit: int) -> None:
    short = kit.cut(kit.typed(text, 100_000) + " " + kit.at(START), limit)
    assert len(short) <= limit
    check_harmless(short.removesuffix("…"))


@given(made.texts)
def test_people_who_were_named_stay_named(text: str) -> None:
    assert kit.typed(f"<@UADA00001> {text}", 100_000).startswith("<@UADA00001> ")
    check_harmless(kit.typed(text))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("<https://evil.example|bank>", "&lt;https://evil.example|bank&gt;"),
        ("<@UBOB00001|bob>", "<@UBOB00001>"),
        ("<@bob>", "&lt;@bob&gt;"),
        ("a & b", "a &amp; b"),
    ],
)
def test_what_was_typed_is_shown_as_text(typed: str, shown: str) -> None:
    assert kit.typed(typed) == shown


@pytest.mark.parametrize(
    ("start", "zone", "shown"),
    [
        (datetime(2026, 11, 21, 13, tzinfo=UTC), "Europe/London", "Sat 21 Nov 13:00 to 21:00 GMT"),
        (datetime(2026, 11, 21, 21, 40, tzinfo=UTC), "America/New_York", "Sat 21 Nov 16:40 to Sun 00:40 EST"),
        (datetime(2026, 10, 24, 22, tzinfo=UTC), "Europe/Berlin", "Sun 25 Oct 00:00 CEST to 07:00 CET"),
    ],
)
def test_a_span_says_day_and_zone_once(start: datetime, zone: str, shown: str) -> None:
    assert kit.span(start, start + timedelta(hours=8), ZoneInfo(zone)) == shown


def test_answers_are_read_from_a_form() -> None:
    values = {
        "title": {"value": {"type": "plain_text_input", "value": "Checkout"}},
        "summary": {"value": {"type": "plain_text_input", "value": None}},
        "severity": {"value": {"type": "static_select", "selected_option": {"value": "sev1"}}},
        "state": {"value": {"type": "static_select", "selected_option": None}},
        "flags": {"value": {"type": "checkboxes", "selected_options": [{"value": "private"}]}},
        "channel": {"value": {"type": "channels_select", "selected_channel": "C0GEN00001"}},
        "to": {"value": {"type": "users_select", "selected_user": "UADA00001"}},
        "people": {"value": {"type": "multi_users_select", "selected_users": ["UADA00001", "UBOB00001"]}},
    }
    assert forms.people_chosen({"state": {"values": values}}) == ["UADA00001", "UADA00001", "UBOB00001"]
    assert forms.answers({"state": {"values": values}}) == {
        "title": "Checkout",
        "summary": None,
        "severity": "sev1",
        "state": None,
        "flags": ["private"],
        "channel": "C0GEN00001",
        "to": "UADA00001",
        "people": ["UADA00001", "UBOB00001"],
    }
