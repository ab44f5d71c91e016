"""The committee's comparison: partners' figures and our own, twelve months against twelve.

Imports `clearing`, `enforcement`, `common`. Start with `comparison_table`.
"""
