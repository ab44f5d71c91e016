"""What several subjects need: words for times and places, and where somebody stands.

Imports `geodata` and `hotspots` only. Start with `wording`.
"""
