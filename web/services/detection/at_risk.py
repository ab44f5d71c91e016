"""What dumping is held to follow in a run: streets, homes, people, or the ground alone."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.places import exposures
from web.services.detection import detection_settings


@dataclass(frozen=True, eq=False)
class AtRisk:
    """A source with its features; no frame: the ground alone, and ``note`` says why if it matters.

    Attributes
    ----------
    key, measure
        As `geodata.places.exposures` has them.
    frame
        EPSG:27700, ``weight`` where the source says it.
    """

    key: str = ""
    measure: str = ""
    frame: gpd.GeoDataFrame | None = None
    note: str = ""

    @property
    def document(self) -> dict[str, Any]:
        """What a run keeps of it: enough to know whether it is the same again."""
        if self.frame is None:
            return {}
        weights = self.frame.get("weight", pd.Series(0.0, self.frame.index)).to_numpy(float)
        wkb = b"".join(shapely.to_wkb(np.asarray(self.frame.geometry)))
        return {
            "exposure": self.key,
            "exposure_measure": self.measure,
            "exposure_features": len(self.frame),
            "exposure_fingerprint": hashlib.sha256(wkb + weights.tobytes()).hexdigest(),
        }


def at_risk_of(session: Session, wanted: str | None) -> AtRisk:
    """By its key, empty for the ground alone; None: as the council has chosen.

    Raises
    ------
    RefusedError
        It is asked for by its key, and the store holds it not.
    """
    key = detection_settings.exposure(session) if wanted is None else wanted
    if not key:
        return AtRisk()
    try:
        measure = exposures.find(session, key).measure
    except RefusedError:
        if wanted is not None:
            raise
        # The nightly run goes on when somebody has taken an import out, and says so.
        gone = f"what dumping was held to follow ({key}) is in the store no more: choose anew"
        return AtRisk(note=gone)
    return AtRisk(key, measure, exposures.features(session, key))


def at_risk_then(session: Session, params: Mapping[str, Any]) -> AtRisk:
    """What a run's record says.

    Raises
    ------
    RefusedError
        It is in the store no more, or has changed since.
    """
    again = at_risk_of(session, params.get("exposure", ""))
    if again.document.get("exposure_fingerprint") != params.get("exposure_fingerprint"):
        raise RefusedError(f"the {again.measure} that dumping was held to follow has changed since")
    return again
