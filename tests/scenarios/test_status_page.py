"""The public page: nothing before the first published update, then what was published, and an update by hand once."""

import json
import urllib.request
from typing import Any

from tests.harness import Starter, Workspace
from tests.harness.terminal import watchbill

CONFIG = """
[status]
folder = "{folder}"
name = "Example Status"

[[components]]
name = "checkout"
title = "Checkout"
"""


def page(workspace: Workspace, name: str = "") -> str:
    with urllib.request.urlopen(f"{workspace.bot.url}/status/{name}", timeout=10) as answer:
        return str(answer.read().decode())


def open_incidents(workspace: Workspace) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(page(workspace, "api/v2/incidents/unresolved.json"))["incidents"]
    return found


def test_an_outage_on_the_public_page(workspace_with: Starter, tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("public") / "status"
    workspace = workspace_with(CONFIG.format(folder=folder))
    ada = workspace.person("ada")
    channel = ada.declares("Vault <b>leaks</b> sev2")
    ada.types("/incident impact checkout major").says("major outage")
    channel.expects("*Impact*: checkout")
    workspace.clock.forward(minutes=6)
    assert open_incidents(workspace) == []
    assert "Vault" not in page(workspace)

    ada.types("/incident update public")
    ada.sees_form("Public update")
    ada.submits({"Title for customers": "Payments <i>fail</i>", "Text": "Cards are declined. We roll back."})
    ada.submits({})
    channel.expects("*Public update 1*", "Cards are declined")
    workspace.clock.forward(minutes=6)
    (shown,) = open_incidents(workspace)
    assert shown["name"] == "Payments <i>fail</i>"
    assert "Cards are declined" in shown["incident_updates"][0]["body"]
    assert "Payments &lt;i&gt;fail&lt;/i&gt;" in page(workspace)
    assert "Vault" not in page(workspace)

    workspace.bot.kill()
    told = ["--from", str(folder), "--update", "Half of the cards work again."]
    assert watchbill(workspace, "status", "publish", *told)[0] == 0
    workspace.bot.start()
    workspace.clock.forward(minutes=6)
    channel.expects("*Public update 2*", "by hand, on the status page", "Half of the cards work again.")
    (shown,) = open_incidents(workspace)
    # Whoever publishes by hand has the machine's clock, which is years behind that of the story.
    said = [one["body"] for one in shown["incident_updates"]]
    assert sorted(text.split(".")[0] for text in said) == ["Cards are declined", "Half of the cards work again"]
    ada.types("/incident resolve", channel)
    workspace.forgive("messages")
