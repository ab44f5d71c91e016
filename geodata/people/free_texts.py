"""Every column in which somebody may have written who a person is."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from geodata.core.sealed_columns import SealedDocument
from geodata.core.types import Document
from geodata.models import (
    ActionEvent,
    ActionEvidence,
    AuditEntry,
    Base,
    Campaign,
    CctvRequest,
    Clearance,
    CommitteeDraft,
    CommitteeRelease,
    EnforcementAction,
    FeedChange,
    GoodNewsEvent,
    Hotspot,
    HotspotIdentity,
    HotspotNote,
    ImportBatch,
    Incident,
    IncidentEvent,
    Indicator,
    Intervention,
    LegalHold,
    MarkedText,
    Observation,
    Order,
    OrderTask,
    PatrolPlan,
    PatrolStop,
    PatrolVisit,
    Place,
    Population,
    PosterEvent,
    PosterSite,
    Report,
    WorkItem,
    WorkItemEvent,
)
from geodata.people.identifiers import Identifier
from geodata.store.redaction import changes_allowed

ENFORCEMENT = (EnforcementAction, ActionEvent, ActionEvidence)
"""Kept as they are: evidence, under rules of their own."""
APPEND_ONLY = (AuditEntry, IncidentEvent, CommitteeRelease, WorkItemEvent, GoodNewsEvent)
COLUMNS: dict[type[Base], tuple[str, ...]] = {
    Report: ("description", "landmark"),
    Incident: ("landmark",),
    Clearance: ("note", "land_owner", "no_photo_reason", "time_reason"),
    PatrolPlan: ("params",),
    PatrolStop: ("name", "reason", "tasks"),
    PatrolVisit: ("note",),
    HotspotIdentity: ("name", "sara", "dismissed_reason"),
    HotspotNote: ("text",),
    Hotspot: ("reason", "suspicion"),
    Intervention: ("name", "purpose", "note"),
    Campaign: ("name", "note"),
    PosterSite: ("name",),
    PosterEvent: ("note",),
    Place: ("name", "owner", "landmark", "access", "note"),
    Order: ("note",),
    OrderTask: ("details",),
    Indicator: ("name", "source", "definition"),
    Observation: ("break_reason",),
    Population: ("source",),
    ImportBatch: ("file_name", "warnings"),
    MarkedText: ("words",),
    FeedChange: ("before", "after"),
    LegalHold: ("reason", "release_reason"),
    IncidentEvent: ("reason", "details"),
    AuditEntry: ("reason", "before", "after"),
    EnforcementAction: ("note", "landmark"),
    ActionEvent: ("reason", "details"),
    ActionEvidence: ("grounds", "pick_up_reason", "reason"),
    CctvRequest: ("purpose",),
    CommitteeDraft: ("narrative",),
    CommitteeRelease: ("narrative",),
    WorkItem: ("item", "owner"),
    WorkItemEvent: ("note",),
    GoodNewsEvent: ("title", "text", "alt"),
}


@dataclass(frozen=True)
class FoundText:
    """A text in which a person stands: table, the row's key, column, and the words.

    ``report_id`` and ``incident_id`` are what it speaks of, None where it is neither.
    """

    table: str
    row_id: int
    column: str
    words: str
    is_enforcement: bool
    report_id: int | None = None
    incident_id: int | None = None


def find(session: Session, identifier: Identifier) -> list[FoundText]:
    """Every free text in which a mail address or telephone number stands, by table and key."""
    return [
        _found_text(session, model, row_id, column, words)
        for model in COLUMNS
        for row_id, column, words in _texts(session, model)
        if identifier.is_in(words)
    ]


def _found_text(
    session: Session, model: type[Base], row_id: int, column: str, words: str
) -> FoundText:
    row: Any = session.get_one(model, row_id)
    incident_id = row.id if model is Incident else getattr(row, "incident_id", None)
    report_id = row.id if model is Report else getattr(row, "report_id", None)
    if isinstance(row, AuditEntry) and row.entity == Report.__tablename__:
        report_id = row.entity_id
    return FoundText(
        model.__tablename__,
        row_id,
        column,
        words,
        is_enforcement=model in ENFORCEMENT,
        report_id=report_id,
        incident_id=incident_id,
    )


def _texts(session: Session, model: type[Base]) -> Iterator[tuple[int, str, str]]:
    table: Any = model
    for column in COLUMNS[model]:
        attribute = getattr(table, column)
        query = select(table.id, attribute).where(attribute.is_not(None)).order_by(table.id)
        for row_id, value in session.execute(query):
            words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield row_id, column, words


def take_out(session: Session, identifier: Identifier, texts: list[FoundText]) -> int:
    """Put "[removed]" where a person stands in texts, enforcement's apart; how many texts."""
    taken = 0
    for model in COLUMNS:
        mine = [f for f in texts if f.table == model.__tablename__ and not f.is_enforcement]
        if not mine:
            continue
        if model in APPEND_ONLY:
            with changes_allowed(session, model.__tablename__):
                _rewrite(session, model, identifier, mine)
        else:
            _rewrite(session, model, identifier, mine)
        taken += len(mine)
    session.flush()
    return taken


def _rewrite(
    session: Session, model: type[Base], identifier: Identifier, texts: list[FoundText]
) -> None:
    documents = {
        c.key for c in inspect(model).columns if isinstance(c.type, Document | SealedDocument)
    }
    for text in texts:
        row = session.get_one(model, text.row_id)
        words = identifier.taken_out_of(text.words)
        setattr(row, text.column, json.loads(words) if text.column in documents else words)
    session.flush()
