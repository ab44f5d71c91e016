"""Synthetic reports and clearances into the store."""

from datetime import UTC, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from geodata.clearances.contracts import contractor_on
from geodata.core.vocabulary import Moderation, Source
from geodata.demo import MARK, NOTE
from geodata.models import Clearance, ContractPeriod, Report
from geodata.reports import ALPHABET

SOURCES = (Source.PUBLIC, Source.PARTNER, Source.OFFICER, Source.CREW)
SOURCE_SHARES = (0.80, 0.10, 0.05, 0.05)
SAY_WHEN_CLEAN = 0.3
"""Share of reporters who say when there was nothing yet."""
SEEN_AT_NIGHT = 0.15
"""Share of dumps that somebody, such as door staff, saw within ``AT_NIGHT_MIN`` of the dumping."""
AT_NIGHT_MIN = (5, 90)
CHUNK = 2_000


def save_dumps(
    session: Session,
    reports: gpd.GeoDataFrame,
    clearances: pd.DataFrame,
    dumped_at: pd.Series,
    *,
    now: datetime,
    seed: int,
) -> None:
    """Store what was told and done up to ``now``.

    Parameters
    ----------
    reports, clearances
        As ``hotspots.synthetic.reports`` makes them, EPSG:27700; later rows are left out. A
        clearance answers its incident's first report.
    dumped_at
        By incident, aware.
    now
        Aware.
    seed
        Of the references and the sources, so that the same demo comes out twice.
    """
    rng = np.random.default_rng(seed)
    reports = reports[reports["reported_at"] <= now].reset_index(drop=True)
    reports = _as_people_know(reports, dumped_at, rng)
    clearances = clearances[clearances["cleared_at"] <= now]
    rows = _report_rows(reports, rng)
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(Report), rows[start : start + CHUNK])
    keys = {ref: key for key, ref in session.execute(select(Report.id, Report.reference))}
    first = reports.drop_duplicates("incident").set_index("incident")
    answered = {
        incident: keys[rows[row]["reference"]]
        for incident, row in zip(
            first.index, reports.index[~reports["incident"].duplicated()], strict=True
        )
    }
    work = _clearance_rows(session, clearances, answered)
    for start in range(0, len(work), CHUNK):
        session.execute(insert(Clearance), work[start : start + CHUNK])


def _as_people_know(
    reports: gpd.GeoDataFrame, dumped_at: pd.Series, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Few know when a place was clean; some dumps are seen in the night, most in the morning."""
    is_answered = rng.random(len(reports)) < SAY_WHEN_CLEAN
    wait = pd.to_timedelta(rng.integers(*AT_NIGHT_MIN, len(dumped_at)), unit="min")
    at_night = (dumped_at + wait).where(rng.random(len(dumped_at)) < SEEN_AT_NIGHT)
    seen = reports["incident"].map(at_night).fillna(reports["first_seen_at"])
    return reports.assign(
        last_clean_at=reports["last_clean_at"].where(is_answered),
        first_seen_at=seen.clip(upper=reports["first_seen_at"]),
    )


def _report_rows(reports: gpd.GeoDataFrame, rng: np.random.Generator) -> list[dict[str, object]]:
    sources = rng.choice(SOURCES, len(reports), p=SOURCE_SHARES)
    letters = rng.choice(list(ALPHABET), (len(reports), 10))
    accuracy = np.round(rng.gamma(4, 2, len(reports)), 1)
    return [
        {
            "external_ref": f"{MARK}-report-{n}",
            "reference": "".join(letters[n]),
            "reported_at": _instant(row.reported_at),
            "recorded_at": _instant(row.reported_at),
            "geometry": row.geometry,
            "accuracy_m": float(accuracy[n]),
            "source": str(sources[n]),
            "channel": MARK.lower(),
            "charger_band": row.size,
            "chargers": int(row.chargers),
            "cylinders": int(row.cylinders),
            "has_balloons": False,
            "has_needles": False,
            "has_glass": False,
            "is_leaking": False,
            "from_vehicle": bool(row.from_vehicle),
            "first_seen_at": _instant(row.first_seen_at),
            "last_clean_at": _instant(row.last_clean_at),
            "description_state": Moderation.PENDING.value,
            "is_pinned": False,
        }
        for n, row in enumerate(reports.itertuples(index=False))
    ]


def _clearance_rows(
    session: Session, clearances: pd.DataFrame, answered: dict[int, int]
) -> list[dict[str, object]]:
    periods = session.scalars(select(ContractPeriod)).all()
    return [
        {
            "external_ref": f"{MARK}-clearance-{row.incident}",
            "report_id": answered[row.incident],
            "outcome": row.outcome,
            "occurred_at": _instant(row.cleared_at),
            "recorded_at": _instant(row.cleared_at),
            "contractor": contractor_on(periods, row.cleared_at.tz_convert("Europe/London").date()),
            "note": NOTE,
        }
        for row in clearances.itertuples(index=False)
        if row.incident in answered
    ]


def _instant(moment: pd.Timestamp) -> datetime | None:
    if pd.isna(moment):
        return None
    instant: datetime = moment.to_pydatetime(warn=False).astimezone(UTC)
    return instant
