"""Lists of records: each way to write them is one table; what is none is refused in a sentence."""

import json
from pathlib import Path

import pytest

from geodata.files.problems import FileRefusedError
from geodata.files.tables import read_table
from geodata.store.engine import Store
from tests.geodata.importers.importing import SPOT, reports, take, with_borough

REQUESTS = [
    {
        "service_request_id": "R1",
        "status": "open",
        "requested_datetime": "2026-03-20T18:05:00+00:00",
        "lat": 51.4456,
        "long": 0.2137,
        "description": "Canisters",
        "address": None,
    },
    {
        "service_request_id": "R2",
        "requested_datetime": "2026-03-21T18:05:00Z",
        "lat": 51.4456,
        "long": 0.2137,
    },
]
ELEMENTS = [
    "".join(f"<{name}>{'' if value is None else value}</{name}>" for name, value in row.items())
    for row in REQUESTS
]
XML = (
    '<?xml version="1.0" encoding="utf-8"?><service_requests>'
    + "".join(f"<request>{elements}</request>" for elements in ELEMENTS)
    + "</service_requests>"
)
FILES = {
    "requests.json": json.dumps(REQUESTS),
    "wrapped.json": json.dumps({"count": 2, "service_requests": REQUESTS}),
    "requests.ndjson": "\n".join(map(json.dumps, REQUESTS)),
    "requests.jsonl": "\ufeff" + "\r\n".join(map(json.dumps, REQUESTS)) + "\r\n\r\n",
    "requests.xml": XML,
}


@pytest.mark.parametrize("name", FILES)
def test_open311s_lists_are_imported(store: Store, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(FILES[name], encoding="utf-8")
    result = take(with_borough(store), path, profile="open311")
    assert result.accepted == 2, result.problems
    first, second = reports(store)
    assert (first.external_ref, second.external_ref) == ("R1", "R2")
    assert first.description == "Canisters"
    assert f"{first.reported_at:%Y-%m-%d %H:%M}" == "2026-03-20 18:05"
    assert first.geometry.distance(SPOT) < 10


def test_objects_within_records_are_columns_and_points_are_cells(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text(
        json.dumps(
            [
                {
                    "where": {"lat": 1, "at": {"x": True}},
                    "p": {"type": "Point", "coordinates": [0, 51]},
                }
            ]
        )
    )
    row = dict(read_table(path).rows.iloc[0])
    assert row == {
        "where lat": "1",
        "where at x": "true",
        "p": '{"type": "Point", "coordinates": [0, 51]}',
    }


def test_elements_within_a_record_are_named_by_their_way_and_repeated_ones_joined(
    tmp_path: Path,
) -> None:
    path = tmp_path / "rows.xml"
    path.write_text(
        "<a:rows xmlns:a='u'><row><a><b>1</b><b>2</b></a><c/><d>x &amp; y</d></row></a:rows>"
    )
    assert dict(read_table(path).rows.iloc[0]) == {"a b": "1; 2", "d": "x & y"}


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.json", "{}", "no list of records"),
        ("a.json", "[1, 2]", "no list of records"),
        ("a.json", '{"a": [], "b": [{}]}', "no list of records"),
        ("a.json", "[{]", "is no JSON"),
        ("a.json", '[{"a": ' + "9" * 5_000 + "}]", "is no JSON"),
        ("a.json", '[{"a": ' + "[" * 99 + "]" * 99 + "}]", "nests more than 64"),
        ("a.json", '{"type": "Topology", "arcs": [], "objects": {}}', "save it as GeoJSON"),
        ("a.json", '{"geometryType": "esriGeometryPoint", "features": []}', "f=geojson"),
        ("a.ndjson", '{"a": 1}\nnothing', "is no JSON"),
        ("a.xml", "<rows/>", "no list of records"),
        ("a.xml", "<rows><row>", "is no XML"),
        ("a.xml", "<kml><Placemark/></kml>", "name it .kml"),
        ("a.xml", '<!DOCTYPE a [<!ENTITY e "x">]><a><b><c>&e;</c></b></a>', "its own entities"),
        ("a.xls", "<html>", "save it as XLSX"),
        ("a.parquet", "x", "as GeoPackage or CSV|is no Parquet file"),
    ],
)
def test_what_is_no_list_is_refused_with_the_remedy(
    tmp_path: Path, name: str, text: str, words: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(FileRefusedError, match=words):
        read_table(path)


def test_letters_that_no_store_keeps_are_left_out_of_cells_and_headers(tmp_path: Path) -> None:
    """JSON may hold half a pair of UTF-16, and a null; a whole pair is one letter."""
    path = tmp_path / "a.json"
    path.write_bytes(rb'[{"no\udc00te": "a\ud800b", "kind": "x\u0000y \ud83d\ude00"}]')
    table = read_table(path).rows
    assert list(table.columns) == ["no?te", "kind"]
    assert table.iloc[0].tolist() == ["a?b", "xy \U0001f600"]
