"""What customers are told stands at Statuspage and comes by Apprise, each once: lost answers, a killed bot, a limit."""

import json
import urllib.request
from pathlib import Path

import pytest

from tests.harness import Workspace
from tests.outcome import has_failed
from tests.support.status_peers import KEY, PAGE, json_server, statuspage_peer

CONFIG = """
[status]
url = "https://status.example.com/"
statuspage_page = "{page}"
statuspage_url = "{url}"
statuspage_components = {{ checkout = "c1checkout" }}

[[components]]
name = "checkout"
"""
PATIENCE_SECONDS = 20
UNKNOWN = (
    "\n\nThe cause is not known yet.\n\nWe can't say yet when it will be over: We are still finding out what is needed."
)
FIRST = "Cards are declined." + UNKNOWN
CORRECTION = "Correction:\n\nSome cards are declined." + UNKNOWN
LINK = "\n\nhttps://status.example.com/"


def test_an_outage_is_told_elsewhere_too(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with statuspage_peer() as statuspage, json_server() as push:
        env = {"WATCHBILL_STATUSPAGE_KEY": KEY, "WATCHBILL_STATUS_PUSH": f"  {push.url} slack://hush-hush/B/C"}
        with Workspace(tmp_path, CONFIG.format(page=PAGE, url=statuspage.url), env=env) as workspace:
            ada = workspace.person("ada")
            channel = ada.declares("Vault leaks sev2")
            ada.types("/incident impact checkout major").says("major outage")
            channel.expects("*Impact*: checkout")
            assert statuspage.calls == []

            # The answer of one is lost, and looked for; the other has a bad moment.
            statuspage.script, push.refuses = ["lose"], True
            ada.types("/incident update public")
            ada.submits({"Title for customers": "Payments fail", "Text": "Cards are declined."})
            ada.submits()
            channel.expects("*Public update 1*", "Cards are declined.")
            assert statuspage.said == [("investigating", FIRST)]
            assert statuspage.levels["c1checkout"] == "major_outage"
            assert push.got == []
            push.refuses = False
            workspace.clock.forward(seconds=31)

            # Killed when both have it and have not said so.
            statuspage.script = ["hold"]
            push.hold()
            ada.types("/incident update correct 1", channel)
            ada.submits({"Text": "Some cards are declined."})
            ada.submits(settle=False)
            assert statuspage.arrived.wait(PATIENCE_SECONDS)
            assert push.arrived.wait(PATIENCE_SECONDS)
            workspace.bot.kill()
            statuspage.may_answer.set()
            push.may_answer.set()
            workspace.bot.start()
            workspace.clock.forward(seconds=90)
            assert statuspage.said[1:] == [("investigating", CORRECTION)]
            assert [one.body for one in push.got] == [FIRST + LINK, CORRECTION + LINK]
            assert {one.title for one in push.got} == {"Payments fail: Investigating"}

            # Too many requests; then it ends without another update.
            statuspage.script = [429]
            ada.types("/incident impact checkout operational", channel)
            assert statuspage.levels["c1checkout"] == "major_outage"
            workspace.clock.forward(seconds=21)
            assert statuspage.levels["c1checkout"] == "operational"
            ada.types("/incident resolve", channel)
            assert statuspage.said[2:] == [("resolved", "This incident is resolved.")]
            assert len(push.got) == 2
            assert workspace.bot.unfinished() == []
            kept = workspace.bot.log_file.read_text() + "".join(
                str(tuple(row)) for row in workspace.bot.rows("SELECT key, intent, error FROM outbox")
            )
            assert not [secret for secret in (KEY, "hush-hush") if secret in kept]
            left = [one["why"] for one in workspace.bot.events() if one["event"] == "not used"]
            assert len(left) == 2, "once at each start"
            assert "WATCHBILL_STATUS_PUSH: Slack is a sandbox, so nothing goes to slack://… (" in left[0]
            with urllib.request.urlopen(f"{workspace.bot.url}/readyz") as answer:
                assert left[0] in json.load(answer)["warnings"]
            workspace.forgive("messages")
            workspace.failed = has_failed(request.node)
