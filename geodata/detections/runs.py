"""Detection runs and the hotspots they flagged, with an identity that lasts from run to run."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Subquery, func, insert, or_, select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError
from geodata.models import (
    DetectionRun,
    Hotspot,
    HotspotIdentity,
    HotspotIncident,
    HotspotSuccession,
    Incident,
)

PIECE = 500
"""Keys in one question: SQLite takes no more than some thousand values."""


@dataclass(frozen=True)
class RunRecord:
    """What a run was asked, and on which data: enough to repeat it."""

    as_of: datetime
    run_at: datetime
    params: Mapping[str, Any]
    data_fingerprint: str
    code_version: str
    incidents: int
    summary: Mapping[str, Any]
    user_id: int | None = None


def latest_run(session: Session, *, as_of: datetime | None = None) -> DetectionRun | None:
    """The newest run by the moment it looks from; none later than ``as_of``, where it is given."""
    query = select(DetectionRun).order_by(DetectionRun.as_of.desc(), DetectionRun.id.desc())
    if as_of is not None:
        query = query.where(DetectionRun.as_of <= as_of)
    return session.scalars(query.limit(1)).first()


def runs(session: Session, *, limit: int = 400) -> Sequence[DetectionRun]:
    """Runs, the newest by the moment they look from first."""
    query = select(DetectionRun).order_by(DetectionRun.as_of.desc(), DetectionRun.id.desc())
    return session.scalars(query.limit(limit)).all()


def find_run(session: Session, key: int) -> DetectionRun:
    """A run by its key.

    Raises
    ------
    NotFoundError
        There is none.
    """
    run = session.get(DetectionRun, key)
    if run is None:
        raise NotFoundError(f"there is no detection run {key}")
    return run


def run_before(session: Session, run: DetectionRun) -> DetectionRun | None:
    """The run that looks from the moment before another's; None before the first."""
    query = (
        select(DetectionRun)
        .where(
            or_(
                DetectionRun.as_of < run.as_of,
                (DetectionRun.as_of == run.as_of) & (DetectionRun.id < run.id),
            )
        )
        .order_by(DetectionRun.as_of.desc(), DetectionRun.id.desc())
    )
    return session.scalars(query.limit(1)).first()


def hotspots_of(session: Session, run_id: int) -> Sequence[tuple[Hotspot, HotspotIdentity]]:
    """The hotspots of a run with their identities, best first."""
    query = (
        select(Hotspot, HotspotIdentity)
        .join(HotspotIdentity, HotspotIdentity.id == Hotspot.identity_id)
        .where(Hotspot.run_id == run_id)
        .order_by(Hotspot.rank, Hotspot.id)
    )
    return [(hotspot, identity) for hotspot, identity in session.execute(query)]


def members_of(session: Session, run_id: int) -> dict[int, set[int]]:
    """Which incidents a run counted into each identity that it flagged."""
    query = (
        select(Hotspot.identity_id, HotspotIncident.incident_id)
        .join(HotspotIncident, HotspotIncident.hotspot_id == Hotspot.id)
        .where(Hotspot.run_id == run_id)
    )
    members: dict[int, set[int]] = {}
    for identity, incident in session.execute(query):
        members.setdefault(identity, set()).add(incident)
    return members


def history_of(session: Session, identity_id: int) -> Sequence[tuple[DetectionRun, Hotspot]]:
    """What each run flagged under an identity, the newest first; runs that missed it are absent."""
    query = (
        select(DetectionRun, Hotspot)
        .join(Hotspot, Hotspot.run_id == DetectionRun.id)
        .where(Hotspot.identity_id == identity_id)
        .order_by(DetectionRun.as_of.desc(), DetectionRun.id.desc())
    )
    return [(run, hotspot) for run, hotspot in session.execute(query)]


def successions_of(
    session: Session, identity_id: int
) -> Sequence[tuple[DetectionRun, HotspotSuccession]]:
    """Splits and merges that an identity took part in, oldest first."""
    query = (
        select(DetectionRun, HotspotSuccession)
        .join(HotspotSuccession, HotspotSuccession.run_id == DetectionRun.id)
        .where(
            or_(
                HotspotSuccession.from_identity_id == identity_id,
                HotspotSuccession.to_identity_id == identity_id,
            )
        )
        .order_by(DetectionRun.as_of, HotspotSuccession.id)
    )
    return [(run, succession) for run, succession in session.execute(query)]


def successions_at(session: Session, run_id: int) -> Sequence[HotspotSuccession]:
    """Splits and merges of one run."""
    query = select(HotspotSuccession).where(HotspotSuccession.run_id == run_id)
    return session.scalars(query.order_by(HotspotSuccession.id)).all()


def latest_run_key(session: Session) -> int | None:
    """Key of the run that was saved last, whatever moment it looked from."""
    return session.scalar(select(func.max(DetectionRun.id)))


def has_hotspots(session: Session) -> bool:
    """Whether any run has ever flagged a place."""
    return session.scalar(select(func.max(HotspotIdentity.id))) is not None


def are_all_there(session: Session, incident_ids: set[int]) -> bool:
    """Whether incidents of these keys are all in the store, none merged into another."""
    keys = sorted(incident_ids)
    pieces = (keys[start : start + PIECE] for start in range(0, len(keys), PIECE))
    stands = Incident.merged_into_id.is_(None)
    return len(keys) == sum(
        session.scalar(select(func.count()).where(Incident.id.in_(piece), stands)) or 0
        for piece in pieces
    )


def _last_flags(as_of: datetime) -> Subquery:
    """Keys of each identity's newest hotspot up to a moment, but of those merged into others."""
    merged = select(HotspotSuccession.from_identity_id).where(HotspotSuccession.kind == "merge")
    order = (DetectionRun.as_of.desc(), DetectionRun.id.desc())
    newest = func.row_number().over(partition_by=Hotspot.identity_id, order_by=order)
    ranked = (
        select(Hotspot.id, Hotspot.identity_id, newest.label("age"))
        .join(DetectionRun, DetectionRun.id == Hotspot.run_id)
        .where(DetectionRun.as_of <= as_of, Hotspot.identity_id.not_in(merged))
        .subquery()
    )
    return select(ranked.c.id, ranked.c.identity_id).where(ranked.c.age == 1).subquery()


def last_incidents_by_identity(session: Session, *, as_of: datetime) -> dict[int, set[int]]:
    """Which incidents made each identity when a run up to a moment last flagged it.

    An identity that a run missed is among them: a place that comes back is the same place. One
    that was merged into another is not.
    """
    flags = _last_flags(as_of)
    query = select(flags.c.identity_id, HotspotIncident.incident_id).join(
        HotspotIncident, HotspotIncident.hotspot_id == flags.c.id
    )
    members: dict[int, set[int]] = {}
    for identity, incident in session.execute(query):
        members.setdefault(identity, set()).add(incident)
    return members


def last_ground_by_identity(session: Session, *, as_of: datetime) -> dict[int, BaseGeometry]:
    """Outline of each identity, EPSG:27700, when a run up to a moment last flagged it.

    The identities are those of ``last_incidents_by_identity``.
    """
    flags = _last_flags(as_of)
    query = select(flags.c.identity_id, Hotspot.geometry).join(Hotspot, Hotspot.id == flags.c.id)
    return {identity: geometry for identity, geometry in session.execute(query)}  # noqa: C416


def save_run(session: Session, record: RunRecord) -> DetectionRun:
    """A new run without hotspots."""
    run = DetectionRun(**{**vars(record), "params": dict(record.params)})
    session.add(run)
    session.flush()
    return run


def find_identity(session: Session, key: int) -> HotspotIdentity:
    """An identity by its key.

    Raises
    ------
    NotFoundError
        There is none.
    """
    identity = session.get(HotspotIdentity, key)
    if identity is None:
        raise NotFoundError(f"there is no hotspot with key {key}")
    return identity


def identities_by_key(session: Session, keys: Collection[int]) -> dict[int, HotspotIdentity]:
    """Those with some keys, in one query."""
    query = select(HotspotIdentity).where(HotspotIdentity.id.in_(keys))
    return {identity.id: identity for identity in session.scalars(query)}


def find_by_code(session: Session, code: str) -> HotspotIdentity:
    """An identity by its code, such as H-0001.

    Raises
    ------
    NotFoundError
        There is none.
    """
    query = select(HotspotIdentity).where(HotspotIdentity.code == code.strip().upper())
    identity = session.scalar(query)
    if identity is None:
        raise NotFoundError(f"there is no hotspot {code}")
    return identity


def identities(session: Session) -> Sequence[HotspotIdentity]:
    """Every hotspot there ever was, by code."""
    query = select(HotspotIdentity).order_by(HotspotIdentity.code, HotspotIdentity.id)
    return session.scalars(query).all()


def identity_names(session: Session) -> set[str]:
    """The names that hotspots have had."""
    return set(session.scalars(select(HotspotIdentity.name)))


def new_identity(session: Session, name: str, first_seen: datetime) -> HotspotIdentity:
    """A hotspot that was not there before, with the next free code."""
    number = (session.scalar(select(func.max(HotspotIdentity.id))) or 0) + 1
    identity = HotspotIdentity(
        code=f"H-{number:04d}", name=name[:200], first_seen_on=first_seen.date()
    )
    session.add(identity)
    session.flush()
    return identity


def save_hotspot(
    session: Session, run: DetectionRun, identity_id: int, members: set[int], /, **columns: Any
) -> Hotspot:
    """One hotspot of a run, with the incidents that were counted into it."""
    hotspot = Hotspot(run_id=run.id, identity_id=identity_id, **columns)
    session.add(hotspot)
    session.flush()
    rows = [{"hotspot_id": hotspot.id, "incident_id": i} for i in sorted(members)]
    if rows:
        session.execute(insert(HotspotIncident), rows)
    return hotspot


def save_succession(session: Session, run: DetectionRun, kind: str, old: int, new: int) -> None:
    """That one identity split off, or was merged into, another at a run."""
    session.add(
        HotspotSuccession(run_id=run.id, kind=kind, from_identity_id=old, to_identity_id=new)
    )
    session.flush()
