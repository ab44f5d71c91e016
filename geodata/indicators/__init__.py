"""Partners' figures: indicators, their observations, and the areas and people they are of.

Imports `core`, `places`, `models`. Start with `series`.
"""
