"""The ground under every map: one PMTiles file beside the store, made of open map data.

Imports `core`, `files`. Start with `making`; ``products`` says what of which product is drawn,
``archive`` puts tiles of several zooms into one file, ``drawn`` reads it back for paper.
"""
