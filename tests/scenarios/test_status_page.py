"""The public page: nothing before the first published update, then what was published, and an update by hand once."""

import json
import urllib.request
from typing import Any

import pytest

from bot.status import writer
from tests.harness import Starter, Workspace
from tests.harness.terminal import watchbill
from tests.support.s3_peer import ObjectPeer

CONFIG = """
[status]
folder = "{folder}"
bucket = "s3://public/status"
logo = "{logo}"
links = [{{text = "Support", url = "mailto:help@example.test"}}]
name = "Example Status"

[[components]]
name = "checkout"
title = "Checkout"
"""

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="#345"/></svg>'


def page(workspace: Workspace, name: str = "") -> str:
    with urllib.request.urlopen(f"{workspace.bot.url}/status/{name}", timeout=10) as answer:
        return str(answer.read().decode())


def open_incidents(workspace: Workspace) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(page(workspace, "api/v2/incidents/unresolved.json"))["incidents"]
    return found


def test_an_outage_on_the_public_page(
    workspace_with: Starter, tmp_path_factory: pytest.TempPathFactory, peer: ObjectPeer
) -> None:
    folder = tmp_path_factory.mktemp("public") / "status"
    (folder.parent / "logo.svg").write_text(LOGO)
    workspace = workspace_with(CONFIG.format(folder=folder, logo=folder.parent / "logo.svg"))
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
    assert '<img src="logo.svg"' in page(workspace)
    assert 'href="mailto:help@example.test"' in page(workspace)
    assert page(workspace, "logo.svg") == LOGO
    assert peer.gets("status/index.html", b"Cards are declined")

    peer.down = True
    status, said = watchbill(workspace, "check")
    assert (status, "nothing can be written to s3://public/status (HTTP error" in said) == (1, True), said
    status, said = watchbill(workspace, "status", "build", "--to", str(folder.parent / "built"))
    assert (status, said.startswith(f"Written to {folder.parent}/built/current, good until ")) == (0, True), said
    built = writer.read(folder.parent / "built")
    assert built is not None
    assert [one.title for one in built.open] == ["Payments <i>fail</i>"]
    peer.down = False

    workspace.bot.kill()
    told = ["--from", str(folder), "--update", "Half of the cards work again."]
    assert watchbill(workspace, "status", "publish", *told)[0] == 0
    status, said = watchbill(workspace, "status", "build")
    assert (status, "stands an update by hand that the database does not know" in said) == (1, True), said
    assert "<img src=" in (folder / "current/index.html").read_text(), "with its logo, as it was"
    (folder.parent / "logo.svg").unlink()
    workspace.bot.start()
    with urllib.request.urlopen(f"{workspace.bot.url}/readyz", timeout=10) as answer:
        assert "logo.svg can't be read" in " ".join(json.load(answer)["warnings"])
    workspace.clock.forward(minutes=6)
    channel.expects("*Public update 2*", "by hand, on the status page", "Half of the cards work again.")
    (shown,) = open_incidents(workspace)
    # Whoever publishes by hand has the machine's clock, which is years behind that of the story.
    bodies = [one["body"] for one in shown["incident_updates"]]
    assert sorted(text.split(".")[0] for text in bodies) == ["Cards are declined", "Half of the cards work again"]
    ada.types("/incident resolve", channel)
    workspace.forgive("messages")
