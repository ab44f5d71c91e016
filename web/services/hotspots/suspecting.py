"""Marking hotspots of a run that may be none, with what speaks against them."""

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from geodata import detections, frames
from hotspots.detection.suspicions import suspicions


def mark_run(session: Session, run_id: int) -> dict[int, str]:
    """Write its suspicions beside each hotspot of a run; what was written, by identity.

    Only reports that the run could see are asked about.
    """
    run = detections.find_run(session, run_id)
    since = pd.Timestamp(run.as_of) - pd.DateOffset(months=int(run.params["months"]))
    reports = frames.report_channels(session)
    reported = reports["reported_at"]
    reports = reports[(reported > since) & (reported <= run.as_of) & reports["incident_id"].notna()]
    home = {
        incident: identity
        for identity, members in detections.members_of(session, run_id).items()
        for incident in members
    }
    label = reports["incident_id"].map(home).fillna(-1).to_numpy().astype(np.int64)
    marks = suspicions(reports.reset_index(drop=True), label)
    sentences = {int(key): " ".join(rows["sentence"]) for key, rows in marks.groupby("hotspot")}
    detections.set_suspicions(session, run_id, sentences)
    return sentences
