"""Reports and clearances become incidents, by the one rule of ``hotspots.incidents``."""

from datetime import datetime, timedelta

import geopandas as gpd
import pandas as pd
from sqlalchemy.orm import Session

from geodata import frames, incidents
from hotspots.incident_frames import PUBLIC_SOURCES
from hotspots.incidents import LinkingParams, link_reports


def relink(session: Session, *, now: datetime, params: LinkingParams | None = None) -> int:
    """Link all reports anew and store what came out; how many incidents there are.

    A file may bring reports that are older than those already here, so everything is linked:
    a borough's takes a second.
    """
    params = params or LinkingParams()
    reports = frames.reports(session).set_index("id", drop=False)
    clearances = frames.clearances(session)
    linked = link_reports(reports, clearances if len(clearances) else None, params)
    found = linked.incidents.rename(columns={"incident_id": "key"})
    found["public_at"] = _first_public(reports, linked.membership).reindex(found["key"]).to_numpy()
    found["state"] = _states(found, now, params)
    incidents.save_linked(session, found, linked.membership, now=now)
    return len(found)


def _first_public(reports: gpd.GeoDataFrame, membership: pd.Series) -> pd.Series:
    public = reports.loc[membership.index, "source"].isin(PUBLIC_SOURCES)
    told = reports.loc[membership.index, "reported_at"].where(public)
    return told.groupby(membership).min()


def _states(found: gpd.GeoDataFrame, now: datetime, params: LinkingParams) -> list[str]:
    lapsed = found["last_reported_at"] < now - timedelta(days=params.link_days)
    return [
        incidents.state_of(None if pd.isna(outcome) else outcome, has_lapsed=old).value
        for outcome, old in zip(found["outcome"], lapsed, strict=True)
    ]
