"""How a GIS draws each layer. What differs in colour differs in shape, dash or label as well."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Symbol:
    """One look: colours as ``#rrggbb``, widths in millimetres.

    Attributes
    ----------
    opacity
        Of the fill, 0 to 1; 0 leaves an area empty.
    dash
        Whether the line, or an area's outline, is dashed.
    mark
        Shape of a point: a name that both QGIS and SLD know.
    """

    fill: str
    stroke: str = "#0b0c0c"
    opacity: float = 1.0
    width_mm: float = 0.4
    dash: bool = False
    mark: str = "circle"


@dataclass(frozen=True)
class Style:
    """A look for all rows, or one for each value of a column.

    Attributes
    ----------
    symbol
        For all rows, or for values that ``values`` does not name.
    label
        Column whose text stands beside each shape.
    column
        Column of the values.
    values
        Value -> words of the legend and symbol.
    """

    symbol: Symbol
    label: str | None = None
    column: str | None = None
    values: Mapping[str, tuple[str, Symbol]] = field(default_factory=dict)


_OPEN = Symbol("#d4351c", mark="circle")
_PAUSED = Symbol("#b1b4b6", mark="square")
_CLEARED = Symbol("#00703c", mark="triangle")
_STATES = {"open": ("Open", _OPEN), "paused": ("Clock stopped", _PAUSED)}

BOROUGH = Style(Symbol("#ffffff", "#0b0c0c", opacity=0, width_mm=0.8))
WARDS = Style(Symbol("#ffffff", "#50686f", opacity=0), label="name")
PLACES = Style(
    Symbol("#b1b4b6", "#505a5f", opacity=0.3),
    label="name",
    column="kind",
    values={
        "car_park": ("Car park", Symbol("#1d70b8", opacity=0.2, mark="square")),
        "park": ("Park", Symbol("#00703c", opacity=0.2, mark="triangle")),
        "station": ("Station", Symbol("#4c2c92", opacity=0.2, mark="star")),
    },
)
STREETS = Style(Symbol("#505a5f", "#505a5f", width_mm=0.3))
ORDERS = Style(Symbol("#4c2c92", "#4c2c92", opacity=0.12, width_mm=0.6, dash=True), label="name")
HOTSPOTS = Style(Symbol("#d4351c", "#7a1f1f", opacity=0.25, width_mm=0.8), label="code")
INCIDENTS = Style(
    Symbol("#505a5f", mark="cross"),
    column="state",
    values=_STATES | {"cleared": ("Cleared", _CLEARED)},
)
JOBS = Style(_OPEN, label="key", column="state", values=_STATES)
REPORTS = Style(Symbol("#1d70b8", mark="cross"))
INTERVENTIONS = Style(Symbol("#28a197", opacity=0.2, mark="star"), label="kind")
POSTERS = Style(Symbol("#00703c", mark="square"), label="code")
