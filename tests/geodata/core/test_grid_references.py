import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.core.grid_references import GridReferenceError, format_gridref, parse_gridref


@pytest.mark.parametrize(
    ("text", "corner"),
    [
        # Corners of 100 km squares as the Ordnance Survey's own diagram has them
        ("SV 0000000000", (0, 0)),
        ("TQ 0000000000", (500_000, 100_000)),
        ("SU 0000000000", (400_000, 100_000)),
        ("NT 0000000000", (300_000, 600_000)),
        ("HP 0000000000", (400_000, 1_200_000)),
        # Ben Nevis: NN 166 712
        ("nn166712", (216_600, 771_200)),
    ],
)
def test_squares_lie_where_the_ordnance_survey_puts_them(
    text: str, corner: tuple[int, int]
) -> None:
    easting, northing, side = parse_gridref(text)
    assert (easting - side / 2, northing - side / 2) == corner


@given(
    easting=st.integers(0, 699_999),
    northing=st.integers(0, 1_299_999),
    digits=st.integers(1, 5),
)
def test_what_is_written_is_read_back_within_its_square(
    easting: int, northing: int, digits: int
) -> None:
    x, y, side = parse_gridref(format_gridref(easting, northing, digits=digits))
    assert side == 10 ** (5 - digits)
    assert abs(x - (easting + 0.5)) <= side / 2
    assert abs(y - (northing + 0.5)) <= side / 2


@pytest.mark.parametrize(
    "text", ["", "TQ", "TQ 543 74", "TQ 5437412", "IQ 54 74", "TI 54 74", "51.4"]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(GridReferenceError):
        parse_gridref(text)


def test_a_point_off_the_grid_has_no_reference() -> None:
    with pytest.raises(GridReferenceError, match="not in Great Britain"):
        format_gridref(-1, 0)
