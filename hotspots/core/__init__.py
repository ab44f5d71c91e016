"""What every room stands on: refusals, checks of frames, study areas, order of rows, words.

Imports nothing of this library. Start with `frames`.
"""
