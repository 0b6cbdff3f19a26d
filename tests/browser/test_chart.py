"""A chart in the browser: a picture with words for those who can't see it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen
from tests.harness import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.scenario]


def test_a_chart_is_seen_and_read(window: OpenScreen, workspace: Workspace) -> None:
    screen = window("ada")
    screen.go(screen.declares("Databases are down"))
    ada = workspace.person("ada")
    for value in (100, 150, 205, 250):
        ada.types(f'/incident progress "shared databases" {value}/900', "#inc-1-databases-are-down")
        workspace.clock.forward(minutes=30)
    expect(screen.card).to_contain_text("shared databases ▰▰▱▱▱▱▱▱▱▱ 250/900 (27 %)")
    screen.says("/incident progress chart")
    picture = screen.message("Progress of INC-1, asked for by Ada Lovelace").get_by_role(
        "img", name="shared databases: 250 of 900"
    )
    expect(picture).to_be_visible()
    workspace.settle()
    drawn = picture.evaluate("async (img) => { await img.decode(); return [img.naturalWidth, img.naturalHeight]; }")
    assert drawn == [1440, 612]
