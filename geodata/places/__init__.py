"""Where things are: the borough, wards and named places by their days; gazetteer and streets.

Imports `core`, `files`, `models`. Start with `named_places`, which this door re-exports.
"""

from geodata.places.named_places import (
    AREA_KINDS,
    NAMELESS_KINDS,
    add,
    borough,
    by_ids,
    by_name,
    current,
    exists_on,
    named_with,
    place_near,
    ward_at,
    wards_called,
    within,
)

__all__ = [
    "AREA_KINDS",
    "NAMELESS_KINDS",
    "add",
    "borough",
    "by_ids",
    "by_name",
    "current",
    "exists_on",
    "named_with",
    "place_near",
    "ward_at",
    "wards_called",
    "within",
]
