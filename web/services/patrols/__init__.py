"""Patrols: planned, printed, walked and logged.

Imports `common`, `paper`, `reporting`, `posters`. Start with `patrolling`.
"""
