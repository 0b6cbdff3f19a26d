"""76 hours, six commanders on three continents, a change of the clocks, and a bot that is killed in every shift."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.harness import Workspace
from tests.scenarios.long_incident import COMMAND_LOG, SCREENPLAY
from tests.scenarios.screenplay import Stage, begun, said_at

_START = datetime(2025, 3, 7, 5, 0, tzinfo=UTC)
_SETTINGS = '[groups]\ncommanders = ["U0FINN0000"]\nmanagers = ["U0MONA0000"]\n'
_MINUTE = timedelta(minutes=1)


def test_76_hours(tmp_path: Path) -> None:
    with begun(tmp_path, _START, "Databases down", by="indu", settings=_SETTINGS, works_every=60) as stage:
        stage.play(SCREENPLAY)
        assert _command_log(stage.workspace) == COMMAND_LOG
        _assert_never_vacant_and_never_double(stage.workspace)
        _assert_killed_in_every_shift(stage)
        _assert_every_reminder_ended(stage.workspace)
        assert _most_unasked_in_an_hour(stage) <= 4


def _time(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


def _at(stored: str) -> str:
    return f"{_time(stored):%a %H:%M}"


def _command_log(workspace: Workspace) -> list[tuple[Any, ...]]:
    rows = workspace.bot.rows(
        "SELECT tenures.*, handoffs.boundary_at, briefings.do_first FROM tenures"
        " LEFT JOIN handoffs ON handoffs.id = tenures.handoff"
        " LEFT JOIN briefings ON briefings.id = handoffs.briefing AND briefings.accepted_at = tenures.started_at"
        " WHERE tenures.role = 'ic' ORDER BY tenures.started_at"
    )
    return [
        (
            workspace.name_of(row["person"]),
            _at(row["started_at"]),
            _at(row["ended_at"]),
            row["how"],
            row["late_seconds"] // 60,
            row["reason"],
            row["boundary_at"] and _at(row["boundary_at"]),
            row["do_first"],
        )
        for row in rows
    ]


def _assert_never_vacant_and_never_double(workspace: Workspace) -> None:
    rows = workspace.bot.rows("SELECT started_at, ended_at FROM tenures WHERE role = 'ic' ORDER BY started_at")
    declared, resolved = workspace.bot.rows("SELECT declared_at, resolved_at FROM incidents")[0]
    assert [declared, *(row["ended_at"] for row in rows)] == [*(row["started_at"] for row in rows), resolved]
    assert _time(resolved) - _time(declared) >= timedelta(hours=76)


def _assert_killed_in_every_shift(stage: Stage) -> None:
    shifts = stage.workspace.bot.rows("SELECT starts_at, ends_at FROM shifts ORDER BY starts_at")
    begun = [shift for shift in shifts if _time(shift["starts_at"]) < stage.workspace.clock.now]
    assert len(begun) == 10
    for shift in begun:
        assert any(_time(shift["starts_at"]) <= killed < _time(shift["ends_at"]) for killed in stage.killed), shift


def _assert_every_reminder_ended(workspace: Workspace) -> None:
    """Delivered, or superseded for a reason; the bot was never away for so long that one had to cover another."""
    ended = workspace.bot.rows("SELECT key, state, reason FROM reminders")
    left = [row["key"] for row in ended if row["state"] not in ("delivered", "superseded")]
    assert not left
    assert all(row["reason"] for row in ended if row["state"] == "superseded")


def _most_unasked_in_an_hour(stage: Stage) -> int:
    """Of what the bot said in the channel by itself, outside the boundaries: the most within an hour."""
    posts = [one for one in stage.channel.messages if one.from_bot and one.ts not in stage.caused]
    offers = stage.workspace.bot.rows("SELECT boundary_at, settled_at FROM handoffs WHERE kind = 'boundary'")
    boundaries = [(_time(one["boundary_at"]) - 15 * _MINUTE, _time(one["settled_at"])) for one in offers]
    times = [said_at(one) for one in posts]
    unasked = [time for time in times if not any(begin <= time <= end for begin, end in boundaries)]
    return max((sum(time <= one < time + 60 * _MINUTE for one in unasked) for time in unasked), default=0)
