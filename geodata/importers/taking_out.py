"""A long import that is undone: what goes with it, and what must not.

Its rows are hidden at once and then deleted piece by piece. An incident goes along where nothing is
recorded but that it opened, and only its reports speak of it, or all others from now on of another
one. These bear the batch's key before they are hidden: the key means nothing until then, so that
they can be marked piece by piece too.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import SQLCoreOperations

from geodata.core.bulk import parts
from geodata.core.errors import RefusedError
from geodata.core.many_values import is_among
from geodata.core.vocabulary import IncidentEventKind
from geodata.models import Base, Clearance, ImportBatch, Incident, IncidentEvent, Report
from geodata.store.unfinished_batches import look_again

GO_ALONG = {"report", "clearance", "incident_event", "hotspot_incident"}
"""Tables whose rows go with an incident that goes, or are looked at one by one."""


def own_incidents(session: Session, batch: int) -> set[int]:
    """Keys of the incidents that go with a batch's reports."""
    other = aliased(Report)
    query = select(Incident.id).where(
        Incident.id.in_(_incidents_of(batch)),
        ~exists().where(other.incident_id == Incident.id, _is_not_of(other.batch_id, batch)),
        ~_has_history(),
        ~exists().where(
            Clearance.incident_id == Incident.id, _is_not_of(Clearance.batch_id, batch)
        ),
    )
    return set(session.scalars(query)) - _rested_on(session)


def vacated(session: Session, batch: int, kept: set[str]) -> set[int]:
    """Keys of the batch's incidents that others' reports leave, now that it is gone.

    Parameters
    ----------
    kept
        The references of those that they are in from now on.
    """
    query = select(Incident.id, Incident.key).where(
        Incident.id.in_(_incidents_of(batch)), Incident.merged_into_id.is_(None), ~_has_history()
    )
    left = {key for key, reference in session.execute(query) if reference not in kept}
    return left - _rested_on(session)


def incidents_of(session: Session, batch: int) -> set[int]:
    """Keys of the incidents that a batch's reports are in."""
    return {key for key in session.scalars(_incidents_of(batch).distinct()) if key is not None}


def answered_elsewhere(session: Session, batch: int) -> set[int]:
    """Keys of the reports of others that a batch's clearances answer."""
    query = select(Report.id).join(Clearance, Clearance.report_id == Report.id)
    query = query.where(Clearance.batch_id == batch, _is_not_of(Report.batch_id, batch))
    return set(session.scalars(query))


def marked(session: Session, batch: int) -> set[int]:
    """Keys of the incidents that bear a batch's key."""
    return set(session.scalars(select(Incident.id).where(Incident.batch_id == batch)))


def mark(session: Session, batch: int | None, incidents: list[int]) -> None:
    """Let incidents bear a batch's key, or none."""
    for part in parts(incidents):
        session.execute(
            update(Incident)
            .where(is_among(Incident.id, part))
            .values(batch_id=batch)
            .execution_options(synchronize_session=False)
        )


def refuse_rested_upon(session: Session, batch: int) -> None:
    """Refuse to take out what other rows rest on.

    Raises
    ------
    RefusedError
        There are clearances, photos or answers to its reports that did not come with them.
    """
    if any(session.scalar(query) is not None for query in _resting(batch)):
        raise RefusedError(
            f"batch {batch} cannot be taken out: later rows rest on it (clearances, photos or "
            "answers to its reports); undo those first"
        )


def hide(session: Session, batch: int) -> None:
    """Hide a batch from everybody, this session included, until its rows are gone.

    Its clearances let go of incidents that stay: one of these may vanish while they are hidden.
    """
    goes = exists().where(Incident.id == Clearance.incident_id, Incident.batch_id == batch)
    session.execute(
        update(Clearance)
        .where(Clearance.batch_id == batch, Clearance.incident_id.is_not(None), ~goes)
        .values(incident_id=None)
        .execution_options(synchronize_session=False)
    )
    session.get_one(ImportBatch, batch).is_loading = True
    session.flush()
    session.expire_all()
    look_again(session)


def _incidents_of(batch: int) -> Select[int | None]:
    return select(Report.incident_id).where(
        Report.batch_id == batch, Report.incident_id.is_not(None)
    )


def _has_history() -> ColumnElement[bool]:
    """Condition of incidents: more is recorded of them than that they opened."""
    return exists().where(
        IncidentEvent.incident_id == Incident.id,
        IncidentEvent.kind != IncidentEventKind.OPENED.value,
    )


def _is_not_of(batch_id: SQLCoreOperations[int | None], batch: int) -> ColumnElement[bool]:
    return or_(batch_id.is_(None), batch_id != batch)


def _rested_on(session: Session) -> set[int]:
    """Incidents that others than their reports, events and clearances name."""
    columns = [each for each in _naming(Incident) if each.table.name not in GO_ALONG]
    return {
        key
        for column in columns
        for key in session.scalars(select(column).where(column.is_not(None)).distinct())
    }


def _resting(batch: int) -> Iterator[Select[Any]]:
    """One query a column that names reports or clearances, for a row of another batch or none."""
    for model in (Report, Clearance):
        of_batch: Any = aliased(model)
        for column in _naming(model):
            query = select(of_batch.id).join(column.table, column == of_batch.id)
            query = query.where(of_batch.batch_id == batch)
            if "batch_id" in column.table.columns:
                query = query.where(_is_not_of(column.table.c.batch_id, batch))
            yield query.limit(1)


def _naming(model: type[Report | Clearance | Incident]) -> list[Any]:
    """Columns of all tables that name rows of one."""
    named = next(iter(model.__table__.primary_key))
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column is named for key in column.foreign_keys)
    ]
