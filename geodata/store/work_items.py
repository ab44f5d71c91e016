"""The committee's work: what it recommended, what a meeting is to hear, and who does what."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError
from geodata.core.vocabulary import WorkState
from geodata.models import CommitteeRelease, WorkItem, WorkItemEvent

RECOMMENDATION = "recommendation"


@dataclass(frozen=True)
class WorkDraft:
    """An item that is to be added; ``meeting_on`` and ``due_on`` are None where none is set."""

    kind: str
    item: str
    owner: str
    meeting_on: date | None = None
    due_on: date | None = None
    release_id: int | None = None


@dataclass(frozen=True)
class WorkStep:
    """How far an item is, and what is to be said of it."""

    state: WorkState
    note: str = ""


def add(session: Session, draft: WorkDraft, *, user_id: int | None, now: datetime) -> WorkItem:
    """An item, open from now on."""
    item = WorkItem(**vars(draft), created_at=now)
    session.add(item)
    session.flush()
    add_step(session, item.id, WorkStep(WorkState.OPEN), user_id=user_id, now=now)
    return item


def add_step(
    session: Session, key: int, step: WorkStep, *, user_id: int | None, now: datetime
) -> None:
    """A step of an item that is there."""
    event = WorkItemEvent(
        item_id=key, at=now, by_id=user_id, state=step.state.value, note=step.note
    )
    session.add(event)
    session.flush()


def find(session: Session, key: int, audiences: frozenset[str]) -> WorkItem:
    """An item by its key.

    Raises
    ------
    NotFoundError
        There is no such item, or a version recommended it that is not among ``audiences``.
    """
    item = session.scalars(_seen_by(audiences).where(WorkItem.id == key)).one_or_none()
    if item is None:
        raise NotFoundError(f"there is no item {key} on the work programme")
    return item


def items(session: Session, audiences: frozenset[str]) -> list[tuple[WorkItem, WorkItemEvent]]:
    """Items with their last step: those of the next meeting first, those of none last.

    What only an exempt version recommends is exempt itself: it is left out of other ``audiences``.
    """
    last = select(WorkItemEvent).order_by(WorkItemEvent.id)
    latest = {event.item_id: event for event in session.scalars(last)}
    rows = session.scalars(_seen_by(audiences).order_by(WorkItem.id)).all()
    ordered = sorted(rows, key=lambda row: (row.meeting_on or date.max, row.id))
    return [(row, latest[row.id]) for row in ordered]


def steps(
    session: Session, audiences: frozenset[str], *, most: int
) -> list[tuple[WorkItem, WorkItemEvent]]:
    """The newest steps of items that these versions may know, the newest first."""
    seen = _seen_by(audiences).with_only_columns(WorkItem.id)
    query = (
        select(WorkItem, WorkItemEvent)
        .join(WorkItemEvent, WorkItemEvent.item_id == WorkItem.id)
        .where(WorkItem.id.in_(seen))
        .order_by(WorkItemEvent.id.desc())
        .limit(most)
    )
    return [(item, event) for item, event in session.execute(query)]


def of_period(
    session: Session, first: date, last: date, audiences: frozenset[str]
) -> list[tuple[WorkItem, WorkItemEvent]]:
    """Recommendations of the releases of a period, in these versions."""
    query = select(CommitteeRelease.id).where(
        CommitteeRelease.first_day == first, CommitteeRelease.last_day == last
    )
    keys = set(session.scalars(query))
    return [
        each
        for each in items(session, audiences)
        if each[0].kind == RECOMMENDATION and each[0].release_id in keys
    ]


def _seen_by(audiences: frozenset[str]) -> Select[WorkItem]:
    releases = select(CommitteeRelease.id).where(CommitteeRelease.audience.in_(audiences))
    return select(WorkItem).where(
        or_(WorkItem.release_id.is_(None), WorkItem.release_id.in_(releases))
    )
