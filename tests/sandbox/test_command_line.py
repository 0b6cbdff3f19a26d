"""`python -m sandbox`: where it may listen."""

from pathlib import Path
from typing import Any

import pytest

from sandbox import server
from sandbox.__main__ import main


def test_no_bot_is_started_that_would_take_the_sandbox_for_slack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would use the replica, the heartbeat URL and the like of whoever starts it."""

    async def launch(*_: Any) -> Any:
        raise AssertionError("a bot was started")

    monkeypatch.setattr(server, "_address", lambda host, port: f"http://192.0.2.7:{port}")
    with pytest.raises(SystemExit, match=r"The bot takes http://192.0.2.7:\d+ for the real Slack"):
        main(["--port", "0", "--state", str(tmp_path / "workspace.json")], launch)
