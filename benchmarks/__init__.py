"""Benchmarks, run by hand: `python -m benchmarks`. They are no tests: a busy machine must not fail a build."""
