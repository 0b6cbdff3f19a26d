"""The state machine of command, for as long as wanted.

    python -m tests.properties.long --minutes 10 --seed 7

plays random stories of command one after another, each longer than those of the test, and stops at the first that
breaks something: it is printed as the fewest steps that Hypothesis finds. The exit code is 0 when none did.
"""

import argparse
import sys
import time

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.machine import Command

STORIES = 20
STEPS = 60


def play(number: int) -> None:
    """Some stories of this seed; raises when one breaks something."""
    many = settings(
        max_examples=STORIES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(number)(Command), settings=many)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.properties.long", description="Long stories of command.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    end, number = time.monotonic() + 60 * asked.minutes, asked.seed
    while time.monotonic() < end:
        play(number)
        number += 1
        print(f"seed {number - 1}: {STORIES} stories of up to {STEPS} steps, nothing broke", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
