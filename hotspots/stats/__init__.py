"""Statistics that know no map: rates, shares, tests, intervals and models of counts.

Imports `core`. Start with `rates`.
"""
