"""OGC API - Features: collections for map programs, public ones without a key.

Part 1 (core, GeoJSON, HTML, OpenAPI 3.0) and Part 2 (systems by address). Why it is our own and not
pygeoapi: decision 0015. Start with `addresses`.
"""

from web.api.ogc import addresses
from web.api.ogc.blueprint import ogc

__all__ = ["addresses", "ogc"]
