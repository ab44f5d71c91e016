"""The council's promise: due times, working days, pauses.

Imports `core`, `models` and the tables of `rules`. Start with `service_level`.
"""
