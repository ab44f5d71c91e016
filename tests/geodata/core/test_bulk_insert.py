"""Rows written column by column, against the same rows inserted by statement."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from geodata.core.bulk import rows_of
from geodata.core.bulk_insert import insert_frame
from geodata.core.geopackage import encode, encode_points
from geodata.models import Clearance, Incident
from geodata.store.engine import Store

AT = pd.to_datetime(["2026-03-01T10:00:00.123999Z", None, "1995-01-01T00:00:00.000000Z"], utc=True)


def clearances() -> pd.DataFrame:
    """Texts, whole numbers as floats, instants and points, each with one that is missing."""
    return pd.DataFrame(
        {
            "outcome": "cleared",
            "occurred_at": AT.fillna(pd.Timestamp("2026-01-01T00:00Z")),
            "recorded_at": datetime(2026, 5, 1, tzinfo=UTC),
            "device_at": AT,
            "geometry": [shapely.Point(1.5, 2), None, shapely.Point(3, 4)],
            "accuracy_m": [0.1, np.nan, 3],
            "chargers": [4.0, np.nan, 7],
            "note": ["a\tb\\n\n'\"", None, "\\N"],
        },
        index=[7, 7, 9],
    )


def incidents() -> pd.DataFrame:
    """Points alone, and columns left to their defaults."""
    return pd.DataFrame(
        {
            "key": ["A", "B", "C"],
            "geometry": shapely.points([[550_000.25, 1], [2, 3], [1e-9, -4]]),
            "first_reported_at": AT[0],
            "last_reported_at": AT[0],
            "reports": 1,
            "from_vehicle": pd.array([True, None, False], dtype=object),
            "state": "open",
            "closed_at": pd.Series([None, AT[0].to_pydatetime(), None], dtype=object),
        }
    )


def rows(session: Session, model: Any) -> list[tuple[Any, ...]]:
    table = model.__table__
    columns = [column for column in table.columns if column.name != "id"]
    return [tuple(row) for row in session.execute(select(*columns).order_by(table.c.id))]


def test_rows_are_those_of_an_insert_by_statement(store: Store) -> None:
    for model, frame in ((Clearance, clearances()), (Incident, incidents())):
        counts: list[int] = []
        with store.writing() as session:
            insert_frame(session, model, frame, counts.append)
            insert_frame(session, model, frame.iloc[:0])
            ours = rows(session, model)
            session.rollback()
        with store.writing() as session:
            for part in rows_of(frame):
                session.execute(insert(model.__table__), part)
            assert rows(session, model) == ours
            session.rollback()
        assert counts == [3]


def test_blobs_of_many_points_are_those_of_one() -> None:
    xy = np.random.default_rng(1).normal(0, 1e6, (50, 2))
    assert encode_points(xy, 27700) == [encode(point, 27700) for point in shapely.points(xy)]
    assert encode_points(np.empty((0, 2)), 27700) == []
