"""Poster campaigns: siting, wording, printing, and how they stand on the street.

Imports `common`, `paper`. Start with `poster_campaigns`.
"""
