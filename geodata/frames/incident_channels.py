"""By which ways each incident was told of: whether reporting changed can be asked of it."""

import geopandas as gpd
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.models import PosterSite, Report

SEPARATOR = "; "


def with_channels(session: Session, incidents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Incidents with ``channels``, as `hotspots.timing.channels` reads them.

    Parameters
    ----------
    incidents
        With ``incident_id``, as ``frames.incidents`` has them.

    Returns
    -------
    GeoDataFrame
        A copy; ``channels`` is text such as "public web; poster TQ-1", in alphabetical order: who
        and how, or which poster's code; None where the incident has no report.
    """
    query = (
        select(Report.incident_id, Report.source, Report.channel, PosterSite.code)
        .outerjoin(PosterSite, PosterSite.id == Report.poster_site_id)
        .where(Report.incident_id.is_not(None))
        .distinct()
    )
    rows = session.execute(query).all()
    names = [_name(source, channel, code) for _, source, channel, code in rows]
    channel_names = pd.Series(names, index=[row[0] for row in rows], dtype=object)
    channels = incidents["incident_id"].map(_joined(channel_names)).astype(object)
    return incidents.assign(channels=channels)


def _name(source: str, channel: str, poster: str | None) -> str:
    return f"poster {poster}" if poster else f"{source} {channel}"


def _joined(channel_names: pd.Series) -> pd.Series:
    """One text an incident. Most have one report: only the others are put together."""
    is_one_of_many = channel_names.index.duplicated(keep=False)
    many = channel_names[is_one_of_many]
    joined = many.groupby(level=0).agg(lambda names: SEPARATOR.join(sorted(set(names))))
    return pd.concat([channel_names[~is_one_of_many], joined])
