"""Times of a map file are those of a CSV: without a zone they are London's clock."""

import json
from pathlib import Path

from geodata.files.tables import read_table
from geodata.importers.when.times import read_times


def test_a_time_without_a_zone_is_londons_beside_one_with_a_zone(tmp_path: Path) -> None:
    path = tmp_path / "reports.geojson"
    whens = ("2026-07-23T18:05:00", "2026-07-23T18:05:00Z", "2026-07-23T18:05:00+02:00")
    point = {"type": "Point", "coordinates": [0.1, 51.4]}
    features = [
        {"type": "Feature", "properties": {"reported": when}, "geometry": point} for when in whens
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    instants = read_times(read_table(path).rows["reported"], column="reported").instants
    assert [f"{at:%H:%M}" for at in instants] == ["17:05", "18:05", "16:05"]
