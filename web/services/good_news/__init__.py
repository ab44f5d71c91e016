"""Successes that the record shows, told to the public once the press office has approved them.

Imports `partnership`, `effects`, `publishing` and `common`. Start with `proposing`; each kind of
success is a module of its own.
"""
