"""Layers out: which columns leave the store, and in which formats.

Imports `core`, `models`. A new layer is an entry in `layers`.
"""

from geodata.exporters.layer_files import (
    FORMATS,
    FORMULA_STARTS,
    export_layer,
    harmless,
    layer_frame,
)

__all__ = [
    "FORMATS",
    "FORMULA_STARTS",
    "export_layer",
    "harmless",
    "layer_frame",
]
