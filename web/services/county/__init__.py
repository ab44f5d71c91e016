"""Several councils side by side: figures, hotspots across their borders, a contractor's rounds.

Every function here reads one store, or only what was read from several: no session sees two.
"""
