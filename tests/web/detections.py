"""Detections that many tests ask for, reckoned once.

`detect_hotspots` is pure and seeded: for the same record it gives the same answer, which the tests
of ``hotspots`` prove. Those of the pages may therefore share it.
"""

import copy
from collections.abc import Callable
from typing import Any

import geopandas as gpd

Detect = Callable[..., Any]


def remembered(detect: Detect) -> Detect:
    """The same function; an answer that was given before is copied, not reckoned anew."""
    answers: dict[str, Any] = {}

    def detect_or_remember(*args: Any, **kwargs: Any) -> Any:
        question = "\n".join(_written(each) for each in (*args, *kwargs.items()))
        if question not in answers:
            answers[question] = detect(*args, **kwargs)
        return copy.deepcopy(answers[question])

    return detect_or_remember


def _written(value: object) -> str:
    """A frame with all its rows; anything else as it prints."""
    if isinstance(value, gpd.GeoDataFrame | gpd.GeoSeries):
        return f"{value.to_wkb(hex=True).to_csv()} {value.crs}"
    return repr(value)
