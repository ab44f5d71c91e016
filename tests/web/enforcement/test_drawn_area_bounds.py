"""An outline is bounded before anything is reckoned with it."""

import json
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from web.services.enforcement.drawn_areas import MOST_CORNERS, area_from


def test_an_outline_of_a_great_many_corners_is_refused(tmp_path: Path) -> None:
    turns = np.linspace(0, 2 * np.pi, MOST_CORNERS + 1)  # its last corner is its first
    ring = np.column_stack([0.2 + np.cos(turns) / 50, 51.4 + np.sin(turns) / 50])
    ring[-1] = ring[0]
    path = tmp_path / "plan.geojson"
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring.tolist()]}))
    with pytest.raises(RefusedError, match="50,001 corners: simplify it to 50,000"):
        area_from(Session(), file=path)
