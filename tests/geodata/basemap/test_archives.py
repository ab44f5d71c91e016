"""Directories of PMTiles, by the specification's own numbers and there and back."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.basemap import archive
from geodata.basemap.archive import ArchiveError, Entry


def test_varints_are_those_of_the_specification() -> None:
    # protobuf's own example: 150 is 96 01
    assert archive._varint(150) == b"\x96\x01"
    assert list(archive._varints(b"\x96\x01\x00\x7f")) == [150, 0, 127]


def test_an_offset_of_zero_follows_on() -> None:
    # two tiles: numbers 5 and 7, runs 1, lengths 10 and 20, offsets 1 (that is 0) and 0 (follows)
    raw = bytes([2, 5, 2, 1, 1, 10, 20, 1, 0])
    assert archive._unpack(raw) == [Entry(5, 1, 10, 0), Entry(7, 1, 20, 10)]


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 10**6)), max_size=40))
def test_a_directory_comes_back(parts: list[tuple[int, int]]) -> None:
    entries, tile, offset = [], 0, 0
    for step, length in parts:
        tile += step
        entries.append(Entry(tile, 1, length, offset))
        offset += length
    assert archive._unpack(gzip.decompress(archive._pack(entries))) == entries


def test_many_tiles_are_found_through_leaves() -> None:
    # 20,000 tiles with lengths that do not compress do not fit into the 16 kB of a root
    entries = [Entry(2 * n, 1, 1 + n * 7919 % 100_003, n * 100_003) for n in range(20_000)]
    root, leaves = archive._directories(entries)
    assert len(root) <= 16_384 - 127
    pointers = archive._unpack(gzip.decompress(root))
    assert all(pointer.run == 0 for pointer in pointers)
    parts = [leaves[p.offset : p.offset + p.length] for p in pointers]
    again = [entry for part in parts for entry in archive._unpack(gzip.decompress(part))]
    assert again == entries


@pytest.mark.parametrize("content", [b"", b"PMTiles\x03", b"PMTiles\x02" + b"\0" * 200])
def test_what_is_no_archive_is_said(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pmtiles").write_bytes(content)
    with (tmp_path / "a.pmtiles").open("rb") as file, pytest.raises(ArchiveError):
        archive.read_header(file)
