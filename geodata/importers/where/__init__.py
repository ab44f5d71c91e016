"""Cells that tell where: points of any spelling, or shapes, onto the National Grid.

Imports ``core`` and ``files``, and ``parsed``. Start at ``geometry.take_geometry``.
"""
