"""The one way to hand a file to GDAL: a driver that we name, and only the bytes that were given.

GDAL chooses its driver by content, and some drivers read other files, databases or addresses: a
file named ``.geojson`` may be a VRT that names our own store. So a file is first copied into an
empty folder under a name of ours, without any neighbour; its beginning must be what its ending
says; and it is opened under the prefix of one driver, or under a name and beginning that only
one driver takes.

Maps of the whole ground (``opened_basemap``) are too big to copy: they are read where they lie,
under a link of our name. Only the operator's command opens them, never an upload.
"""

import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath

import numpy as np
import pyogrio

from geodata.files import mapinfo
from geodata.files.archives import opened_zip
from geodata.files.bounds import refuse_big
from geodata.files.kml_data import with_plain_data
from geodata.files.problems import FileRefusedError, no_map
from geodata.files.xml_bounds import root_of

DEEPEST = 64
"""Brackets within brackets. A multipolygon in a collection of features has nine."""
_SHP_MAGIC = b"\x00\x00\x27\x0a"  # ESRI Shapefile Technical Description (1998), page 4
_SHP_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_SQLITE_MAGIC = b"SQLite format 3\x00"
_FGB_MAGIC = b"fgb\x03fgb"
_FOREIGN = re.compile(rb"<(?:\w+:)?(?:OGR|GDAL|VRT|CSW|WFS)", re.IGNORECASE)
"""By such words, even in a comment, drivers that read other files know their own."""
_FEATURE = re.compile(rb'"type"\s*:\s*"Feature')
_PLACEMARK = re.compile(rb"<(?:\w+:)?Placemark[\s>]")
_TEXTS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""Each to its end, or to the file's: a text that never ends is passed over once, not n² times."""
_STEPS = np.zeros(256, dtype=np.int8)
_STEPS[list(b"[{")], _STEPS[list(b"]}")] = 1, -1
_PIECE_BYTES = 1 << 24
MOST_GEOJSON_BYTES = 250_000_000
"""GDAL needs ten times as much memory to read it."""
_VIRTUAL = re.compile(r"create\s+virtual\s+table\b.*?\busing\s+(\w+)", re.IGNORECASE | re.DOTALL)

# A second wall: no driver that is named below reads an address or runs a program.
pyogrio.set_gdal_config_options(
    {
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none",
        "GDAL_HTTP_CONNECTTIMEOUT": "1",
        "GDAL_HTTP_TIMEOUT": "1",
        "GDAL_VRT_ENABLE_PYTHON": "NO",
        "PROJ_NETWORK": "OFF",
    }
)


@contextmanager
def opened_map(path: Path, layer: str | None = None) -> Iterator[str]:
    """A name under which GDAL reads a file, while the block lasts.

    Parameters
    ----------
    path
        GeoJSON (also a feature a line), GeoPackage, FlatGeobuf, KML, KMZ, GPX, MIF, Shapefile or
        a zip of Shapefiles or of MapInfo's files, by its ending.
    layer
        Which Shapefile of a zip; the only one where None.

    Raises
    ------
    FileRefusedError
        It is too big, is not what its ending says, or holds what could reach beyond it.
    """
    ending = path.suffix.lower()
    if ending not in _COPIERS:
        raise FileRefusedError(
            f"{path.name}: maps ending in {ending or 'nothing'} are not read; save it as GeoJSON, "
            "GeoPackage, KML, FlatGeobuf or zipped Shapefile"
        )
    with tempfile.TemporaryDirectory() as folder:
        yield _COPIERS[ending](path, Path(folder), layer)


@contextmanager
def opened_basemap(path: Path) -> Iterator[str]:
    """A name under which GDAL reads a map of the ground, while the block lasts.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.gpkg`` or ``.pmtiles``, by its ending.

    Raises
    ------
    FileRefusedError
        It is too big, or is not what its ending says.
    """
    ending = next((one for one in _BASEMAPS if path.name.lower().endswith(one)), None)
    if ending is None:
        raise FileRefusedError(
            f"{path.name}: a basemap is an OpenStreetMap extract (.osm.pbf), OS Open Zoomstack or "
            "OS VectorMap District (.gpkg; unpack the zip first), or vector tiles (.pmtiles)"
        )
    kind, most_bytes, start, magic = _BASEMAPS[ending]
    if path.stat().st_size > most_bytes:
        raise FileRefusedError(
            f"{path.name} is bigger than {most_bytes / 1e9:.0f} GB: take the extract of the county"
        )
    if not _head(path)[start:].startswith(magic):
        raise FileRefusedError(f"{path.name} cannot be read as a map: it is no {kind}")
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / f"map{ending}"
        link.symlink_to(path.resolve())
        if ending == ".gpkg":
            _refuse_programs_of(path)
        yield f"GPKG:{link}" if ending == ".gpkg" else str(link)


def _refuse_programs_of(path: Path) -> None:
    try:
        address = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema=OFF")
            _refuse_programs(path.name, connection)
    except sqlite3.Error as error:
        raise FileRefusedError(f"{path.name} cannot be read as a map: {error}") from None


def _geojson(path: Path, folder: Path, _: str | None) -> str:
    refuse_big(path.name, path.stat().st_size, MOST_GEOJSON_BYTES)
    content = path.read_bytes()
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        raise no_map(path.name, "it is no GeoJSON")
    refuse_deep(path.name, content)
    copy = folder / "map.geojson"
    copy.write_bytes(content)
    return f"GeoJSON:{copy}"


def refuse_deep(name: str, content: bytes) -> None:
    """Refuse brackets within brackets: readers of JSON call themselves until their stack ends."""
    depth, bare = 0, np.frombuffer(_TEXTS.sub(b"", content), dtype=np.uint8)
    for start in range(0, len(bare), _PIECE_BYTES):
        steps = _STEPS[bare[start : start + _PIECE_BYTES]]
        depths = depth + np.cumsum(steps, dtype=np.int32)
        if depths.max() > DEEPEST:
            raise FileRefusedError(
                f"{name} nests more than {DEEPEST} brackets: no map does; export it anew"
            )
        depth = int(depths[-1])


def _json_lines(path: Path, folder: Path, _: str | None) -> str:
    """A feature a line, RFC 8142."""
    refuse_big(path.name, path.stat().st_size, MOST_GEOJSON_BYTES)
    content = path.read_bytes()
    first = content.lstrip(b"\xef\xbb\xbf\x1e \t\r\n").partition(b"\n")[0]
    if not first.startswith(b"{") or not _FEATURE.search(first):
        raise no_map(path.name, "it is no GeoJSON of a feature a line")
    for line in content.splitlines():
        refuse_deep(path.name, line)
    copy = folder / "map.geojsonl"
    copy.write_bytes(content)
    return f"GeoJSONSeq:{copy}"


def _flatgeobuf(path: Path, folder: Path, _: str | None) -> str:
    refuse_big(path.name, path.stat().st_size)
    _refuse_unless(path.name, _head(path), _FGB_MAGIC, "FlatGeobuf")
    copy = folder / "map.fgb"
    shutil.copyfile(path, copy)
    return str(copy)


def _kml(path: Path, folder: Path, _: str | None) -> str:
    refuse_big(path.name, path.stat().st_size, MOST_GEOJSON_BYTES)
    return _checked_xml(path.name, path.read_bytes(), folder / "map.kml")


def _gpx(path: Path, folder: Path, _: str | None) -> str:
    refuse_big(path.name, path.stat().st_size, MOST_GEOJSON_BYTES)
    return _checked_xml(path.name, path.read_bytes(), folder / "map.gpx")


def _kmz(path: Path, folder: Path, _: str | None) -> str:
    """Of a KMZ the document alone, doc.kml by custom, without its pictures."""
    with opened_zip(path, most_bytes=MOST_GEOJSON_BYTES) as archive:
        inner = [name for name in archive.namelist() if name.lower().endswith(".kml")]
        chosen = next((n for n in inner if n.lower() == "doc.kml"), inner[0] if inner else None)
        if chosen is None:
            raise no_map(path.name, "it holds no KML")
        return _checked_xml(path.name, archive.read(chosen), folder / "map.kml")


def _checked_xml(name: str, content: bytes, copy: Path) -> str:
    """A file whose root is what its ending says, and that holds nothing that GDAL would follow."""
    kind = copy.suffix[1:]
    if root_of(name, content).lower() != kind:
        raise no_map(name, f"it is no {kind.upper()}")
    if _FOREIGN.search(content):
        raise FileRefusedError(f"{name} holds a description of another file: export it anew")
    if kind == "kml" and not _PLACEMARK.search(content):
        raise FileRefusedError(
            f"{name} holds no place of its own, only links perhaps: save its layer as KML"
        )
    copy.write_bytes(with_plain_data(content) if kind == "kml" else content)
    return str(copy)


def _geopackage(path: Path, folder: Path, _: str | None) -> str:
    refuse_big(path.name, path.stat().st_size)
    _refuse_unless(path.name, _head(path), _SQLITE_MAGIC, "GeoPackage")
    copy = folder / "map.gpkg"
    shutil.copyfile(path, copy)
    _merge_log(path, copy)
    try:
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("PRAGMA trusted_schema=OFF")
            _refuse_programs(path.name, connection)
    except sqlite3.Error as error:
        raise no_map(path.name, str(error)) from None
    return f"GPKG:{copy}"


def _merge_log(path: Path, copy: Path) -> None:
    """A GeoPackage that is open in another program keeps its last changes beside itself."""
    log = path.with_name(path.name + "-wal")
    if log.is_file():
        refuse_big(log.name, log.stat().st_size)
        shutil.copyfile(log, copy.with_name(copy.name + "-wal"))


def _refuse_programs(name: str, connection: sqlite3.Connection) -> None:
    """Views, computed columns and virtual tables run functions of GDAL's when they are read."""
    for kind, table, sql in connection.execute("SELECT type, name, sql FROM sqlite_master"):
        virtual = _VIRTUAL.match(sql or "")
        is_program = kind == "view" or (virtual is not None and virtual[1].lower() != "rtree")
        if kind == "table" and virtual is None:
            quoted = table.replace('"', '""')
            columns = connection.execute(f'PRAGMA table_xinfo("{quoted}")')
            is_program = any(column[-1] in {2, 3} for column in columns)  # generated
        if is_program:
            raise FileRefusedError(
                f"{name} holds a view or computed table ({table}): save the layer as a "
                "GeoPackage of its own"
            )


def _shapefile(path: Path, folder: Path, _: str | None) -> str:
    for ending in _SHP_PARTS:
        part = next(
            (
                p
                for p in (path.with_suffix(ending), path.with_suffix(ending.upper()))
                if p.is_file()
            ),
            None,
        )
        if part is not None:
            refuse_big(part.name, part.stat().st_size)
            shutil.copyfile(part, folder / f"{path.stem}{ending}")
    return _checked_shp(path.name, folder / f"{path.stem}.shp")


def _mapinfo(path: Path, folder: Path, _: str | None) -> str:
    return mapinfo.put_down(path.name, mapinfo.beside(path), folder)


def _zipped_mapinfo(
    path: Path, archive: zipfile.ZipFile, main: str, folder: Path, layer: str | None
) -> str:
    """Of a zip the parts of one MapInfo table."""
    stem = _chosen_stem(path.name, archive.namelist(), layer, main)
    parts = {
        PurePosixPath(name).suffix.lower(): archive.read(name)
        for name in archive.namelist()
        if _stem(name) == stem and PurePosixPath(name).suffix.lower() in mapinfo.PARTS[main]
    }
    return mapinfo.put_down(path.name, parts, folder)


def _zip(path: Path, folder: Path, layer: str | None) -> str:
    """Of a zip only the parts of one Shapefile, under names that are not the zip's."""
    with opened_zip(path) as archive:
        members = archive.infolist()
        endings = {PurePosixPath(member.filename).suffix.lower() for member in members}
        main = next((m for m in mapinfo.PARTS if m in endings and ".shp" not in endings), None)
        if main is not None:
            return _zipped_mapinfo(path, archive, main, folder, layer)
        stem = _chosen_stem(path.name, [member.filename for member in members], layer, ".shp")
        for member in members:
            ending = PurePosixPath(member.filename).suffix.lower()
            if ending in _SHP_PARTS and _stem(member.filename) == stem:
                _extract(archive, member, folder / f"{_safe(stem)}{ending}")
    return _checked_shp(path.name, folder / f"{_safe(stem)}.shp")


def _chosen_stem(name: str, members: list[str], layer: str | None, ending: str) -> str:
    stems = [_stem(member) for member in members if member.lower().endswith(ending)]
    named = {PurePosixPath(stem).name: stem for stem in stems}
    if not stems:
        raise no_map(name, "it holds neither a Shapefile (.shp) nor a MapInfo table (.tab, .mif)")
    if layer is not None:
        if layer not in named:
            raise FileRefusedError(f"{name} has no layer {layer!r}; it has {', '.join(named)}")
        return named[layer]
    if len(stems) > 1:
        raise FileRefusedError(
            f"{name} has several layers ({', '.join(named)}): keep one of them in the file",
            in_shell=f"or give --layer {next(iter(named))}, or another",
        )
    return stems[0]


def _stem(member: str) -> str:
    return str(PurePosixPath(member).with_suffix(""))


def _safe(stem: str) -> str:
    """The layer's own name without anything that could lead out of a folder."""
    return re.sub(r"[^\w -]", "_", PurePosixPath(stem).name)[:100] or "map"


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    with archive.open(member) as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)


def _checked_shp(name: str, copy: Path) -> str:
    _refuse_unless(name, _head(copy), _SHP_MAGIC, "Shapefile")
    return str(copy)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(16)


def _refuse_unless(name: str, head: bytes, magic: bytes, kind: str) -> None:
    if not head.startswith(magic):
        raise no_map(name, f"it is no {kind}")


_COPIERS = {
    ".geojson": _geojson,
    ".json": _geojson,
    ".geojsonl": _json_lines,
    ".geojsons": _json_lines,
    ".geojsonseq": _json_lines,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".gpkg": _geopackage,
    ".fgb": _flatgeobuf,
    ".kml": _kml,
    ".kmz": _kmz,
    ".gpx": _gpx,
    ".shp": _shapefile,
    ".mif": _mapinfo,
    ".zip": _zip,
}

_BASEMAPS = {  # ending -> what it is, its most bytes, where its mark stands and which
    ".osm.pbf": ("OpenStreetMap extract", 3_000_000_000, 4, b"\n\tOSMHeader"),
    ".gpkg": ("GeoPackage", 30_000_000_000, 0, _SQLITE_MAGIC),
    ".pmtiles": ("PMTiles archive", 10_000_000_000, 0, b"PMTiles\x03"),
}
