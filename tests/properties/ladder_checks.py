"""The ladder, watched: whom it asks, in which order and how far apart, and that it never stands still."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from tests.properties.checks import MINUTE, Step
from tests.properties.seen import Seen

# How long after the question was asked the ladder begins, when nobody says that they can't.
BEGINS = {"boundary": 15 * MINUTE, "offer": 10 * MINUTE, "duty": 10 * MINUTE, "confirm": 10 * MINUTE}
RUNG = 10 * MINUTE
REST = timedelta(hours=10)
# Those that always have one; the IC on duty may be asked without.
WITH_LADDER = {"boundary", "offer", "confirm", "presence", "taking"}


def check_ladder(step: Step, commanders: Iterable[str], managers: Iterable[str], on_duty: str | None) -> None:
    """An AssertionError says what was done and what is wrong with whom was asked."""
    seen = step.after
    known = {(row.handoff, row.person) for row in step.before.asks}
    for handoff in seen.handoffs:
        asks = sorted((row for row in seen.asks if row.handoff == handoff.id), key=lambda row: row.asked_at)
        rungs = [row for row in asks if not _only_declined(row, handoff)]
        new = [row for row in rungs if (handoff.id, row.person) not in known]
        if not new:
            continue
        where = f"{step.what}: handoff {handoff.id} ({handoff.kind} to {handoff.offered_to})"
        assert len(new) == 1, f"{where}: {[row.person for row in new]} were asked at once"
        if " reopen " in step.what:
            continue
        assert handoff.role == "ic", f"{where}: only command has a ladder"
        earlier = [row.person for row in asks if row is not new[0]]
        in_order = candidates(seen, handoff, earlier, commanders, managers, on_duty)
        assert new[0].person == in_order[0], f"{where}: {new[0].person} was asked; in order are {in_order}"
        _in_time(where, handoff, asks, rungs)
    _goes_on(step)


def _only_declined(row: Any, handoff: Any) -> bool:
    """Whether this row says that the one it was offered to can't, not that the ladder asked somebody."""
    return bool(row.person == handoff.offered_to)


def _in_time(where: str, handoff: Any, asks: list[Any], rungs: list[Any]) -> None:
    declined = {row.person for row in asks if row.declined_at}
    last, before = rungs[-1], rungs[-2] if len(rungs) > 1 else None
    if before:
        gap = last.asked_at - before.asked_at
        assert gap >= RUNG or before.person in declined, f"{where}: {before.person} had {gap} to answer"
    elif handoff.offered_to not in declined:
        gap = last.asked_at - handoff.offered_at
        assert gap >= BEGINS.get(handoff.kind, timedelta()), f"{where}: {handoff.offered_to} had {gap} to answer"


def _goes_on(step: Step) -> None:
    """Until somebody accepts there is always a next step."""
    for handoff in step.after.handoffs:
        if (handoff.state, handoff.role) != ("open", "ic") or handoff.kind not in WITH_LADDER:
            continue
        coming = step.after.pending("ladder", subject=handoff.id)
        lines = step.after.pending("unanswered", subject=handoff.id)
        where = f"{step.what}: handoff {handoff.id} ({handoff.kind} to {handoff.offered_to})"
        assert len(coming) <= 1, f"{where}: two steps of the ladder are planned"
        if handoff.exhausted_at and not coming:
            assert len(lines) == 1, f"{where}: nobody is left, and nothing is said of it"
            assert lines[0].due_at <= step.after.now + 30 * MINUTE
        else:
            assert coming, f"{where}: nobody is asked next"
            assert coming[0].due_at <= step.after.now + 15 * MINUTE


def candidates(
    seen: Seen, handoff: Any, asked: list[str], commanders: Iterable[str], managers: Iterable[str], on_duty: str | None
) -> list[str]:
    """Who is left to be asked, in order, by looking at everything anew."""
    holder, deputy = seen.holder(handoff.incident), seen.holder(handoff.incident, "deputy")
    rungs: list[str | None] = [deputy]
    for group in (_on_rota(seen, handoff), [on_duty] if on_duty else [], commanders, managers):
        rungs += [person for person in group if rested(seen, person)]
        rungs += [person for person in group if not rested(seen, person)]
    left = [person for person in dict.fromkeys(rungs) if person and person not in {holder, handoff.offered_to, *asked}]
    return [person for person in left if person not in seen.deactivated() and seen.sees(handoff.incident, person)]


def _on_rota(seen: Seen, handoff: Any) -> list[str]:
    """Everybody whose shift runs or comes, the next first."""
    rota = seen.running(handoff.incident)
    shifts = seen.shifts_of(rota.id) if rota else []
    return [row.person for row in shifts if row.ends_at > seen.now]


def rested(seen: Seen, person: str) -> bool:
    """Whether somebody has not held command for ten hours."""
    held = [row for row in seen.tenures if row.role == "ic" and row.person == person]
    ends = [row.ended_at or seen.now for row in held if row.ended_at != row.started_at]
    return not ends or seen.now - max(ends) >= REST
