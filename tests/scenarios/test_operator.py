"""What the operator sees: `watchbill check`, the outbox at the desk, and the doors that say why not."""

import json
import urllib.error
import urllib.request

from bot.manifest import SCOPES
from tests.harness import Workspace
from tests.harness.terminal import watchbill


def _readyz(workspace: Workspace) -> tuple[int, list[str]]:
    url = f"{workspace.bot.url}/readyz"
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, json.load(answer)["problems"]
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)["problems"]


def test_check_and_the_doors_name_each_problem_with_its_remedy(workspace: Workspace) -> None:
    status, said = watchbill(workspace, "check")
    assert (status, said.count("✗"), "All is well.\n" in said) == (0, 0, True)
    assert f"The database is copied to {workspace.folder}/backups every 5 min" in said
    assert said.count("! ") == 2, "copies beside the database, and no key"
    workspace.doors.control("scopes", scopes=[scope for scope in SCOPES if scope != "pins:write"])
    status, said = watchbill(workspace, "check")
    assert status == 1
    assert "pins:write is missing, needed for pinning the card" in said
    assert "reinstall the app" in said
    assert said.count("✗") == 1
    workspace.doors.control("scopes", scopes=list(SCOPES))

    assert _readyz(workspace) == (200, [])
    workspace.reconnected(2)
    workspace.revoke_token(True)
    status, said = watchbill(workspace, "check")
    assert (status, said.count("✗")) == (1, 1)
    assert "Slack refuses SLACK_BOT_TOKEN (token_revoked): copy it anew" in said
    ada = workspace.person("ada")
    ada.types("/incident declare Checkout is down").says("Declaring *INC-1*")
    status, problems = _readyz(workspace)
    assert status == 503
    assert any("Slack refuses the token (token_revoked)" in problem for problem in problems)
    status, lines = watchbill(workspace, "outbox", "list")
    assert status == 0
    assert "INC-1:channel" in lines
    assert "token_revoked" in lines
    workspace.revoke_token(False)
    workspace.clock.forward(minutes=2)
    assert _readyz(workspace) == (200, [])
    assert watchbill(workspace, "outbox", "list") == (0, "The outbox is empty: everything promised has been sent.\n")
    workspace.forgive("messages")

    # A removed app is seen before anybody needs the bot.
    seen = len(_refusals(workspace))
    workspace.reconnected(2)
    workspace.remove_app()
    workspace.settle()
    status, problems = _readyz(workspace)
    assert (status, len(problems)) == (503, 1)
    assert "(account_inactive): the app was removed" in problems[0]
    assert "Install the app again" in problems[0]
    assert _refusals(workspace)[seen:] == problems


def _refusals(workspace: Workspace) -> list[str]:
    return [event["why"] for event in workspace.bot.events() if event["event"] == "token refused"]


def test_a_failed_effect_is_retried_or_dropped_at_the_desk(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    workspace.expects_trouble("effect failed")
    workspace.faults.add(on="conversations.create", do="error", error="restricted_action")
    ada.types("/incident declare Checkout is down")
    workspace.dm("ada").expects("couldn't create the channel")
    number, state = workspace.bot.rows("SELECT id, state FROM outbox WHERE kind = 'create-channel'")[0]
    assert state == "failed"
    status, said = watchbill(workspace, "outbox", "retry", str(number))
    assert (status, said) == (0, f"Effect {number} will be tried again.\n")
    workspace.clock.forward(minutes=2)
    workspace.channel("#inc-1-checkout-is-down").card()
    workspace.channel("#incidents").expects("INC-1")
    status, said = watchbill(workspace, "outbox", "drop", str(number))
    assert status == 1
    assert "neither waits nor failed" in said
