"""The clock is set a year ahead: the short form of `python -m tests.faults.clock_steps`."""

import pytest

from tests.faults.boundaries import EVERY_FAULT
from tests.faults.clock_steps import CASES, library, run

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("case", CASES if EVERY_FAULT else ["a year ahead"])
def test_a_clock_that_is_set_loses_and_doubles_nothing(case: str) -> None:
    installed = library()
    if installed is None:
        pytest.skip("LIBFAKETIME IS NOT INSTALLED (apt-get install libfaketime): no clock of a real bot was set")
    assert not run(CASES[case], installed)
