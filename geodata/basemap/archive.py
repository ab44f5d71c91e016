"""PMTiles (version 3): what a file says of itself, and several files put into one.

GDAL writes one layer a file and one range of zooms for it. So each band of zooms is a file of
its own, with what is drawn at it, and the bands are joined here: their tiles one after the other
under one directory. Specification: https://github.com/protomaps/PMTiles, spec/v3.
"""

import gzip
import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

MAGIC = b"PMTiles\x03"
HEADER_BYTES = 127
_GZIP, _VECTOR_TILES = 2, 1
_ROOT_MOST_BYTES = 16_384 - HEADER_BYTES
_LEAF_ENTRIES = 4_096
_MOST_BYTES = 50_000_000
"""Of a directory or of metadata, which are read whole."""


class ArchiveError(ValueError):
    """The file is no PMTiles archive, or it is torn."""


@dataclass(frozen=True)
class Header:
    """The numbers at the beginning of a file; offsets in bytes, bounds in 1e-7 degrees."""

    root: tuple[int, int]
    metadata: tuple[int, int]
    leaves: tuple[int, int]
    tiles: tuple[int, int]
    compression: int
    tile_compression: int
    tile_type: int
    zooms: tuple[int, int]
    bounds: tuple[int, int, int, int]


@dataclass(frozen=True)
class Entry:
    """Where a tile lies, counted from the first of them; ``run`` tiles in a row are the same."""

    tile: int
    run: int
    length: int
    offset: int


def read_header(file: BinaryIO) -> Header:
    """The header of an archive of vector tiles.

    Raises
    ------
    ArchiveError
        It is none, or it ends before what its header names.
    """
    file.seek(0)
    raw = file.read(HEADER_BYTES)
    if len(raw) < HEADER_BYTES or not raw.startswith(MAGIC):
        raise ArchiveError("it does not begin as PMTiles version 3")
    numbers = struct.unpack("<8Q", raw[8:72])
    root, metadata, leaves, tiles = (numbers[n : n + 2] for n in range(0, 8, 2))
    _, compression, tile_compression, tile_type, low, high = raw[96:102]
    bounds = struct.unpack("<4i", raw[102:118])
    size = file.seek(0, 2)
    if any(start + length > size for start, length in (root, metadata, leaves, tiles)):
        raise ArchiveError("it ends too early: copy or download it anew")
    if tile_type != _VECTOR_TILES:
        raise ArchiveError("it holds pictures, not vectors")
    codes = (compression, tile_compression, tile_type)
    return Header(root, metadata, leaves, tiles, *codes, (low, high), bounds)


def read_metadata(file: BinaryIO) -> dict[str, Any]:
    """What an archive says of itself, as its maker wrote it."""
    header = read_header(file)
    try:
        metadata = json.loads(_part(file, header.metadata, header.compression))
    except (OSError, EOFError, ValueError) as error:
        raise ArchiveError(f"what it says of itself cannot be read ({error})") from None
    return metadata if isinstance(metadata, dict) else {}


def _part(file: BinaryIO, where: tuple[int, int], compression: int) -> bytes:
    start, length = where
    if length > _MOST_BYTES:
        raise ArchiveError(f"a directory of {length} bytes is not read")
    file.seek(start)
    content = file.read(length)
    return gzip.decompress(content) if compression == _GZIP else content


def join(bands: Sequence[Path], metadata: dict[str, Any], target: Path) -> None:
    """One archive of several, whose zooms follow each other."""
    files = [band.open("rb") for band in bands]
    try:
        headers = [read_header(file) for file in files]
        entries, before = [], 0
        for file, header in zip(files, headers, strict=True):
            entries += [
                Entry(e.tile, e.run, e.length, e.offset + before) for e in _entries(file, header)
            ]
            before += header.tiles[1]
        _write(target, entries, list(zip(files, headers, strict=True)), metadata)
    finally:
        for file in files:
            file.close()


def _write(
    target: Path,
    entries: list[Entry],
    bands: list[tuple[BinaryIO, Header]],
    metadata: dict[str, Any],
) -> None:
    root, leaves = _directories(entries)
    about = gzip.compress(json.dumps(metadata).encode(), mtime=0)
    sizes = (len(root), len(about), len(leaves), sum(header.tiles[1] for _, header in bands))
    starts = [HEADER_BYTES]
    for size in sizes[:-1]:
        starts.append(starts[-1] + size)
    with target.open("wb") as out:
        out.write(_header([h for _, h in bands], list(zip(starts, sizes, strict=True)), entries))
        out.write(root + about + leaves)
        for file, header in bands:
            _copy(file, header.tiles, out)


def _header(headers: list[Header], parts: list[tuple[int, int]], entries: list[Entry]) -> bytes:
    counts = (sum(e.run for e in entries), len(entries), len({e.offset for e in entries}))
    flat = [number for part in parts for number in part]
    west, south, east, north = (
        pick(header.bounds[n] for header in headers) for n, pick in enumerate((min, min, max, max))
    )
    low, high = headers[0].zooms[0], headers[-1].zooms[1]
    # clustered, directories gzipped, tiles as GDAL left them
    kinds = bytes((1, _GZIP, headers[0].tile_compression, _VECTOR_TILES, low, high))
    middle = ((west + east) // 2, (south + north) // 2)
    place = struct.pack("<4iB2i", west, south, east, north, low, *middle)
    return MAGIC + struct.pack("<8Q3Q", *flat, *counts) + kinds + place


def _copy(file: BinaryIO, where: tuple[int, int], out: BinaryIO) -> None:
    start, left = where
    file.seek(start)
    while left and (chunk := file.read(min(left, 1 << 20))):
        out.write(chunk)
        left -= len(chunk)


def _entries(file: BinaryIO, header: Header) -> Iterator[Entry]:
    for entry in _unpack(_part(file, header.root, header.compression)):
        if entry.run:
            yield entry
        else:  # a directory of its own
            where = (header.leaves[0] + entry.offset, entry.length)
            yield from _unpack(_part(file, where, header.compression))


def _unpack(raw: bytes) -> list[Entry]:
    """Columns of varints: steps of tile numbers, runs, lengths, offsets (0: follows on)."""
    numbers = _varints(raw)
    count = next(numbers)
    steps, runs, lengths, offsets = ([next(numbers) for _ in range(count)] for _ in range(4))
    entries: list[Entry] = []
    tile = 0
    for step, run, length, offset in zip(steps, runs, lengths, offsets, strict=True):
        tile += step
        follows = entries[-1].offset + entries[-1].length if entries else 0
        entries.append(Entry(tile, run, length, offset - 1 if offset else follows))
    return entries


def _varints(raw: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in raw:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield value
            value = shift = 0


def _directories(entries: list[Entry]) -> tuple[bytes, bytes]:
    root = _pack(entries)
    if len(root) <= _ROOT_MOST_BYTES:
        return root, b""
    leaves, pointers = b"", []
    for start in range(0, len(entries), _LEAF_ENTRIES):
        leaf = _pack(entries[start : start + _LEAF_ENTRIES])
        pointers.append(Entry(entries[start].tile, 0, len(leaf), len(leaves)))
        leaves += leaf
    return _pack(pointers), leaves


def _pack(entries: list[Entry]) -> bytes:
    tiles = [entry.tile for entry in entries]
    steps = [tile - before for before, tile in zip([0, *tiles], tiles, strict=False)]
    columns = (
        steps,
        [entry.run for entry in entries],
        [entry.length for entry in entries],
        [entry.offset + 1 for entry in entries],
    )
    packed = _varint(len(entries)) + b"".join(_varint(n) for column in columns for n in column)
    return gzip.compress(packed, mtime=0)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out + bytes((number,)))
