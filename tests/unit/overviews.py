"""Incidents made by hypothesis, with the texts that people should never have typed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from bot.domain.command import Handoff, HandoffState, How, Rota, Shift, Tenure
from bot.domain.incident import Incident, Kind, Severity, State
from bot.domain.overview import Overview
from bot.domain.timeline import Entry, EntryKind
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
times = st.integers(0, 10_000).map(lambda minutes: START + timedelta(minutes=minutes))
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
)
tenures = st.builds(
    Tenure,
    id=st.just(1),
    incident=st.just(7),
    role=st.sampled_from(["ic", "deputy", "communications"]),
    person=people,
    how=st.sampled_from(How),
    started_at=times,
    ended_at=st.none() | times,
)
shifts = st.builds(
    lambda starts, person, position: Shift(
        id=position + 1,
        rota=1,
        incident=7,
        role="ic",
        position=position,
        person=person,
        starts_at=starts,
        ends_at=starts + timedelta(hours=8),
    ),
    times,
    people,
    st.integers(0, 500),
)
rotas = st.builds(
    Rota,
    id=st.just(1),
    incident=st.just(7),
    role=st.just("ic"),
    people=st.lists(people, min_size=2, max_size=3).map(tuple),
    shift=st.integers(30, 1440).map(lambda minutes: timedelta(minutes=minutes)),
    anchor=times,
)
offers = st.builds(
    Handoff,
    id=st.integers(1, 99),
    incident=st.just(7),
    role=st.just("ic"),
    offered_to=people,
    shift=st.just(1),
    boundary_at=times,
    state=st.sampled_from(HandoffState),
    message_channel=st.none(),
    message_ts=st.none(),
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
overviews = st.builds(
    Overview,
    incident=incidents,
    tenures=st.lists(tenures, max_size=2).map(lambda few: tuple(few * 6)),
    next_shift=st.none() | shifts,
    offer=st.none() | offers,
    last_commander=st.none() | people,
    latest=st.lists(entries, max_size=1).map(tuple),
    now=times,
)


@st.composite
def promises(draw: st.DrawFn) -> Mapping[str, Any]:
    """What a promise to say something may carry, for every text in `posts.POSTS`."""
    return {
        "by": draw(people),
        "old": "sev2",
        "new": draw(st.sampled_from(["sev1", "monitoring"])),
        "text": draw(texts),
        "url": draw(calls.filter(bool)),
        "number": draw(st.integers(1, 9_999)),
        "role": "communications",
        "person": draw(st.none() | people),
        "people": draw(st.sampled_from([2, 250]).map(lambda many: ["UADA00001"] * many)),
        "minutes": draw(st.integers(0, 10_000)),
        "doing": "invite <@UADA00001>",
        "why": "Slack says `is_archived`.",
        "hint": draw(st.sampled_from(["", "Invite them by hand."])),
    }
