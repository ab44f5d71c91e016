"""Cells aligned to whole multiples of their size, and what belongs to them."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.core.errors import ParameterError
from hotspots.geometry.grid import square_grid

AREA = shapely.box(130, 130, 370, 370)


def test_a_cell_belongs_where_its_centre_lies_inside() -> None:
    grid = square_grid(AREA, 100.0)
    # Centres at 150, 250 and 350 lie within 130 to 370; columns and rows begin at 100.
    assert (grid.column0, grid.row0, int(grid.inside.sum())) == (1, 1, 9)


def test_a_cell_with_an_event_belongs_wherever_it_lies() -> None:
    grid = square_grid(AREA, 100.0, events=np.array([[-50.0, 720.0]]))
    assert grid.inside.sum() == 10
    assert grid.inside.ravel()[grid.locate(np.array([[-50.0, 720.0]]))].all()


def test_a_point_on_an_edge_belongs_to_the_cell_above_and_to_the_right() -> None:
    grid = square_grid(AREA, 100.0)
    counts = grid.count(np.array([[200.0, 200.0], [199.9, 200.0], [1e6, 0.0]]))
    assert counts.tolist() == [[0, 0, 0], [1, 1, 0], [0, 0, 0]]  # the third point is off the grid


@settings(deadline=None)
@given(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4), st.floats(30, 300))
def test_a_point_lies_within_its_own_cell(x: float, y: float, cell_m: float) -> None:
    point = np.array([[x, y]])
    grid = square_grid(AREA, cell_m, events=point)
    number = int(grid.inside.ravel()[: grid.locate(point)[0]].sum())
    assert np.abs(grid.centres()[number] - point).max() <= grid.cell_size_m / 2 * (1 + 1e-6)


def test_cells_too_small_for_the_area_are_refused_before_memory_ends() -> None:
    with pytest.raises(ParameterError, match="too many; take larger cells"):
        square_grid(AREA, 10.0, events=np.array([[0.0, 0.0], [540_000.0, 170_000_000.0]]))


def test_a_size_of_nothing_is_refused() -> None:
    with pytest.raises(ParameterError, match="above 0"):
        square_grid(AREA, 0.0)
