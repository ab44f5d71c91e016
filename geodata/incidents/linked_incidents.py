"""Incidents in the store: the only writer of what their reports and clearances add up to."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import bindparam, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from geodata.core.bulk import narrowed, parts, rows_of
from geodata.core.bulk_insert import insert_frame
from geodata.core.many_values import is_among
from geodata.core.vocabulary import IncidentEventKind, IncidentState
from geodata.incidents import incident_events
from geodata.models import Clearance, HotspotIncident, Incident, IncidentEvent, Report
from geodata.reports import RECORDED_ELSEWHERE

OPTIONAL = (
    "has_needles",
    "has_glass",
    "is_leaking",
    "landmark",
    "due_at",
    "due_rule",
    "ward_id",
    "place_id",
    "contractor",
    "batch_id",
)


def save_linked(
    session: Session,
    incidents: gpd.GeoDataFrame,
    membership: pd.Series,
    *,
    now: datetime,
    former: Collection[int] | None = None,
) -> None:
    """Make the stored incidents those that linking found.

    An incident is known by its first report's reference, so one that linking finds again keeps
    its row, its events and its history.

    Parameters
    ----------
    incidents
        What ``hotspots.link_reports`` returns, EPSG:27700, with ``key`` (the first report's
        reference), ``state`` and ``public_at`` (NaT where no member of the public told); where
        present also the columns of ``OPTIONAL``.
    membership
        The key of each report's incident, indexed by the report's database key.
    now
        When this is decided.
    former
        Keys of the incidents that the reports were in; None where these are all reports there
        are, so that every other incident is empty.
    """
    known = _ids_by_key(session, incidents["key"], former)
    rows = _rows(incidents)
    is_known = rows["key"].isin(list(known))
    fresh, kept = rows[~is_known], rows[is_known]
    insert_frame(session, Incident, fresh)
    for part in rows_of(kept.assign(id=kept["key"].map(known))):
        if changed := _changed(session, part):
            session.execute(update(Incident), changed)
    key_id = _ids_by_key(session, incidents["key"], former)
    _record_opened(session, fresh, key_id, now)
    _assign_reports(session, membership, key_id)
    _let_clearances_follow(session, membership.index.tolist())
    _drop_empty(session, set(known) - set(incidents["key"]), key_id, now)
    session.flush()
    session.expire_all()


def stored(session: Session, keys: Collection[str] | None = None) -> pd.DataFrame:
    """What is stored of every incident, or of those with some references: by ``key``.

    Columns ``first_public_at``, ``last_reported_at``, ``closed_at``, ``due_at``, ``due_rule``,
    ``state``, ``ward_id``, ``place_id``, ``contractor``.
    """
    columns = (
        Incident.key,
        Incident.first_public_at,
        Incident.last_reported_at,
        Incident.closed_at,
        Incident.due_at,
        Incident.due_rule,
        Incident.state,
        Incident.ward_id,
        Incident.place_id,
        Incident.contractor,
    )
    names = [column.key for column in columns]
    queries = narrowed(select(*columns), Incident.key, keys)
    rows = [row for query in queries for row in session.execute(query).all()]
    return pd.DataFrame(rows, columns=names, dtype=object).set_index("key")


def differing(session: Session, incidents: gpd.GeoDataFrame) -> set[str]:
    """Keys of those that linking found and that are stored otherwise, or not at all.

    Parameters
    ----------
    incidents
        As `save_linked` takes them.
    """
    known = _ids_by_key(session, incidents["key"], frozenset())
    rows = _rows(incidents)
    kept = rows[rows["key"].isin(list(known))]
    changed = {
        row["key"]
        for part in rows_of(kept.assign(id=kept["key"].map(known)))
        for row in _changed(session, part)
    }
    return changed | (set(rows["key"]) - set(known))


def as_they_stand(session: Session, ids: Collection[int]) -> dict[int, tuple[Any, ...]]:
    """Each of some incidents, to be compared with what it was: other values once it changed."""
    columns = [c for c in Incident.__table__.columns if c.name != "geometry"]
    names = [getattr(Incident, column.name) for column in columns]
    queries = narrowed(select(*names), Incident.id, ids)
    return {row.id: tuple(row) for query in queries for row in session.execute(query)}


def incidents_by_report(session: Session, reports: Collection[int]) -> dict[int, int | None]:
    """The incident that each of some reports is in."""
    queries = narrowed(select(Report.id, Report.incident_id), Report.id, reports)
    return {report: into for query in queries for report, into in session.execute(query)}


def ids_by_key(session: Session, keys: Collection[str]) -> dict[str, int]:
    """The database key of each of some incidents, by its reference."""
    return _ids_by_key(session, keys, frozenset())


def keys_by_id(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The reference of each of some incidents."""
    return {id_: key for key, id_ in _ids_by_key(session, (), ids).items()}


def handmade(session: Session, *, among: Collection[int] | None = None) -> set[int]:
    """Keys of incidents that a person put together; linking leaves them alone."""
    pinned = select(Report.incident_id).where(Report.is_pinned, Report.incident_id.is_not(None))
    queries = narrowed(pinned.distinct(), Report.incident_id, among)
    return {key for query in queries for key in session.scalars(query)}


def lapse(session: Session, *, before: datetime) -> None:
    """Give up open incidents that another system follows up and nobody spoke of since a moment."""
    of_incident = Report.incident_id == Incident.id
    is_ours = exists().where(of_incident, Report.channel.not_in(RECORDED_ELSEWHERE))
    session.execute(
        update(Incident)
        .where(
            Incident.state == IncidentState.OPEN.value,
            Incident.last_reported_at < before,
            Incident.merged_into_id.is_(None),
            ~is_ours,
            ~exists().where(of_incident, Report.is_pinned),
        )
        .values(state=IncidentState.LAPSED.value)
    )


def count(session: Session) -> int:
    """How many incidents there are, those merged into others left out."""
    query = select(func.count()).select_from(Incident).where(Incident.merged_into_id.is_(None))
    return session.scalar(query) or 0


def last_changes(session: Session) -> tuple[int, ...]:
    """Other numbers once a report or an outcome came in or went out, or an incident was changed."""
    changes = (
        select(func.count(), func.coalesce(func.max(table.id), 0)).select_from(table)
        for table in (Report, Clearance, IncidentEvent)
    )
    return tuple(number for query in changes for number in session.execute(query).one())


def _ids_by_key(
    session: Session, keys: Collection[str], ids: Collection[int] | None
) -> dict[str, int]:
    """By reference; of all incidents where ``ids`` is None."""
    query = select(Incident.key, Incident.id)
    of_keys = narrowed(query, Incident.key, keys if ids is not None else ())
    of_ids = narrowed(query, Incident.id, ids)
    return {key: id_ for part in chain(of_keys, of_ids) for key, id_ in session.execute(part)}


def _changed(session: Session, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that are not stored like this already: to write a row costs more than to look."""
    table: Any = Incident.__table__
    columns = [table.c[name] for name in rows[0]]
    query = select(*columns).where(is_among(table.c.id, [row["id"] for row in rows]))
    before = {row["id"]: dict(row) for row in session.execute(query).mappings()}
    return [row for row in rows if row != before[row["id"]]]


def _rows(incidents: gpd.GeoDataFrame) -> pd.DataFrame:
    """What linking found, under the table's names."""
    same = ["key", "geometry", "first_reported_at", "last_reported_at", "reports", "chargers"]
    same += ["cylinders", "from_vehicle", "first_seen_at", "last_clean_at", "state"]
    same += [name for name in OPTIONAL if name in incidents]
    rows = pd.DataFrame(incidents[same])
    return rows.assign(
        first_public_at=incidents["public_at"],
        proactive_reports=incidents["reports"] - incidents["public_reports"],
        chargers=_rounded(incidents["chargers"]),
        cylinders=_rounded(incidents["cylinders"]),
        closed_at=incidents["cleared_at"],
        merged_into_id=None,
    )


def _rounded(estimates: pd.Series) -> pd.Series:
    """Whole numbers, rounded down as they are written, or none."""
    return np.floor(estimates.astype(float)).astype("Int64")


def _record_opened(
    session: Session, fresh: pd.DataFrame, key_id: dict[str, int], now: datetime
) -> None:
    opened = pd.DataFrame(
        {"incident_id": fresh["key"].map(key_id), "at": fresh["first_reported_at"]}
    )
    rows = opened.assign(kind=IncidentEventKind.OPENED.value, recorded_at=now)
    insert_frame(session, IncidentEvent, rows)


def _assign_reports(session: Session, membership: pd.Series, key_id: dict[str, int]) -> None:
    """Write where reports go, for those that go elsewhere than before."""
    before = incidents_by_report(session, membership.index.tolist())
    now = membership.map(key_id)
    moved = now[now != now.index.to_series().map(before)]
    table: Any = Report.__table__
    goes = update(table).where(table.c.id == bindparam("report"))
    statement = goes.values(incident_id=bindparam("incident"))
    for part in rows_of(pd.DataFrame({"report": moved.index, "incident": moved.to_numpy()})):
        session.execute(statement, part)


def _let_clearances_follow(session: Session, reports: Collection[int]) -> None:
    """A clearance answers a report, so it goes where the report goes."""
    of_report = select(Report.incident_id).where(Report.id == Clearance.report_id)
    merged = select(Incident.id).where(Incident.merged_into_id.is_not(None))
    for part in parts(sorted(reports)):
        session.execute(
            update(Clearance)
            .where(
                is_among(Clearance.report_id, part),
                or_(Clearance.incident_id.is_(None), Clearance.incident_id.not_in(merged)),
                Clearance.incident_id.is_distinct_from(of_report.scalar_subquery()),
            )
            .values(incident_id=of_report.scalar_subquery())
        )


def _drop_empty(session: Session, gone: set[str], key_id: dict[str, int], now: datetime) -> None:
    """Incidents that no report speaks of any more: merged where they have a history to keep."""
    for part in parts([key_id[key] for key in gone]):
        empty = list(session.scalars(_without_reports(part)))
        kept = set(session.scalars(_with_history(empty)))
        for incident in session.scalars(select(Incident).where(Incident.id.in_(kept))):
            _merge_vanished(session, incident, now)
        chunk = [key for key in empty if key not in kept]
        session.execute(delete(HotspotIncident).where(HotspotIncident.incident_id.in_(chunk)))
        session.execute(delete(IncidentEvent).where(IncidentEvent.incident_id.in_(chunk)))
        session.execute(delete(Incident).where(Incident.id.in_(chunk)))


def _without_reports(ids: Sequence[int]) -> Any:
    return select(Incident.id).where(
        is_among(Incident.id, ids),
        Incident.merged_into_id.is_(None),
        ~exists().where(Report.incident_id == Incident.id),
    )


def _with_history(ids: list[int]) -> Any:
    """Those of whom more is recorded than that they opened."""
    return select(IncidentEvent.incident_id).where(
        is_among(IncidentEvent.incident_id, ids),
        IncidentEvent.kind != IncidentEventKind.OPENED.value,
    )


def _merge_vanished(session: Session, incident: Incident, now: datetime) -> None:
    """An older report came to light, and with it the incident goes by another reference."""
    successor = session.scalar(select(Report.incident_id).where(Report.reference == incident.key))
    if successor is None:
        return
    incident.merged_into_id = successor
    incident.state = IncidentState.DUPLICATE.value
    incident_events.append(
        session,
        successor,
        IncidentEventKind.MERGED,
        at=now,
        now=now,
        reason="An older report of the same dump came in",
        details={"from": incident.key},
    )


def state_of(outcome: str | None, *, has_lapsed: bool) -> IncidentState:
    """The state that a closing outcome, or none, leaves an incident in."""
    if outcome is None:
        return IncidentState.LAPSED if has_lapsed else IncidentState.OPEN
    return IncidentState(outcome)
