"""Command holds under anything that can happen to it. For longer: `python -m tests.properties.long --minutes 10`."""

from hypothesis import HealthCheck, settings

from tests.properties.machine import Command

TestCommand = Command.TestCase
TestCommand.settings = settings(
    max_examples=8, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
