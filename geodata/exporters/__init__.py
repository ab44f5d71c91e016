"""Layers out: which columns leave the store, and in which formats.

Imports `core`, `models`. A new layer is an entry in `layers`; what a role
gets in a GIS is in `gis_layers`.
"""

from geodata.core.spreadsheet_cells import harmless
from geodata.exporters.gis_file import export_gis
from geodata.exporters.gis_layers import ROLES
from geodata.exporters.layer_files import (
    FORMATS,
    export_layer,
    harmless_table,
    layer_frame,
)

__all__ = [
    "FORMATS",
    "ROLES",
    "export_gis",
    "export_layer",
    "harmless",
    "harmless_table",
    "layer_frame",
]
