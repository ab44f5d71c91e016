"""Cells that tell when: instants, days, months and times of day, in the forms people write.

Imports ``files`` alone. Start at ``times.read_times``.
"""
