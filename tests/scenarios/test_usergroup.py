"""User groups: the one that holds the ICs, and those that say who commanders are. Slack may refuse both."""

import pytest

from bot.manifest import SCOPES
from tests.harness import Starter, Workspace
from tests.harness.terminal import watchbill

IC, COMMANDERS = "S0IC000000", "S0COMMAND1"
WITH_IC = f'[command]\nusergroup = "{IC}"\n'
WITH_COMMANDERS = f'[groups]\ncommanders = ["{COMMANDERS}"]\n'


def _group(workspace: Workspace, group: str) -> list[str]:
    groups = workspace.doors.get("/control/usergroups")["usergroups"]
    found = next(one["users"] for one in groups if one["id"] == group)
    return [workspace.name_of(user) for user in found]


def _set_group(workspace: Workspace, **how: object) -> None:
    workspace.doors.control("usergroups", **how)
    workspace.settle()


def _refused(workspace: Workspace) -> list[str]:
    rows = workspace.bot.rows("SELECT state, error FROM outbox WHERE kind IN ('usergroup', 'groups') ORDER BY id")
    assert "failed" not in {row["state"] for row in rows}
    harmless = {"newer one queued", "no user group is set"}
    return [row["error"] for row in rows if row["state"] == "dropped" and row["error"] not in harmless]


def test_the_group_holds_the_commanders_of_open_public_incidents(workspace_with: Starter) -> None:
    workspace = workspace_with(WITH_IC)
    ada, bob, eve = (workspace.person(one) for one in ("ada", "bob", "eve"))
    workspace.forgive()
    ada.declares("Checkout is down", "#general")
    assert _group(workspace, IC) == ["ada"]
    bob.declares("Search is slow", "#general")
    assert _group(workspace, IC) == ["ada", "bob"]
    bob.declares("Login fails", "#general")
    assert _group(workspace, IC) == ["ada", "bob"], "each once"
    eve.types("/incident declare Keys have leaked private", "#general")
    eve.types("/incident declare Exercise drill", "#general")
    assert _group(workspace, IC) == ["ada", "bob"], "neither private ones nor drills"
    ada.types("/incident handoff @eve", "#inc-1-checkout-is-down")
    eve.clicks("I have command", "#inc-1-checkout-is-down")
    assert _group(workspace, IC) == ["bob", "eve"]
    bob.types("/incident resolve", "#inc-2-search-is-slow")
    bob.types("/incident resolve", "#inc-3-login-fails")
    assert _group(workspace, IC) == ["eve"]
    eve.types("/incident resolve", "#inc-1-checkout-is-down")
    assert _group(workspace, IC) == ["eve"], "it can't be empty"


@pytest.mark.parametrize("mode", ["permission_denied", "plan_upgrade_required"])
def test_a_refusal_is_dropped_logged_and_told_by_check(workspace_with: Starter, mode: str) -> None:
    workspace = workspace_with(WITH_IC)
    _set_group(workspace, mode=mode)
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    channel.expects_nothing()
    assert _refused(workspace) == [mode]
    assert any(event["event"] == "user group refused" and event["error"] == mode for event in workspace.bot.events())
    status, said = watchbill(workspace, "check")
    assert (status, said.count("✗")) == (1, 1)
    remedy = {"permission_denied": "let everyone manage them", "plan_upgrade_required": "plan has no user groups"}
    assert remedy[mode] in said
    _set_group(workspace, mode="ok")
    ada.types("/incident handoff @bob", channel)
    workspace.person("bob").clicks("I have command", channel)
    workspace.forgive()
    assert _group(workspace, IC) == ["bob"]
    status, said = watchbill(workspace, "check")
    assert (status, said.count("✗"), "All is well.\n" in said) == (0, 0, True)


def test_who_can_not_be_in_it_keeps_nobody_else_out(workspace_with: Starter) -> None:
    workspace = workspace_with(WITH_IC)
    ada, bob = workspace.person("ada"), workspace.person("bob")
    workspace.forgive()
    ada.declares("Checkout is down", "#general")
    workspace.change_person("ada", deleted=True)
    bob.declares("Search is slow", "#general")
    assert _group(workspace, IC) == ["bob"]
    assert _refused(workspace) == []


def test_a_group_that_is_gone_is_no_trouble(workspace_with: Starter) -> None:
    workspace = workspace_with(WITH_IC + WITH_COMMANDERS)
    for group in (IC, COMMANDERS):
        _set_group(workspace, group=group, disabled=True)
    channel = workspace.person("ada").declares("Checkout is down")
    channel.expects_nothing()
    assert "no_such_subteam" in _refused(workspace)
    status, said = watchbill(workspace, "check")
    assert (status, said.count("✗")) == (1, 2)
    assert f"groups.commanders: there is no user group {COMMANDERS}" in said
    assert f"command.usergroup: there is no user group {IC}" in said


def test_a_workspace_without_the_optional_scopes(workspace_with: Starter) -> None:
    workspace = workspace_with(WITH_IC + WITH_COMMANDERS)
    workspace.doors.control("scopes", scopes=list(SCOPES))
    workspace.bot.restart()
    channel = workspace.person("ada").declares("Checkout is down")
    channel.expects_nothing()
    assert set(_refused(workspace)) == {"missing_scope"}
    status, said = watchbill(workspace, "check")
    assert (status, said.count("✗")) == (1, 2)
    assert "usergroups:read is missing, needed for reading the user groups" in said
    assert "usergroups:write is missing, needed for keeping a user group of the ICs" in said


def test_commanders_come_from_a_group_and_follow_it(workspace_with: Starter) -> None:
    workspace = workspace_with(WITH_COMMANDERS)
    ada, dana, zoe = (workspace.person(one) for one in ("ada", "dana", "zoe"))
    channel = ada.declares("Checkout is down")
    workspace.forgive()
    zoe.types("/incident rota start INC-1 @ada @bob 8h", "#general").says("Only the IC, the deputy and commanders")
    dana.types("/incident rota start INC-1 @ada @bob 8h", "#general").says("Command rota of INC-1")
    _set_group(workspace, group=COMMANDERS, users=["zoe"])
    dana.types("/incident rota stop INC-1", "#general").says("Only the IC, the deputy and commanders")
    zoe.types("/incident rota stop INC-1", "#general")
    assert "no rota" in ada.types("/incident rota", channel)


def test_members_of_a_group_are_met_before_they_are_told_anything(workspace_with: Starter) -> None:
    workspace = workspace_with(WITH_COMMANDERS)
    met = "SELECT zone FROM people WHERE id = ?"
    assert workspace.bot.one(met, "U0DANA0000") not in (None, "UTC")
    mark = workspace.mark()
    workspace.bot.restart()
    workspace.settle()
    assert not workspace.calls(mark, "users.info"), "once is enough"


def test_what_can_not_be_read_stays_as_it_was(workspace_with: Starter) -> None:
    workspace = workspace_with(WITH_COMMANDERS)
    ada, dana = workspace.person("ada"), workspace.person("dana")
    ada.declares("Checkout is down")
    workspace.forgive()
    _set_group(workspace, mode="plan_upgrade_required")
    workspace.bot.restart()
    assert _refused(workspace) == ["plan_upgrade_required"]
    dana.types("/incident rota start INC-1 @ada @bob 8h", "#general").says("Command rota of INC-1")
