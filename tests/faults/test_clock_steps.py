"""The clock of a real bot is set: `python -m tests.faults.clock_steps`, in `make faults` only: it takes real minutes.

Its short form is tests/engine/test_clock_ahead.py and test_clock_set_back.py, with clocks of ours.
"""

import pytest

from tests.faults.boundaries import EVERY_FAULT
from tests.faults.clock_steps import CASES, library, run

pytestmark = pytest.mark.faults


@pytest.mark.skipif(not EVERY_FAULT, reason="make faults")
@pytest.mark.parametrize("case", CASES)
def test_a_clock_that_is_set_loses_and_doubles_nothing(case: str) -> None:
    installed = library()
    if installed is None:
        pytest.skip("LIBFAKETIME IS NOT INSTALLED (apt-get install libfaketime): no clock of a real bot was set")
    assert not run(CASES[case], installed).wrong
