"""What columns of positions are called, and the one that holds them whatever it is called."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from geodata.files.columns import Field, named
from geodata.importers.where.number_texts import as_pair

_AT = (
    *(
        "gps",
        "geo",
        "location",
        "site",
        "map",
        "point",
        "incident",
        "report",
        "coordinates",
        "coord",
    ),
    *(
        "premises",
        "os",
        "bng",
        "osgb",
        "osgb36",
        "grid",
        "os grid",
        "metric",
        "geometry",
        "centroid",
    ),
    *("case", "job", "wgs84", "osgb36 grid", "asset", "feature"),
)


def _either_way(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names alone, then behind and before a word of where: site easting, easting site."""
    return (*names, *named(_AT, names), *(f"{name} {at}" for at in _AT for name in names))


FIELDS = (
    Field(
        "longitude",
        (
            *_either_way(("lon", "long", "lng", "longitude")),
            *("longitud", "x longitude", "point x", "longitude x", "longitude s"),
            *named(_AT, ("longitude s",)),  # as Salesforce writes it of a field of its users
        ),
    ),
    Field(
        "latitude",
        (
            *_either_way(("lat", "latitude")),
            *("latitud", "y latitude", "point y", "latitude y", "latitude s"),
            *named(_AT, ("latitude s",)),
        ),
    ),
    Field(
        "easting",
        (
            *_either_way(("eastings", "east", "easting", "x", "x coordinate", "x coord")),
            *("xcoord", "osx", "easting x", "bng e", "e"),
        ),
    ),
    Field(
        "northing",
        (
            *_either_way(("northings", "north", "northing", "y", "y coordinate", "y coord")),
            *("ycoord", "osy", "northing y", "bng n", "n"),
        ),
    ),
    Field(
        "grid_ref",
        (
            *("grid reference", "gridref", "os grid ref", "os grid reference", "ngr"),
            *("os gridref", "os ref", "os reference", "national grid reference", "map reference"),
            *("location grid ref", "site grid ref", "location grid reference", "grid ref os"),
        ),
    ),
    Field(
        "position",
        (
            *("coordinates", "coords", "lat long", "lat lon", "latlong", "latlng", "lat lng"),
            *("latitude longitude", "gps", "gps location", "geo", "geolocation", "geopoint"),
            *("point", "gps coordinates", "coordinate", "lon lat", "long lat"),
            *("georeferenced column", "geo point 2d", "geo point", "location point"),
            *("lat lng point", "latitude and longitude", "easting northing", "eastings northings"),
            *("easting and northing", "grid coordinates", "map link", "google maps link"),
            *("location coordinates", "map location", "wkt", "geom", "the geom", "geometry"),
            *("shape", "geom wkt"),
        ),
    ),
    Field("postcode", ("post code", "postal code", "location postcode", "site postcode")),
    Field("place", ("location", "site", "place name", "location name", "car park")),
)
_BRACKETS = re.compile(r"\(\s*-?\d{1,2}\.\d+\s*,\s*-?\d{1,3}\.\d+\s*\)\s*$")
"""As Socrata writes a location, behind its address or without; no address alone is so."""
_METRES = re.compile(r"[(\[]?\s*\d{6}(?:\.\d+)?\s*[,;/ ]\s*\d{6,7}(?:\.\d+)?\s*[)\]]?")
"""Easting and northing."""
_SAMPLE, _MOSTLY = 200, 0.9


def pair_column(rows: pd.DataFrame, headers: Sequence[str]) -> str | None:
    """The first column whose cells hold two decimal numbers each, whatever its name is."""
    for header in headers:
        texts = rows[header][rows[header] != ""].head(_SAMPLE)
        if len(texts) and np.mean([_is_decimal_pair(text) for text in texts]) >= _MOSTLY:
            return header
    return None


def _is_decimal_pair(text: str) -> bool:
    is_exact = len(re.findall(r"\d[.,]\d{3,}", text)) >= 2 or _METRES.fullmatch(text)
    return bool(is_exact or _BRACKETS.search(text)) and as_pair(text) is not None
