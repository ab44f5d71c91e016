import numpy as np
import pytest
import shapely

from hotspots.core import study_areas
from hotspots.core.study_areas import lies_in


@pytest.mark.parametrize("few", [0, 5_000])
def test_many_points_are_told_apart_as_one_by_one(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_areas, "FEW", few)
    rng = np.random.default_rng(1)
    star = np.column_stack([np.cos(np.arange(0, 6.28, 0.1)), np.sin(np.arange(0, 6.28, 0.1))])
    area = shapely.Polygon(star * rng.uniform(300, 900, (len(star), 1)))
    area = area.difference(shapely.box(-100, -100, 100, 100))
    xy = np.vstack([rng.uniform(-1000, 1000, (3000, 2)), shapely.get_coordinates(area)])
    one_by_one = [area.intersects(shapely.Point(at)) for at in xy]
    assert lies_in(area, xy).tolist() == one_by_one
    assert lies_in(area, np.array([[1e7, 0.0], [0.0, -1e7]])).tolist() == [False, False]
