"""Points, discs, cells and outlines on the plane, in metres.

Imports `core`. Start with `grid` for surfaces, `cell_index` for neighbours, `outlines` for places.
"""
