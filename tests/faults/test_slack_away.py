"""Slack's side fails: connections end, it can't be reached, the token is taken away."""

from collections.abc import Callable

import pytest

from tests.faults.books import Books, declared
from tests.faults.stories import LOOKED_AND_SWEPT, declare
from tests.harness import Workspace

pytestmark = pytest.mark.faults

PATIENCE = 3000
"""Looks at a bot that is connecting again, which it tries every three seconds; each takes a hundredth of one."""


def complete(workspace: Workspace, *titles: str) -> None:
    """Each of these was declared once, with all that belongs to it."""
    workspace.clock.forward(**LOOKED_AND_SWEPT)
    books = Books(workspace)
    wrong = [finding for title in titles for finding in declared(books, title, commander="ada", member="ada")] + list(
        books.unfinished()
    )
    assert not wrong, "\n".join(map(str, wrong))


def until(workspace: Workspace, what: Callable[[], bool]) -> None:
    for _ in range(PATIENCE):
        workspace.doors.control("settle", timeout=2)
        if what():
            return
    raise AssertionError("it did not come to be")


def connections(workspace: Workspace) -> int:
    return int(workspace.doors.get("/control/bot")["connections"])


@pytest.mark.parametrize("trouble", ["refresh", "abort", "drop"])
def test_commands_typed_while_connections_end_are_answered_or_done_once(workspace: Workspace, trouble: str) -> None:
    """With two connections one is always there, but when all are closed at once: then Slack itself says so."""
    until(workspace, lambda: connections(workspace) == 2)
    ada = workspace.person("ada")
    titles = [f"{trouble} {number}" for number in range(6)]
    deeds = [lambda title=title: ada.types(f"/incident declare {title}", settle=False) for title in titles]
    answers = workspace.together(lambda: workspace.sockets(trouble), *deeds)[1:]
    until(workspace, lambda: connections(workspace) == 2)
    for title, answer in zip(titles, answers, strict=True):
        assert answer is not None
        if answer.error:
            assert trouble != "refresh", f"{title} was not answered: {answer.error}"
            assert answer.error in ("operation_timeout", "dispatch_failed")
            declare_unless_there(workspace, title)
        else:
            answer.says("Declaring", title)
    complete(workspace, *titles)


def declare_unless_there(workspace: Workspace, title: str) -> None:
    """What a person does after an error: look, and type again when it is not there."""
    if title not in workspace.person("ada").types("/incident list"):
        declare(workspace, title)


def test_a_command_whose_ack_was_lost_is_done_once_when_slack_delivers_it_again(workspace: Workspace) -> None:
    workspace.faults.add(on="ack", do="drop")
    answer = workspace.person("ada").types("/incident declare ack lost")
    assert answer.error == "operation_timeout"
    assert "Declaring *INC-1* ack lost" in workspace.redeliver()
    workspace.bot.kill()
    workspace.bot.start()
    assert "Declaring *INC-1* ack lost" in workspace.redeliver()
    complete(workspace, "ack lost")


def test_slack_is_down_for_ten_seconds_right_after_a_declaration(workspace: Workspace) -> None:
    workspace.faults.add(on="conversations.create", do="delay", seconds=0.1)
    workspace.person("ada").types("/incident declare slack is down", settle=False).says("Declaring")
    workspace.faults.down()
    workspace.clock.forward(seconds=10)
    assert workspace.bot.unfinished()
    assert workspace.person("ada").types("/incident list").error == "service_unavailable"
    workspace.faults.clear()
    until(workspace, lambda: connections(workspace) > 0)
    complete(workspace, "slack is down")
    workspace.person("ada").types("/incident list").says("slack is down")


def test_a_declaration_while_the_token_is_revoked_is_completed_when_it_is_restored(workspace: Workspace) -> None:
    workspace.revoke_token(True)
    workspace.person("ada").types("/incident declare token revoked").says("Declaring *INC-1*")
    workspace.clock.forward(minutes=10)
    assert not workspace.incident_channels()
    assert workspace.bot.unfinished()
    workspace.revoke_token(False)
    workspace.clock.forward(minutes=2)
    assert workspace.incident_channels() == ["#inc-1-token-revoked"]
    complete(workspace, "token revoked")


def test_a_name_that_could_not_be_asked_for_is_in_the_topic_all_the_same(workspace: Workspace) -> None:
    """Nobody asks for the profile a second time by acting: what is promised asks itself."""
    workspace.faults.add(on="users.info", do="kill_bot")
    declare(workspace, "nobody knows ada")
    complete(workspace, "nobody knows ada")


def test_slack_answers_500_to_everything_for_a_while(workspace: Workspace) -> None:
    workspace.faults.add(on="*", do="status", status=500, phase="after", times=12)
    workspace.person("ada").types("/incident declare all is 500").says("Declaring *INC-1*")
    workspace.clock.forward(minutes=10)
    complete(workspace, "all is 500")
