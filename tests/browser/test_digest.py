"""The digest as a manager reads it, on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen
from tests.harness import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.scenario]
_PHONE = 390
SETTINGS = """
[[components]]
name = "databases"
tiers = ["production", "free"]
"""


def test_a_digest_on_a_phone(window: OpenScreen, workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    bob.declares("Search is slow sev3")
    channel = ada.declares("Databases are down sev1", "#general")
    for line in (
        "impact databases/production major affected 480",
        "impact databases/free degraded",
        "decision We fail production over to the second site",
        "ask A yes to 40,000 EUR for more hosts",
        "vendor aws case 8812 high Jane Doe",
        "progress hosts 120/300",
        "update The storage layer lost its quorum; we bring it back host by host",
        "rota start @ada @bob 8h",
    ):
        ada.types(f"/incident {line}", channel)
    workspace.clock.forward(minutes=50)
    mona = window("mona", "incidents", width=_PHONE)
    mona.says("/incident digest")
    told = mona.answer("Incident digest")
    for words in ("Highest tier not restored", "IC Ada Lovelace for", "then Bob Kahn", "Asks", "AWS case 8812"):
        expect(told).to_contain_text(words)
    assert mona.page.evaluate("document.documentElement.scrollWidth") <= _PHONE, "nothing is wider than the phone"
    told.evaluate("message => message.scrollIntoView({ block: 'start' })")
    mona.picture("phone-digest")
