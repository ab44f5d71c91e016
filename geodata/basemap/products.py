"""Which layers of which map product are drawn, and as what.

Names of layers and columns: GDAL's OSM driver (osmconf.ini), the technical specifications of OS
Open Zoomstack and OS VectorMap District, and the schema of Protomaps' basemaps.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

OSM_LINE = "© OpenStreetMap contributors"
OS_LINE = "Contains OS data © Crown copyright and database right {year}"
FROM_ZOOM = {  # theme, or theme and class -> the zoom from which it is drawn; see making.BANDS
    "water": 8,
    "green": 10,
    "car_park": 13,
    "building": 14,
    "rail": 11,
    "road": 12,
    "road motorway": 8,
    "road main": 8,
    "road through": 10,
    "road service": 14,
    "road path": 14,
    "label": 13,
    "place": 11,
    "place city": 8,
    "place town": 8,
    "place hamlet": 13,
    "place station": 13,
}


@dataclass(frozen=True)
class Selection:
    """Features of one layer that are drawn as one theme.

    Attributes
    ----------
    layer
        Of the product.
    where
        GDAL's filter; empty: all of the layer.
    kind_column
        Column that tells classes apart, by its possible names.
    kinds
        Its value -> our class; a value that is not here is left out where ``others`` is empty.
    others
        Class of all values that ``kinds`` does not name.
    """

    theme: str
    layer: str
    where: str = ""
    kind_column: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    others: str = ""
    names: tuple[str, ...] = ("name",)


@dataclass(frozen=True)
class Product:
    """A map product, known by layers that it must have."""

    name: str
    known_by: frozenset[str]
    selections: tuple[Selection, ...]
    attribution: str = ""


_HIGHWAYS = {
    "motorway": "motorway",
    "motorway_link": "motorway",
    "trunk": "main",
    "trunk_link": "main",
    "primary": "main",
    "primary_link": "main",
    "secondary": "through",
    "secondary_link": "through",
    "tertiary": "through",
    "tertiary_link": "through",
    "residential": "street",
    "unclassified": "street",
    "living_street": "street",
    "pedestrian": "street",
    "service": "service",
    "footway": "path",
    "path": "path",
    "cycleway": "path",
    "bridleway": "path",
    "track": "path",
    "steps": "path",
}
_SETTLEMENTS = {
    "city": "city",
    "town": "town",
    "suburb": "suburb",
    "quarter": "suburb",
    "neighbourhood": "hamlet",
    "village": "suburb",
    "hamlet": "hamlet",
}
_OSM_GREEN = (
    "leisure IN ('park','garden','golf_course','nature_reserve','pitch','playground',"
    "'recreation_ground','common') OR landuse IN ('grass','forest','meadow','cemetery',"
    "'allotments','recreation_ground','village_green') OR \"natural\" IN ('wood','heath',"
    "'grassland','scrub')"
)
OSM = Product(
    "OpenStreetMap",
    frozenset({"points", "lines", "multipolygons"}),
    (
        Selection(
            "water",
            "multipolygons",
            "\"natural\" = 'water' OR landuse IN ('reservoir','basin')",
            others="area",
        ),
        Selection("green", "multipolygons", _OSM_GREEN, others="area"),
        Selection("car_park", "multipolygons", "amenity = 'parking'", others="area"),
        Selection("building", "multipolygons", "building IS NOT NULL", others="building"),
        Selection("water", "lines", "waterway IN ('river','stream','canal')", others="line"),
        Selection(
            "rail", "lines", "railway IN ('rail','light_rail','subway','tram')", others="rail"
        ),
        Selection("road", "lines", "highway IS NOT NULL", ("highway",), _HIGHWAYS),
        Selection("place", "points", "place IS NOT NULL", ("place",), _SETTLEMENTS),
        Selection(
            "place", "points", 'other_tags LIKE \'%"railway"=>"station"%\'', others="station"
        ),
    ),
    OSM_LINE,
)
_OS_ROADS = {
    "Motorway": "motorway",
    "Primary": "main",
    "Primary Road": "main",
    "A Road": "main",
    "B Road": "through",
    "Minor": "street",
    "Minor Road": "street",
    "Local": "street",
    "Local Street": "street",
    "Pedestrianised Street": "street",
    "Restricted": "service",
    "Restricted Local Access": "service",
    "Private Road Publicly Accessible": "service",
    "Local Access Road": "service",
    "Track": "path",
}
_OS_PLACES = {
    "City": "city",
    "Capital": "city",
    "Town": "town",
    "Village": "suburb",
    "Suburban Area": "suburb",
    "Hamlet": "hamlet",
    "Small Settlements": "hamlet",
    "Populated Place": "suburb",
}
_OS_NAMES = ("name1", "name", "distinctive_name", "name_1", "drawn_name")
_OS_CLASS = ("type", "classification", "road_classification", "class", "local_type")
ZOOMSTACK = Product(
    "OS Open Zoomstack",
    frozenset({"roads_local", "local_buildings"}),
    (
        Selection("water", "surfacewater", others="area", names=_OS_NAMES),
        Selection("green", "greenspace", others="area", names=_OS_NAMES),
        Selection("green", "woodland", others="area", names=_OS_NAMES),
        Selection("building", "local_buildings", others="building", names=_OS_NAMES),
        Selection("water", "waterlines", others="line", names=_OS_NAMES),
        Selection("rail", "rail", others="rail", names=_OS_NAMES),
        *(
            Selection("road", layer, "", _OS_CLASS, _OS_ROADS, others, _OS_NAMES)
            for layer, others in (
                ("roads_national", "main"),
                ("roads_regional", "through"),
                ("roads_local", "street"),
            )
        ),
        Selection("place", "names", "", _OS_CLASS, _OS_PLACES, names=_OS_NAMES),
        Selection("place", "railway_stations", others="station", names=_OS_NAMES),
    ),
    OS_LINE,
)
VECTORMAP = Product(
    "OS VectorMap District",
    frozenset({"road", "building"}),
    (
        Selection("water", "surface_water_area", others="area", names=_OS_NAMES),
        Selection("water", "tidal_water", others="area", names=_OS_NAMES),
        Selection("green", "woodland", others="area", names=_OS_NAMES),
        Selection("building", "building", others="building", names=_OS_NAMES),
        Selection("water", "surface_water_line", others="line", names=_OS_NAMES),
        Selection("rail", "railway_track", others="rail", names=_OS_NAMES),
        Selection("road", "road", "", _OS_CLASS, _OS_ROADS, "street", _OS_NAMES),
        Selection("place", "named_place", "", _OS_CLASS, _OS_PLACES, names=_OS_NAMES),
        Selection("place", "railway_station", others="station", names=_OS_NAMES),
    ),
    OS_LINE,
)
_PROTOMAPS_ROADS = {
    "highway": "motorway",
    "major_road": "through",
    "minor_road": "street",
    "path": "path",
    "other": "service",
}
PROTOMAPS = Product(
    "Protomaps basemap",
    frozenset({"roads", "water", "buildings"}),
    (
        Selection("water", "water", others="area"),
        Selection(
            "green",
            "landuse",
            "kind IN ('park','forest','wood','grass','cemetery','golf_course','nature_reserve',"
            "'recreation_ground','garden','pitch','allotments','meadow','village_green')",
            others="area",
        ),
        Selection("building", "buildings", others="building"),
        Selection("rail", "roads", "kind = 'rail'", others="rail"),
        Selection("road", "roads", "kind <> 'rail'", ("kind",), _PROTOMAPS_ROADS),
        Selection(
            "place",
            "places",
            "",
            ("kind",),
            {"locality": "town", "neighbourhood": "suburb", "macrohood": "suburb"},
        ),
    ),
)
PRODUCTS = (OSM, ZOOMSTACK, VECTORMAP, PROTOMAPS)
