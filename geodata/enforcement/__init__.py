"""Orders, penalty notices and other actions, and who may issue them.

Imports `core`, `models`, `rules`, `reports`, `people`. Start with `actions`.
"""
