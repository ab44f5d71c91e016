"""Partners' figures: indicators, their observations, and the areas and people they are of.

Imports `core`, `files`, `models`. Start with `observations`.
"""
