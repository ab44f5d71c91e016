"""Layers out: which columns leave the store, and in which formats.

Imports `core`, `models`. A new layer is an entry in `layers`; what a role
gets in a GIS is in `gis_layers`.
"""

from geodata.exporters.gis_file import export_gis
from geodata.exporters.gis_layers import ROLES
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
    "ROLES",
    "export_gis",
    "export_layer",
    "harmless",
    "layer_frame",
]
