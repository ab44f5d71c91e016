"""The law on notices and orders, as pure functions over the dated tables.

Imports `core` and the tables of `rules`. Start with `routes`.
"""
