"""App Home of somebody with more than fits."""

import json

from bot.actions import home
from bot.messages.home import home_view
from storage.store import Store
from tests.support.story import BOB, IC, begin


def test_more_than_fits_is_cut_and_said(store: Store) -> None:
    with store.write() as tx:
        for number in range(23):
            begin(tx, channel=None, title=f"Outage number {number}")
        bobs, hers = (json.dumps(home_view(home.home_page(tx, person))) for person in (BOB, IC))
    assert bobs.count("Outage number") == 20
    assert "and 3 more" in bobs
    assert "and 13 more" in hers, "of her roles ten are shown"
