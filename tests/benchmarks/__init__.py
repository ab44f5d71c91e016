"""Measurements, not tests: each is a script, ``python -m tests.benchmarks.NAME``."""
