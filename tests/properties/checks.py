"""What must hold after every step, whatever was done: each check compares what was seen before and after it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from bot.domain.boundary import BEFORE
from bot.messages.posts import POSTS
from tests.properties.seen import Seen

MINUTE = timedelta(minutes=1)
OF_SHIFT = {kind.value for kind, _ in BEFORE}
OF_HANDOFF = {"handoff-late", "ladder", "managers", "unanswered"}
OF_TENURE = {"presence", "presence-unanswered", "fatigue-shift", "fatigue-day", "rota-suggestion"}
# Texts that ask somebody something, or warn them that they may be asked.
ASKING = set(
    "shift-hour shift-page late-in ladder duty-offer reopened-offer trade taking taking-free stand-in managers".split()
)
# Said once to one person about one of these.
ONCE = {
    "shift-hour": ("shift", "version"),
    "late-out": ("handoff",),
    "managers": ("handoff",),
    "trade": ("trade",),
    "taking": ("taking",),
    "taking-free": ("taking",),
}


@dataclass
class Held:
    """Who held command from when to when, as the test has it."""

    person: str
    since: datetime
    until: datetime | None = None


@dataclass
class Step:
    """One thing that was done. `moves`: the shifts whose people it may change; `times`: whether it moves boundaries."""

    what: str
    before: Seen
    after: Seen
    log: dict[int, list[Held]]
    said: Counter[tuple[Any, ...]]
    moves: Collection[int] = ()
    times: bool = False
    # The bot was away and has not caught up.
    late: bool = False
    problems: list[str] = field(default_factory=list)


def check(step: Step) -> None:
    """Every check; an AssertionError says what was done and what is wrong."""
    for one in CHECKS:
        one(step)


def _command(step: Step) -> None:
    """Exactly one IC from declared to the end, and who by the log of the test."""
    for incident in step.after.incidents:
        stored = [row for row in step.after.tenures if row.incident == incident.number and row.role == "ic"]
        found = [Held(row.person, row.started_at, row.ended_at) for row in stored]
        assert found == step.log[incident.number], f"{step.what}: the command log of INC-{incident.number} is wrong"
        assert found[0].since == incident.declared_at
        for one, other in pairwise(stored):
            assert one.ended_at is not None, f"{step.what}: two command INC-{incident.number}"
            if other.how != "reopened":
                assert one.ended_at == other.started_at, f"{step.what}: nobody commanded INC-{incident.number}"
        is_open = incident.state in {"investigating", "identified", "monitoring"}
        assert is_open == (found[-1].until is None), f"{step.what}: INC-{incident.number} is {incident.state}"


def _plans(step: Step) -> None:
    """Shifts tile time, the past stays as it was, and only what may be moved is moved."""
    for rota in step.after.rotas:
        shifts = step.after.shifts_of(rota.id)
        assert [row.position for row in shifts] == list(range(len(shifts)))
        for one, other in pairwise(shifts):
            assert one.ends_at == other.starts_at, f"{step.what}: a gap or an overlap after shift {one.position}"
        if rota.stopped_at is None and not step.late:
            assert shifts[-1].starts_at > step.after.now, f"{step.what}: the plan of rota {rota.id} ends too soon"
    stored = {row.id: row for row in step.after.shifts}
    for old in step.before.shifts:
        new = stored[old.id]
        same_person = (new.person, new.turn_of) == (old.person, old.turn_of)
        same_times = (new.starts_at, new.ends_at) == (old.starts_at, old.ends_at)
        assert same_times or step.times, f"{step.what}: a boundary of shift {old.id} moved"
        assert same_person or old.id in step.moves, f"{step.what}: shift {old.id} went to {new.person}"
        assert same_person or old.starts_at > step.before.now, f"{step.what}: shift {old.id} of the past was changed"
        was_waiting = any(row.shift == old.id and row.state == "open" for row in step.before.handoffs)
        if old.starts_at <= step.before.now and not was_waiting:
            assert new.starts_at == old.starts_at, f"{step.what}: shift {old.id} had begun"
        changed = (new.person, new.starts_at) != (old.person, old.starts_at)
        assert (new.version > old.version) == changed, f"{step.what}: shift {old.id} is of version {new.version}"


def _steps_planned(step: Step) -> None:
    """Every step of the table that is to come is planned, at its minute, and no other is."""
    seen = step.after
    planned = {(row.subject, row.version, row.kind): row.due_at for row in seen.pending(*OF_SHIFT)}
    expected: dict[tuple[int, int, str], datetime] = {}
    for rota in seen.rotas:
        if rota.stopped_at is None:
            for shift in seen.shifts_of(rota.id):
                for kind, before in BEFORE:
                    due = shift.starts_at - before
                    if due > seen.now and (rota.role == "ic" or before in (timedelta(), 60 * MINUTE)):
                        expected[shift.id, shift.version, kind.value] = due
    if step.late:
        planned = {key: due for key, due in planned.items() if due > seen.now}
    assert planned == expected, f"{step.what}: of the boundary table something is missing, or planned in vain"


def _ended_well(step: Step) -> None:
    """A reminder ends once: delivered of the plan as it was, covered by one that exists, superseded with a reason."""
    known = {row.key: row for row in step.after.reminders}
    shifts = {row.id: row for row in step.before.shifts}
    for old in step.before.reminders:
        new = known[old.key]
        if old.state != "pending":
            assert new == old, f"{step.what}: {old.key} ended twice"
        elif new.state == "pending":
            assert step.late or new.due_at > step.after.now, f"{step.what}: {old.key} was due and is still there"
        elif new.state == "delivered":
            assert old.due_at <= step.after.now, f"{step.what}: {old.key} was delivered early"
            if old.kind in OF_SHIFT:
                shift = shifts[old.subject]
                assert old.version == shift.version, f"{step.what}: {old.key} was of an older plan"
                assert step.before.one("rotas", shift.rota).stopped_at is None, f"{step.what}: {old.key} has no rota"
        else:
            assert new.reason, f"{step.what}: {old.key} was {new.state} without a reason"
            assert new.state != "covered" or new.reason in known, f"{step.what}: {old.key} is covered by nothing"
            assert new.reason != old.key, f"{step.what}: {old.key} is covered by itself"


def _about_something(step: Step) -> None:
    """What is planned is about something that is still so."""
    seen = step.after
    for row in seen.pending():
        if row.kind in OF_HANDOFF:
            alive = seen.one("handoffs", row.subject).state == "open"
        elif row.kind == "page-again":
            alive = seen.one("pages", row.subject).ended_at is None
        elif row.kind == "trade":
            alive = seen.one("trades", row.subject).state == "open"
        elif row.kind == "taking":
            alive = seen.one("takings", row.subject).state == "open"
        elif row.kind in OF_TENURE:
            alive = seen.one("tenures", row.subject).ended_at is None
        else:
            continue
        assert alive, f"{step.what}: {row.key} is planned for what is over"


def _watched(step: Step) -> None:
    """Whoever commands a sev1 or sev2 is looked after: one look is planned, and none of a sev3 or sev4."""
    seen = step.after
    for incident in seen.incidents:
        if incident.ic_tenure:
            looks = len(seen.pending("presence", subject=incident.ic_tenure))
            expected = 1 if incident.severity in {"sev1", "sev2"} else 0
            assert looks == expected, f"{step.what}: {looks} looks at the IC of a {incident.severity}"


def _questions(step: Step) -> None:
    """Open offers, takings and trades: one of a role, of an open incident, with something that ends them."""
    seen = step.after
    for name in ("handoffs", "takings"):
        counted = Counter((row.incident, row.role) for row in getattr(seen, name) if row.state == "open")
        assert all(count == 1 for count in counted.values()), f"{step.what}: two open {name}"
    for row in seen.takings:
        if row.state == "open":
            assert row.holder == seen.holder(row.incident), f"{step.what}: {row.holder} does not have it"
            assert seen.pending("taking", subject=row.id), f"{step.what}: taking {row.id} never ends"
    for row in seen.trades:
        if row.state == "open":
            shift = seen.one("shifts", row.shift)
            assert shift.version == row.version, f"{step.what}: trade {row.id} is about an older plan"
            assert seen.one("rotas", shift.rota).stopped_at is None, f"{step.what}: trade {row.id} has no rota"
            assert shift.cant_at, f"{step.what}: trade {row.id} is open, and its person can"
            assert shift.starts_at > seen.now or step.late, f"{step.what}: trade {row.id} is too late"
            assert seen.pending("trade", subject=row.id), f"{step.what}: trade {row.id} never ends"


def _pages(step: Step) -> None:
    """Nobody is woken for what is over, or not any more their affair; who is, is woken again."""
    seen = step.after
    for page in seen.pages:
        if page.ended_at is not None:
            continue
        where = f"{step.what}: page {page.id} of {page.person} ({page.what})"
        assert len(seen.pending("page-again", subject=page.id)) == 1, f"{where} does not repeat"
        if page.handoff:
            handoff = seen.one("handoffs", page.handoff)
            assert handoff.state == "open", f"{where} is about an offer that was {handoff.state}"
            if handoff.kind in {"boundary", "offer", "duty"}:
                assert seen.holder(page.incident) != page.person, f"{where}: they have it"
        if "shift" in page.about:
            shift = seen.one("shifts", page.about["shift"])
            assert shift.version == page.about["version"], f"{where} is about an older plan"
            assert seen.one("rotas", shift.rota).stopped_at is None, f"{where} is about a rota that was stopped"
            assert shift.starts_at > seen.now or step.late, f"{where} is about a shift that has begun"
            assert (shift.up_at, shift.cant_at) == (None, None), f"{where}: they have answered"


def _told(step: Step) -> None:
    """Nobody is asked who is gone or may not know of it, and nobody is asked the same twice."""
    gone = step.after.deactivated()
    for row in step.after.tenures[len(step.before.tenures) :]:
        assert row.person not in gone, f"{step.what}: {row.person} is deactivated, and holds {row.role}"
    for row in step.after.outbox:
        if row.kind != "post":
            continue
        what, to, about = row.intent["what"], row.intent.get("to"), row.intent["about"]
        assert what in POSTS, f"{step.what}: there is no text {what!r}"
        if what in ASKING:
            assert to not in gone, f"{step.what}: {to} is deactivated, and asked: {what}"
            assert step.after.sees(row.incident, to), f"{step.what}: {to} may not know of INC-{row.incident}: {what}"
        if what in ONCE:
            said = (what, to, *(about.get(name) for name in ONCE[what]))
            step.said[said] += 1
            assert step.said[said] == 1, f"{step.what}: {to} was told twice: {said}"


def _over(step: Step) -> None:
    """What has ended asks nothing more."""
    seen = step.after
    over = {row.number for row in seen.incidents if row.ic_tenure is None}
    assert [row.key for row in seen.pending() if row.incident in over] == [], step.what
    shifts = {row.id for row in seen.shifts if seen.one("rotas", row.rota).incident in over}
    for name in ("handoffs", "takings"):
        assert not [row for row in getattr(seen, name) if row.state == "open" and row.incident in over], step.what
    assert not [row for row in seen.trades if row.state == "open" and row.shift in shifts], f"{step.what}: open trades"
    assert not [row for row in seen.pages if row.ended_at is None and row.incident in over], step.what
    assert not [row for row in seen.rotas if row.stopped_at is None and row.incident in over], step.what


CHECKS = (
    _command,
    _plans,
    _steps_planned,
    _ended_well,
    _about_something,
    _watched,
    _questions,
    _pages,
    _told,
    _over,
)
