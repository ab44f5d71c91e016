"""Detections, patrol plans and charts that many tests ask for, reckoned once.

Most of what they cost are pure and seeded functions: for the same record they give the same answer,
which the tests of ``hotspots`` prove. Those of the pages may therefore share it.
"""

import copy
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import geopandas as gpd
import pandas as pd
import pytest

from hotspots.forecast.other_knowledge import OtherKnowledge
from web.services.committee.sections import trend_charts
from web.services.detection import detecting, map_grids, recent_scan, weekly_watch
from web.services.patrols import patrol_places, patrolling

Reckon = Callable[..., Any]
PURE: tuple[tuple[Any, str], ...] = (
    (detecting, "detect_hotspots"),
    (map_grids, "surface_grids"),
    (recent_scan, "scan_spikes"),
    (weekly_watch, "reckon"),
    (patrol_places, "risk_surface"),
    (patrolling, "plan_patrol"),
    (trend_charts, "count_chart"),
    (trend_charts, "share_chart"),
)
"""Functions of their arguments alone, by where they are looked up."""
HEARERS = {"on_search"}
"""Arguments that are called, without any of their own, to say how far it is."""


def remember_all(patch: pytest.MonkeyPatch) -> None:
    """Let each of ``PURE`` be reckoned once for the same arguments."""
    for module, name in PURE:
        patch.setattr(module, name, remembered(getattr(module, name)))


def remembered(reckon: Reckon) -> Reckon:
    """The same function; an answer that was given before is copied, not reckoned anew.

    Who was to hear how far it is hears it as often as the first time.
    """
    answers: dict[str, tuple[Any, dict[str, int]]] = {}

    def reckon_or_remember(*args: Any, **kwargs: Any) -> Any:
        heard_by = {name: kwargs.pop(name) for name in HEARERS & kwargs.keys()}
        question = "\n".join(_written(each) for each in (*args, *sorted(kwargs.items())))
        if question not in answers:
            counts = {name: Mock(side_effect=hearer) for name, hearer in heard_by.items()}
            answer = reckon(*args, **kwargs, **counts)
            answers[question] = answer, {name: each.call_count for name, each in counts.items()}
        else:
            for name, hearer in heard_by.items():
                for _ in range(answers[question][1].get(name, 0)):
                    hearer()
        return copy.deepcopy(answers[question][0])

    return reckon_or_remember


def _written(value: object) -> str:
    """A frame with all its rows; anything else as it prints."""
    if isinstance(value, gpd.GeoDataFrame | gpd.GeoSeries):
        return f"{value.to_wkb(hex=True).to_csv()} {value.crs}"
    if isinstance(value, pd.DataFrame | pd.Series):
        return value.to_csv()
    if isinstance(value, OtherKnowledge):
        return "\n".join(
            _written(each) for each in (*value.layers, *list(vars(value).values())[1:])
        )
    if isinstance(value, tuple):  # a keyword with its value
        return " ".join(map(_written, value))
    return repr(value)
