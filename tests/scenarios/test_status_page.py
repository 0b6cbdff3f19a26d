"""The public page outlives what it reports: told, late, its bot dead, updated by hand from a copy, taken in once."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
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
ROOT = Path(__file__).parents[2]
BY_HAND = "Half of the cards work again."

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="#345"/></svg>'


def page(workspace: Workspace, name: str = "") -> str:
    with urllib.request.urlopen(f"{workspace.bot.url}/status/{name}", timeout=10) as answer:
        return str(answer.read().decode())


def open_incidents(workspace: Workspace) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(page(workspace, "api/v2/incidents/unresolved.json"))["incidents"]
    return found


def told(workspace: Workspace) -> list[str]:
    """What customers read of the one incident, the newest first, as the JSON has it."""
    (shown,) = open_incidents(workspace)
    return [one["body"].split("\n")[0] for one in shown["incident_updates"]]


def elsewhere(workspace: Workspace, home: Path, *words: str) -> str:
    """What `watchbill` says to whoever has another home, and no settings, tokens or database: only the story's time."""
    env = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "SLACK_API_URL": f"{workspace.server.url}/api/",
        "WATCHBILL_DEV_CLOCK_OFFSET": repr(workspace.clock.offset),
    }
    words = (sys.executable, "-m", "bot", *words)
    said = subprocess.run(words, env=env, cwd=home, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    return said.stdout


def test_an_outage_on_the_public_page(
    workspace_with: Starter, tmp_path_factory: pytest.TempPathFactory, peer: ObjectPeer
) -> None:
    folder, home = (tmp_path_factory.mktemp(name) / "status" for name in ("public", "elsewhere"))
    logo = folder.parent / "logo.svg"
    logo.write_text(LOGO)
    workspace = workspace_with(CONFIG.format(folder=folder, logo=logo))
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
    ada.types("/incident update public")
    ada.submits({"Text": "The roll-back is through.", "When is the next one promised?": "30m"})
    ada.submits({})
    channel.expects("*Public update 2*", "The roll-back is through")
    workspace.clock.forward(minutes=6)
    assert told(workspace) == ["The roll-back is through.", "Cards are declined. We roll back."]
    assert "Payments &lt;i&gt;fail&lt;/i&gt;" in page(workspace)
    assert "Vault" not in page(workspace)
    assert "late by" not in page(workspace)
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

    workspace.clock.forward(minutes=44)
    late = page(workspace)
    # In words, and for the script that counts on.
    assert '<strong class="late" data-due="2030-01-05T' in late
    assert "late by 1" in late
    assert "Vault" not in late

    workspace.bot.kill()
    workspace.clock.forward(minutes=20)
    status, said = watchbill(workspace, "status", "check", str(folder))
    assert (status, "readers see that its status is unknown" in said) == (1, True), said

    # Somebody has a copy of what is served, and nothing else.
    copy, new = home / "copy", home / "new"
    shutil.copytree(folder / "current", copy)
    database = workspace.folder / "watchbill.db"
    database.rename(workspace.folder / "away")
    elsewhere(workspace, home, "status", "publish", f"--from={copy}", f"--to={new}", f"--update={BY_HAND}")
    assert "It is whole" in elsewhere(workspace, home, "status", "check", str(new))
    (workspace.folder / "away").rename(database)
    served = (folder / "current").resolve()
    shutil.rmtree(served)
    shutil.copytree(new / "current", served)
    status, said = watchbill(workspace, "status", "build")
    assert (status, "stands an update by hand that the database does not know" in said) == (1, True), said
    assert "<img src=" in (folder / "current/index.html").read_text(), "with its logo, as it was"
    logo.unlink()

    workspace.bot.start()
    with urllib.request.urlopen(f"{workspace.bot.url}/readyz", timeout=10) as answer:
        assert "logo.svg can't be read" in " ".join(json.load(answer)["warnings"])
    workspace.clock.forward(minutes=6)
    channel.expects("*Public update 3*", "by hand, on the status page", BY_HAND)
    workspace.bot.restart()
    workspace.clock.forward(minutes=6)
    assert told(workspace) == [BY_HAND, "The roll-back is through.", "Cards are declined. We roll back."]
    assert page(workspace).count(BY_HAND) == 1
    assert writer.damage(folder) == []
    timeline = ada.types("/incident timeline", channel)
    assert timeline.text.count(BY_HAND) == 1
    ada.types("/incident resolve", channel)
    workspace.forgive("messages")
