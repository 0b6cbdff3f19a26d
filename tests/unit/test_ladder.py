"""The ladder by example: rung by rung, the rested first, each person once."""

from typing import Any

import pytest

from bot.domain.ladder import Rungs, climb

# By initials: two of each group, so that who is rested shows.
FULL = Rungs(deputy="d", on_rota="n", on_duty="o", commanders="cC", managers="mM")
EVERYBODY = set("dnocCmM")


@pytest.mark.parametrize(
    ("rungs", "rested", "not_these", "expected"),
    [
        (FULL, EVERYBODY, "", "dnocCmM"),
        (FULL, "", "", "dnocCmM"),
        # The rested first on each rung; rungs keep their order whoever is rested.
        (FULL, "CM", "", "dnoCcMm"),
        (FULL, "M", "", "dnocCMm"),
        (FULL, EVERYBODY, "dc", "noCmM"),
        (FULL, EVERYBODY, EVERYBODY, ""),
        # Who stands on several rungs is asked on the lowest.
        (Rungs(deputy="c", on_duty="m", commanders="cC", managers="mM"), EVERYBODY, "", "cmCM"),
        (Rungs(deputy="c", commanders="cC"), EVERYBODY, "c", "C"),
        # Everybody on the rota comes before the IC on duty.
        (Rungs(deputy="d", on_rota="nqr", on_duty="o"), "qrdo", "", "dqrno"),
        (Rungs(on_rota="nqrn", on_duty="o", commanders="q"), EVERYBODY, "n", "qro"),
        (Rungs(), EVERYBODY, "", ""),
        (Rungs(managers="m"), "", "", "m"),
    ],
)
def test_whom_to_ask_in_order(rungs: Rungs, rested: Any, not_these: Any, expected: str) -> None:
    assert "".join(climb(rungs, set(rested), set(not_these))) == expected
