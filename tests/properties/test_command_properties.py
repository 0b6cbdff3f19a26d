"""Command holds under anything that can happen to it. For longer: `python -m tests.properties.long --minutes 10`.

Here a story that breaks something is shown as it was played: to make it short takes minutes, and is done there.
"""

from hypothesis import HealthCheck, Phase, settings

from tests.properties.machine import Command

TestCommand = Command.TestCase
TestCommand.settings = settings(
    max_examples=6,
    stateful_step_count=30,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
