"""The demo's ground: an outline and wards drawn for it, and places that people know."""

import shapely
from shapely.geometry import MultiPoint, Point, Polygon
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.geography import from_lonlat
from geodata.core.vocabulary import PlaceKind
from geodata.demo import MARK, NOTE

NAME = "Dartford (synthetic demo)"

OUTLINE = Polygon(
    [
        (553_000, 171_100),
        (550_600, 169_800),
        (549_600, 170_300),
        (550_000, 172_400),
        (551_100, 173_800),
        (553_500, 176_000),
        (553_500, 177_000),
        (554_100, 177_900),
        (556_400, 176_400),
        (558_400, 175_200),
        (560_000, 176_500),
        (560_700, 176_600),
        (560_600, 175_200),
        (561_800, 174_100),
        (562_500, 169_300),
        (563_100, 168_600),
        (562_400, 167_900),
        (558_200, 170_100),
        (556_300, 170_000),
        (555_800, 168_700),
        (553_700, 168_700),
        (554_100, 169_600),
    ]
)
"""EPSG:27700, drawn by hand for the demo, some 300 m true: not a boundary."""

WARD_CENTRES = {
    "Town": (554_200, 174_100),
    "West Hill": (553_200, 174_000),
    "Heath": (552_200, 173_400),
    "Bridge": (555_300, 176_200),
    "Burnham": (554_000, 175_400),
    "Temple Hill": (555_200, 174_900),
    "Newtown": (554_900, 173_700),
    "Princes": (555_700, 173_000),
    "Brent": (556_400, 173_900),
    "Stone Castle": (557_600, 173_700),
    "Stone House": (556_900, 175_000),
    "Greenhithe": (558_700, 174_700),
    "Swanscombe": (560_300, 174_500),
    "Ebbsfleet": (561_000, 173_300),
    "Bean": (559_300, 171_900),
    "Darenth": (556_700, 171_400),
    "Longfield": (560_700, 169_300),
    "Wilmington": (553_800, 171_700),
    "Maypole": (551_500, 171_900),
    "Joyden's Wood": (550_700, 170_900),
}

NEIGHBOURS = {  # the council next door, and where on the compass's four quarters it lies
    "Bexley": ((545_000, 165_000), (545_000, 185_000)),
    "Thurrock": ((545_000, 185_000), (568_000, 185_000)),
    "Gravesham": ((568_000, 185_000), (568_000, 165_000)),
    "Sevenoaks": ((568_000, 165_000), (545_000, 165_000)),
}
MIDDLE = (556_000, 172_500)

PLACES = (  # DOMAIN: kind, name, latitude, longitude, degrees; approximate
    (PlaceKind.CAR_PARK, "Westgate car park", 51.4456, 0.2137),
    (PlaceKind.PARK, "Central Park", 51.4412, 0.2190),
    (PlaceKind.PARK, "Princes Park", 51.4380, 0.2360),
    (PlaceKind.STREET, "Temple Hill", 51.4525, 0.2315),
    (PlaceKind.PARK, "Dartford Heath", 51.4365, 0.1850),
    (PlaceKind.BUILDING, "Orchard Shopping Centre", 51.4459, 0.2175),
    (PlaceKind.STATION, "Greenhithe station", 51.4504, 0.2803),
    (PlaceKind.OTHER, "Crossways Business Park", 51.4570, 0.2520),
    (PlaceKind.STATION, "Swanscombe station", 51.449068, 0.309572),
    (PlaceKind.STATION, "Bluewater bus station", 51.437422, 0.276479),
    (PlaceKind.STREET, "Darenth", 51.4215, 0.248),
    (PlaceKind.PARK, "Joyden's Wood", 51.421, 0.166),
    (PlaceKind.STATION, "Longfield station", 51.396153, 0.300393),
    (PlaceKind.STREET, "Bean", 51.4225, 0.289),
    (PlaceKind.STATION, "Dartford station", 51.44737, 0.219276),
    (PlaceKind.STATION, "Stone Crossing station", 51.451328, 0.263799),
    (PlaceKind.BUILDING, "Darent Valley Hospital", 51.435363, 0.25973),
    (PlaceKind.BUILDING, "Civic Centre", 51.4466, 0.2185),
    (PlaceKind.STREET, "High Street", 51.4443, 0.2175),
    (PlaceKind.OTHER, "War Memorial", 51.4431, 0.2183),
    (PlaceKind.STATION, "Ebbsfleet International", 51.4430, 0.3209),
    (PlaceKind.STREET, "Wilmington", 51.429, 0.205),
)
HOTSPOTS = 14
"""So many places, from the first on, are where the demo's dumps recur."""


def place_points() -> dict[str, Point]:
    """Every named place as a point, EPSG:27700 metres, in the order of ``PLACES``."""
    return {name: Point(from_lonlat(lon, lat)) for _, name, lat, lon in PLACES}


def ward_shapes() -> dict[str, Polygon]:
    """Ward-like areas: the ground nearest each centre, clipped to the outline."""
    cells = shapely.voronoi_polygons(MultiPoint(list(WARD_CENTRES.values())), extend_to=OUTLINE)
    return {
        name: next(cell for cell in cells.geoms if cell.covers(Point(xy))).intersection(OUTLINE)
        for name, xy in WARD_CENTRES.items()
    }


def neighbour_shapes() -> dict[str, Polygon]:
    """The ground around the outline, one quarter for each neighbour."""
    return {
        name: Polygon([MIDDLE, *corners]).difference(OUTLINE)
        for name, corners in NEIGHBOURS.items()
    }


def lay_out(session: Session) -> None:
    """Store the borough, its wards, its places and its neighbours."""
    approximate = {"note": f"{NOTE} Drawn for the demo: approximate."}
    places.add(
        session, PlaceKind.BOROUGH, NAME, OUTLINE, external_ref=f"{MARK}-borough", **approximate
    )
    for n, (name, shape) in enumerate(ward_shapes().items(), 1):
        places.add(
            session, PlaceKind.WARD, name, shape, external_ref=f"{MARK}-ward-{n}", **approximate
        )
    points = place_points()
    for n, (kind, name, _, _) in enumerate(PLACES, 1):
        places.add(session, kind, name, points[name], external_ref=f"{MARK}-place-{n}", note=NOTE)
    for n, (name, shape) in enumerate(neighbour_shapes().items(), 1):
        mark = f"{MARK}-neighbour-{n}"
        places.add(session, PlaceKind.NEIGHBOUR, name, shape, external_ref=mark)
