"""User groups: the one that holds the ICs, and those that say who commanders are. Slack may refuse both."""

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
    # Who can't be in it keeps nobody else out.
    refused = _refused(workspace)
    ada.declares("Mail is late", "#general")
    workspace.change_person("ada", deleted=True)
    bob.declares("Chat is late", "#general")
    assert _group(workspace, IC) == ["bob"]
    assert _refused(workspace) == refused


def test_what_is_refused_is_dropped_logged_and_told_by_check(workspace_with: Starter) -> None:
    workspace = workspace_with(WITH_IC + WITH_COMMANDERS)
    ada, known = workspace.person("ada"), 0
    remedies = {"permission_denied": "let everyone manage them", "plan_upgrade_required": "plan has no user groups"}
    for mode, remedy in remedies.items():
        _set_group(workspace, mode=mode)
        ada.declares(f"Checkout is down {known}", "#general").expects_nothing()
        refused = _refused(workspace)
        assert (refused[-1], len(refused)) == (mode, known + 1)
        known = len(refused)
        logged = [event["error"] for event in workspace.bot.events() if event["event"] == "user group refused"]
        assert mode in logged
        status, said = watchbill(workspace, "check")
        assert (status, said.count("✗")) == (1, 1)
        assert remedy in said
    _set_group(workspace, mode="ok")
    ada.types("/incident handoff @bob", "#inc-2-checkout-is-down-1")
    workspace.person("bob").clicks("I have command", "#inc-2-checkout-is-down-1")
    workspace.forgive()
    assert _group(workspace, IC) == ["ada", "bob"]
    status, said = watchbill(workspace, "check")
    assert (status, said.count("✗"), "All is well.\n" in said) == (0, 0, True)
    # A group that is gone is no trouble, nor is a workspace without the optional scopes.
    for group in (IC, COMMANDERS):
        _set_group(workspace, group=group, disabled=True)
    workspace.person("eve").declares("Search is slow", "#general").expects_nothing()
    assert _refused(workspace)[-1] == "no_such_subteam"
    status, said = watchbill(workspace, "check")
    assert (status, said.count("✗")) == (1, 2)
    assert f"groups.commanders: there is no user group {COMMANDERS}" in said
    assert f"command.usergroup: there is no user group {IC}" in said
    known = len(_refused(workspace))
    workspace.doors.control("scopes", scopes=list(SCOPES))
    workspace.bot.restart()
    workspace.person("finn").declares("Login fails", "#general").expects_nothing()
    assert set(_refused(workspace)[known:]) == {"missing_scope"}
    status, said = watchbill(workspace, "check")
    assert (status, said.count("✗")) == (1, 2)
    assert "usergroups:read is missing, needed for reading the user groups" in said
    assert "usergroups:write is missing, needed for keeping a user group of the ICs" in said


def test_commanders_come_from_a_group_and_follow_it(workspace_with: Starter) -> None:
    workspace = workspace_with(WITH_COMMANDERS)
    met = "SELECT zone FROM people WHERE id = ?"
    assert workspace.bot.one(met, "U0DANA0000") not in (None, "UTC"), "met before they are told anything"
    mark = workspace.mark()
    workspace.bot.restart()
    workspace.settle()
    assert not workspace.calls(mark, "users.info"), "once is enough"
    ada, dana, zoe = (workspace.person(one) for one in ("ada", "dana", "zoe"))
    channel = ada.declares("Checkout is down")
    workspace.forgive()
    zoe.types("/incident rota start INC-1 @ada @bob 8h", "#general").says("Only the IC, the deputy and commanders")
    dana.types("/incident rota start INC-1 @ada @bob 8h", "#general").says("Command rota of INC-1")
    _set_group(workspace, group=COMMANDERS, users=["zoe"])
    dana.types("/incident rota stop INC-1", "#general").says("Only the IC, the deputy and commanders")
    zoe.types("/incident rota stop INC-1", "#general")
    assert "no rota" in ada.types("/incident rota", channel)
    # What can't be read stays as it was.
    _set_group(workspace, mode="plan_upgrade_required")
    workspace.bot.restart()
    assert _refused(workspace) == ["plan_upgrade_required"]
    zoe.types("/incident rota start INC-1 @ada @bob 8h", "#general").says("Command rota of INC-1")
    dana.types("/incident rota stop INC-1", "#general").says("Only the IC, the deputy and commanders")
