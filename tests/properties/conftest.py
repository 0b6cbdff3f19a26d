"""Hypothesis without a deadline: how long an example takes is the machine's affair, not the code's."""

from hypothesis import settings

settings.register_profile("watchbill", deadline=None)
settings.load_profile("watchbill")
