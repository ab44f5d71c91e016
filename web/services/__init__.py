"""Use cases: each composes ``hotspots`` and ``geodata``; none knows Flask."""
