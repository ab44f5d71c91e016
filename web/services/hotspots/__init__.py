"""The officers' board and a hotspot's page: what a hotspot is, was, and rests on.

Imports `detection`. Start with `hotspot_board`.
"""
