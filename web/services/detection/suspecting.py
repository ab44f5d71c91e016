"""Which hotspots of a run may be none, with what speaks against them."""

from collections.abc import Mapping
from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from geodata import frames
from hotspots.detection.suspicions import suspicions


def suspected(
    session: Session, members: Mapping[int, set[int]], *, as_of: datetime, months: int
) -> dict[int, str]:
    """What speaks against hotspots, as sentences, for those that something speaks against.

    Parameters
    ----------
    members
        Keys of each hotspot's incidents, by the hotspot.
    as_of, months
        Of the run: only reports that it could see are asked about.
    """
    since = pd.Timestamp(as_of) - pd.DateOffset(months=months)
    reports = frames.report_channels(session)
    reported = reports["reported_at"]
    reports = reports[(reported > since) & (reported <= as_of) & reports["incident_id"].notna()]
    home = {incident: key for key, incidents in members.items() for incident in incidents}
    label = reports["incident_id"].map(home).fillna(-1).to_numpy().astype(np.int64)
    marks = suspicions(reports.reset_index(drop=True), label)
    return {int(key): " ".join(rows["sentence"]) for key, rows in marks.groupby("hotspot")}
