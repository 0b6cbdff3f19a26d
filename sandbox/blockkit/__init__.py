"""Block Kit as Slack checks it: `problems` for blocks, `view_problems` for modals and Home tabs."""

from sandbox.blockkit.blocks import Surface
from sandbox.blockkit.check import problems, view_problems
from sandbox.blockkit.rules import Problem

__all__ = ["Problem", "Surface", "problems", "view_problems"]
