"""A public update in the browser: the form with its draft, the preview as customers see it, and then what was sent."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen
from tests.harness import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.scenario]

SETTINGS = """
# update_every_minutes: as they are by default
[[components]]
name = "checkout"
title = "Checkout"
"""
_TRICK = "*Orders* wait <!channel>, and none is lost."


def test_nothing_goes_out_before_the_preview(window: OpenScreen, workspace: Workspace) -> None:
    ada = window("ada")
    ada.declares("Checkout is down sev2")
    expect(ada.card).to_contain_text("First public update due")
    ada.says("/incident impact checkout major affected 900")
    expect(ada.card).to_contain_text("major outage")
    ada.says('/incident progress "workers" 412/900')
    expect(ada.card).to_contain_text("412/900")
    ada.card.get_by_role("button", name="Update…").click()
    ada.chooses("For whom?", "public")
    ada.modal.get_by_label("What is new?").fill("")
    ada.modal.get_by_label("What is new?").fill(_TRICK)
    ada.modal.get_by_role("button", name="Go on").click()
    form = ada.modal.last
    expect(form).to_contain_text("Title for customers")
    form.get_by_label("Title for customers").fill("Orders can't be paid")
    form.get_by_role("textbox", name="Text").fill(f"412 of 900 workers restored.\n{_TRICK}")
    ada.picture("update-form")
    form.get_by_role("button", name="Preview").click()
    preview = ada.modal.last
    expect(preview).to_contain_text("This is what customers will see")
    expect(preview).to_contain_text(_TRICK)
    expect(preview.locator("strong, b, .mention").filter(has_text="Orders wait")).to_have_count(0)
    ada.picture("update-preview")
    workspace.settle()
    assert not workspace.bot.rows("SELECT * FROM publications")
    preview.get_by_role("button", name="Back").click()
    expect(ada.modal.last.get_by_role("textbox", name="Text")).to_have_value(f"412 of 900 workers restored.\n{_TRICK}")
    ada.modal.last.get_by_role("button", name="Preview").click()
    ada.modal.last.get_by_role("button", name="Publish").click()
    expect(ada.page.locator("dialog")).to_have_count(0)
    posted = ada.message("Public update 1 by Ada Lovelace")
    expect(posted).to_contain_text(_TRICK)
    expect(posted).to_contain_text("Next update by")
    expect(ada.card).to_contain_text("Last public update")
    ada.picture("update-posted")
