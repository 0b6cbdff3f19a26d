"""Incidents made by hypothesis, with the texts that people should never have typed."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.domain.briefing import Briefing, Facts, Listed
from bot.domain.command import How, Tenure
from bot.domain.contact import Contact
from bot.domain.digest_content import IN_FULL, IN_SHORT, Change, Digest, Told
from bot.domain.duty import Cover, Duty, DutyEvent, Roster, Schedule
from bot.domain.fatigue import Hours
from bot.domain.handoff import Handoff, HandoffKind, HandoffState, Taking, TakingState
from bot.domain.home import HomePage, TradeAsked
from bot.domain.impact import Impact, Level, Part, Statement, impact_from
from bot.domain.incident import Incident, Kind, Severity, State
from bot.domain.need import Need
from bot.domain.overview import Overview
from bot.domain.page import Page
from bot.domain.progress import NAME_LIMIT, Measure, Reading
from bot.domain.rota import Rota, Shift
from bot.domain.subscription import Subscription
from bot.domain.text import clean_line
from bot.domain.timeline import Entry, EntryKind
from bot.domain.trade import Trade, TradeState
from bot.domain.update import (
    LINE_LIMIT,
    PUBLIC_LIMIT,
    Audience,
    Cause,
    Promise,
    PromiseState,
    Update,
    UpdateState,
    Words,
)
from bot.domain.vendor import VendorCase
from bot.messages.command.briefing import Between
from bot.messages.command.duty import Notice
from bot.messages.post import Post
from tests.support.clock import START

_WORST = [
    "x" * 10_000,
    "<!channel> <!here|here> <!everyone> <!subteam^S0123>",
    "<https://evil.example|your bank>",
    "&<>" * 900,
    "&amp;&lt;!channel&gt; &lt;@UADA00001&gt;",
    "<@UADA00001> and <@UBOB00001|bob>",
    "`code` ```block``` *bold* _it_ ~no~ > quote",
    "\u202eevil\u202c \u2066x\u2069",
    "👩\u200d🚒🔥" * 400,
    "\u200b\u200d\ufe0f",
    "line\n\n> line\n" * 200,
    "<!date^1^{date}|x> <#C0GEN00001|general>",
    "|" * 3000 + ">",
]
_PIECES = [
    "<",
    ">",
    "&",
    ";",
    "|",
    "!channel",
    "@UADA00001",
    "#C0GEN00001",
    "amp",
    " ",
    "\n",
    "`",
    "é",
    "https://e.example",
    "🔥",
]
texts = (
    st.sampled_from(_WORST)
    | st.text(max_size=10)
    | st.lists(st.sampled_from(_PIECES), max_size=8).map("".join)
    | st.tuples(st.sampled_from(_PIECES), st.integers(1, 3000)).map(lambda many: many[0] * many[1])
)
people = st.sampled_from(["UADA00001", "UBOB00001", "W0EVE0001"])
names = st.dictionaries(people, texts.map(lambda text: text[:80]))
times = st.integers(0, 10_000).map(lambda minutes: START + timedelta(minutes=minutes))
durations = st.integers(0, 10_000).map(lambda minutes: timedelta(minutes=minutes))
zones = st.sampled_from([ZoneInfo("UTC"), ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu")])
roles = st.sampled_from(["ic", "deputy", "communications"])
calls = st.sampled_from(
    [
        "",
        "https://meet.example.com/inc?a=1&b=2",
        "https://meet.example.com/" + "x" * 1975,
        "http://e.example/" + "&" * 1900,
    ]
)

incidents = st.builds(
    Incident,
    number=st.integers(1, 999_999),
    title=texts,
    summary=texts,
    severity=st.sampled_from(Severity),
    state=st.sampled_from(State),
    kind=st.sampled_from(Kind),
    private=st.booleans(),
    declared_by=people,
    declared_at=times,
    detected_at=times,
    mitigated_at=st.none() | times,
    resolved_at=st.none() | times,
    call_url=calls,
    channel_id=st.none() | st.just("C0INC00001"),
    channel_name=st.just("inc-7"),
    source=texts,
)
tenures = st.builds(
    Tenure,
    id=st.just(1),
    incident=st.just(7),
    role=roles,
    person=people,
    how=st.sampled_from(How),
    started_at=times,
    ended_at=st.none() | times,
    late_seconds=st.integers(0, 100_000),
    reason=texts,
    confirmed=st.booleans(),
)
shifts = st.builds(
    lambda starts, person, role, position, said: Shift(
        id=position + 1,
        rota=1,
        incident=7,
        role=role,
        position=position,
        person=person,
        turn_of=person,
        starts_at=starts,
        ends_at=starts + timedelta(hours=8),
        **({said: starts} if said else {}),
    ),
    times,
    people,
    roles,
    st.integers(0, 500),
    st.sampled_from(["", "confirmed_at", "up_at", "cant_at"]),
)
rotas = st.builds(
    Rota,
    id=st.just(1),
    incident=st.just(7),
    role=roles,
    people=st.sampled_from([2, 50]).flatmap(lambda many: st.lists(people, min_size=many, max_size=many).map(tuple)),
    shift=st.integers(30, 1440).map(lambda minutes: timedelta(minutes=minutes)),
    anchor=times,
)
offers = st.builds(
    Handoff,
    id=st.integers(1, 99),
    incident=st.just(7),
    role=roles,
    kind=st.sampled_from(HandoffKind),
    offered_to=people,
    offered_by=st.none() | people,
    offered_at=times,
    shift=st.none() | st.just(1),
    boundary_at=times,
    state=st.sampled_from(HandoffState),
    accepted_by=st.none() | people,
    reason=texts,
    exhausted_at=st.none() | times,
    briefing=st.none(),
    message_channel=st.none(),
    message_ts=st.none(),
)
takings = st.builds(
    Taking,
    id=st.integers(1, 99),
    incident=st.just(7),
    role=st.just("ic"),
    person=people,
    holder=people,
    reason=texts,
    asked_at=times,
    confirm_at=times,
    state=st.sampled_from(TakingState),
)
entries = st.builds(
    Entry,
    incident=st.just(7),
    number=st.integers(1, 9_999),
    at=times,
    who=st.none() | people,
    kind=st.sampled_from(EntryKind),
    text=texts,
)


@st.composite
def _impacts(draw: st.DrawFn) -> Impact:
    """What was said of none, one, or as many components and tiers as anybody has, all with the longest names."""
    many = draw(st.sampled_from([0, 1, 3, 12]))
    names = [("c" * 28 + f"{number:03}", "t" * 31) for number in range(many)]
    said = [
        Statement(
            id=order,
            part=Part(component=component, tier=tier, place=number),
            level=draw(st.sampled_from(Level)) if number < 3 else Level.MAJOR_OUTAGE,
            since=START + timedelta(hours=order),
            affected=draw(st.none() | st.integers(0, 10**9)) if number < 3 else 10**9,
            is_down=number != 1,
            said_by="UADA00001",
            said_at=START,
        )
        for number, (component, tier) in enumerate(names)
        for order in (0, 1)
    ]
    return impact_from(said)


impacts = _impacts()


@st.composite
def _measures(draw: st.DrawFn) -> Measure:
    """One of any name, read once or often: steadily, or standing still."""
    step, total = draw(st.sampled_from([0, 10, 10**7])), draw(st.sampled_from([1, 900, 10**9]))
    readings = tuple(
        Reading(at=START + timedelta(minutes=30 * number), value=min(step * number, total), total=total)
        for number in range(draw(st.sampled_from([1, 6, 8])))
    )
    name = clean_line(draw(texts))[:NAME_LIMIT].strip() or "databases"
    return Measure(id=draw(st.integers(1, 99)), incident=7, name=name, readings=readings)


measures = _measures()
needs = st.builds(
    Need,
    id=st.just(1),
    incident=st.just(7),
    number=st.integers(1, 999),
    text=texts,
    asked_by=people,
    asked_at=times,
    done_at=st.none() | times,
)
cases = st.builds(
    VendorCase,
    id=st.just(1),
    incident=st.just(7),
    vendor=texts.map(lambda text: text[:40]),
    reference=texts.map(lambda text: text[:80]),
    priority=texts.map(lambda text: text[:40]),
    contact=texts.map(lambda text: text[:200]),
    opened_by=people,
    opened_at=times,
    heard_at=times,
    note=texts,
    version=st.just(1),
    closed_at=st.none() | times,
)
words = st.builds(
    Words,
    text=texts.map(lambda text: text[:PUBLIC_LIMIT]),
    incident_state=st.sampled_from(State),
    cause=st.sampled_from(Cause),
    cause_text=texts.map(lambda text: text[:LINE_LIMIT]),
    estimate_at=st.none() | times,
    estimate_text=texts.map(lambda text: text[:LINE_LIMIT]),
    no_estimate_why=texts.map(lambda text: text[:LINE_LIMIT]),
    next_at=st.none() | times,
    title=texts.map(lambda text: text[:150]),
)
updates = st.builds(
    Update,
    id=st.just(1),
    incident=st.just(7),
    number=st.integers(1, 999),
    audience=st.sampled_from(Audience),
    state=st.sampled_from(UpdateState),
    words=words,
    written_by=people,
    written_at=times,
    published_by=people,
    published_at=times,
    corrects=st.none() | st.just(1),
)
update_promises = st.builds(
    Promise,
    id=st.just(1),
    incident=st.just(7),
    due_at=times,
    snoozed_from=st.none() | times,
    state=st.just(PromiseState.OPEN),
    kept_by=st.none(),
    settled_at=st.none(),
    made_at=times,
)
overviews = st.builds(
    Overview,
    incident=incidents,
    tenures=st.lists(tenures, max_size=2).map(lambda few: tuple(few * 6)),
    next_shift=st.none() | shifts,
    open_offer=st.none() | offers,
    last_commander=st.none() | people,
    latest=st.lists(entries, max_size=1).map(tuple),
    now=times,
    rotas=st.lists(rotas, max_size=2).map(lambda few: {rota.role: rota for rota in few}),
    impact=impacts,
    needs=st.lists(needs, max_size=1).map(lambda few: tuple(few * 30)),
    cases=st.lists(cases, max_size=1).map(lambda few: tuple(few * 30)),
    measures=st.lists(measures, max_size=2).map(lambda few: tuple(few * 10)),
    last_update=st.none() | updates,
    last_internal=st.none() | updates,
    promise=st.none() | update_promises,
)
digests = st.builds(
    Digest,
    now=times,
    since=times,
    opened=st.lists(
        st.builds(
            Told,
            overview=overviews,
            changes=st.lists(st.builds(Change, st.just("Decision"), texts), max_size=3).map(tuple),
            more=st.integers(0, 99),
            is_new=st.booleans(),
        ),
        max_size=1,
    ).map(lambda few: tuple(few * IN_FULL)),
    others=st.lists(overviews, max_size=1).map(lambda few: tuple(few * IN_SHORT)),
    unshown=st.integers(0, 10_000),
    ended=st.lists(incidents, max_size=1).map(lambda few: tuple(few * 20)),
    names=names,
)
subscriptions = st.builds(
    Subscription,
    person=people,
    severities=st.sets(st.sampled_from(Severity), min_size=1).map(tuple),
    times=st.sets(st.times(), min_size=1, max_size=6).map(tuple),
    since=times,
)
hours = st.builds(
    Hours,
    in_day=durations,
    in_week=durations,
    rest=st.none() | durations,
    has_command=st.booleans(),
    accepted=st.integers(0, 99),
    late=st.lists(durations, max_size=1).map(lambda few: tuple(few * 99)),
)


@st.composite
def promises(draw: st.DrawFn) -> Mapping[str, Any]:
    """What a promise to say something may carry, for every text in `posts.POSTS`."""
    warnings = st.sampled_from([{}, {"beyond_minutes": 60}, {"day_minutes": 600}])
    return {
        "by": draw(people),
        # Of a text about a channel it is a channel.
        "old": "C0OLD00001",
        "new": draw(st.sampled_from(["sev1", "monitoring"])),
        "text": draw(texts),
        # Ours: nobody typed them.
        "words": "<@UADA00001> and <@UBOB00001> traded shifts",
        "warning": draw(st.sampled_from(["", "<@UADA00001> would rest only 4 h before Sat 7 Mar 00:00 PST."])),
        "reason": draw(texts),
        "url": draw(calls.filter(bool)),
        "number": draw(st.integers(1, 9_999)),
        "role": draw(roles),
        "how": draw(st.sampled_from(How)),
        "person": draw(st.none() | people),
        "people": draw(st.sampled_from([[], [{"id": "UADA00001", "zone": "Europe/London"}, {"id": "U1", "zone": ""}]])),
        "minutes": draw(st.integers(0, 10_000)),
        "since": START.timestamp(),
        "answer_by": draw(times).timestamp(),
        "at": START.timestamp(),
        "doing": "invite <@UADA00001>",
        "why": "Slack says `is_archived`.",
        "hint": draw(st.sampled_from(["", "Invite them by hand."])),
        "tenure": draw(st.sampled_from([1, 2])),
        "handoff": 1,
        "taking": 1,
        "trade": 1,
        "page": 1,
        "times": 2,
        "instead_of": draw(st.none() | people),
        "seconds": 480.4,
        "names": draw(st.sampled_from([["deploys"], ["c" * 31 + "/" + "t" * 31] * 120])),
        "level": draw(st.sampled_from(Level)),
        "affected": draw(st.none() | st.integers(0, 10**9)),
        "name": draw(texts.map(lambda text: text[:130])),
        "case": 1,
        "version": 1,
        "priority": draw(texts.map(lambda text: text[:40])),
        "contact": draw(texts.map(lambda text: text[:200])),
        "kind": draw(st.sampled_from(EntryKind)),
        "of": draw(st.sampled_from(["", "INC-5"])),
        "title": draw(texts),
        "channel": draw(st.none() | st.just("C0OLD00001")),
        "promise": draw(st.sampled_from([1, 2])),
        "draft": draw(texts),
        "late": draw(st.sampled_from([0.0, 4000.0])),
        "told": [{"what": "resolved", "about": {"by": "UADA00001", "text": draw(texts)}}],
        **draw(warnings),
    }


posts = st.builds(
    Post,
    overview=overviews,
    about=promises(),
    zone=zones,
    to=st.none() | people,
    shift=st.none() | shifts,
    shifts=st.lists(shifts, max_size=2).map(lambda few: tuple(few * 20)),
    other_shift=st.none() | shifts,
    handoff=st.none() | offers,
    asked=st.lists(people, max_size=1).map(lambda few: tuple(few * 60)),
    update=st.none() | updates,
    names=names,
)
trades = st.builds(
    Trade,
    id=st.integers(1, 99),
    shift=st.just(1),
    version=st.just(1),
    person=people,
    asked=people,
    for_shift=st.none(),
    asked_at=times,
    state=st.sampled_from(TradeState),
)
contacts = st.builds(
    Contact,
    id=st.integers(1, 99),
    person=people,
    secret=st.just(b""),
    shown=texts.map(lambda text: text[:80]),
    added_at=times,
    delivered_at=st.none() | times,
    failed_at=st.none() | times,
    failure=texts.map(lambda text: text[:200]),
    removed_at=st.none(),
)
pages = st.builds(
    Page,
    id=st.integers(1, 99),
    key=st.just("page"),
    incident=st.just(7),
    person=people,
    what=st.just("ladder"),
    about=st.sampled_from([{}, {"shift": 1}]),
    handoff=st.none(),
    paged_at=times,
    times=st.just(1),
    acknowledged_at=st.none(),
    ended_at=st.none(),
    reason=st.just(""),
)


def _many(strategy: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    """None, one, or a great many of the same."""
    return st.lists(strategy, max_size=1).flatmap(
        lambda few: st.sampled_from([1, most]).map(lambda many: tuple(few * many))
    )


homes = st.builds(
    HomePage,
    person=people,
    now=times,
    zone=zones,
    incidents=incidents.map(lambda incident: {7: incident}),
    offers=_many(offers, 20),
    takings=_many(takings, 20),
    trades=_many(st.builds(TradeAsked, trade=trades, shift=shifts, own=st.none() | shifts), 20),
    pages=_many(pages, 20),
    shifts=_many(shifts, 40),
    roles=_many(tenures, 40),
    on_duty=st.none() | people,
    opened=_many(overviews, 20),
    more=st.sampled_from([0, 99]),
)
listed = st.builds(Listed, entries=_many(entries, 30), total=st.sampled_from([0, 1, 30, 99]))
facts = st.builds(
    Facts,
    incident=incidents,
    role=roles,
    as_of=times,
    since=times,
    tenures=_many(tenures, 12),
    following=st.none() | shifts,
    offers=_many(offers, 3),
    changed=listed,
    decisions=listed,
    hypotheses=listed,
    ruled_out=listed,
    workarounds=listed,
    needs=_many(needs, 30),
    cases=_many(cases, 30),
    measures=_many(measures, 20),
    notes=st.integers(0, 99),
    pinned=st.integers(0, 99),
    objectives=texts,
    names=names,
    impact=impacts,
)
briefings = st.builds(
    Briefing,
    id=st.just(1),
    incident=st.just(7),
    role=roles,
    shift=st.none(),
    prepared_by=people,
    prepared_at=times,
    facts=facts,
    worries=texts,
    do_first=texts,
    accepted_at=st.none() | times,
    message_channel=st.none(),
    message_ts=st.none(),
    details_ts=st.none(),
)
betweens = st.builds(
    Between,
    outgoing=st.none() | people,
    incoming=st.none() | people,
    due=st.none() | times,
    editable=st.booleans(),
    names=names,
)
covers = st.builds(
    lambda number, person, starts, ends: Cover(
        id=number, person=person, starts_at=min(starts, ends), ends_at=max(starts, ends), set_by=person
    ),
    st.integers(1, 99),
    people,
    times,
    times,
)
_events = st.builds(
    lambda person, label, starts, ends: DutyEvent(person, label, min(starts, ends), max(starts, ends)),
    st.none() | people,
    texts,
    times,
    times,
)
rosters = st.builds(
    Roster,
    id=st.just(1),
    people=st.lists(people, min_size=1, max_size=3, unique=True).map(tuple),
    schedule=st.builds(
        Schedule,
        every_days=st.sampled_from([1, 3, 7, 14]),
        anchor=st.just(START.date()),
        wall=st.just(time(9)),
        zone=zones,
    ),
    set_by=people,
    set_at=times,
    url=st.sampled_from(["", "https://calendar.example.com/private/oncall.ics"]),
    fetched_at=st.none() | times,
    fetch_error=texts,
)
duties = st.builds(Duty, roster=rosters, covers=_many(covers, 20), events=_many(_events, 20))
notices = st.builds(
    Notice,
    to=people,
    about=st.fixed_dictionaries(
        {"by": st.none() | people, "at": times.map(lambda at: at.isoformat()), "why": texts},
    ),
    zone=zones,
    now=times,
    duty=st.none() | duties,
    names=names,
)
