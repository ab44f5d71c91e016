"""Detection runs and the officers' board: what a hotspot is, was, and rests on.

Imports no other room. Start with `detecting`.
"""
