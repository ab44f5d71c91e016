from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Code, Instant, Key
from geodata.core.types import Document


class CommitteeDraft(Base):
    """A report to the committee while its words are written; its figures are not edited."""

    __tablename__ = "committee_draft"

    id: Mapped[Key]
    first_day: Mapped[date]
    last_day: Mapped[date]
    audience: Mapped[Code]
    known_by: Mapped[Instant]
    """When its figures were reckoned: what was told later is not in them."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    run_id: Mapped[int]
    code_version: Mapped[str] = mapped_column(String(40))
    content: Mapped[dict[str, Any]] = mapped_column(Document)
    narrative: Mapped[dict[str, Any]] = mapped_column(Document)


class CommitteeRelease(Base):
    """A report as it went to the committee. Never changed or deleted."""

    __tablename__ = "committee_release"

    id: Mapped[Key]
    first_day: Mapped[date]
    last_day: Mapped[date]
    audience: Mapped[Code]
    known_by: Mapped[Instant]
    frozen_at: Mapped[Instant]
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    run_id: Mapped[int]
    code_version: Mapped[str] = mapped_column(String(40))
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Of its content, in hexadecimal digits: it changes with any word or number."""
    content: Mapped[dict[str, Any]] = mapped_column(Document)
    narrative: Mapped[dict[str, Any]] = mapped_column(Document)


class WorkItem(Base):
    """What the committee asked for or has on its programme; its state is that of its last event."""

    __tablename__ = "work_item"

    id: Mapped[Key]
    kind: Mapped[Code]
    """``recommendation``: of a release. ``programme``: what a meeting is to hear. ``action``."""
    item: Mapped[str] = mapped_column(String(500))
    owner: Mapped[str] = mapped_column(String(80))
    meeting_on: Mapped[date | None]
    due_on: Mapped[date | None]
    release_id: Mapped[int | None] = mapped_column(ForeignKey("committee_release.id"), index=True)
    created_at: Mapped[Instant]


class WorkItemEvent(Base):
    """A step of a work item. Append-only."""

    __tablename__ = "work_item_event"

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"), index=True)
    at: Mapped[Instant]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    state: Mapped[Code]
    note: Mapped[str] = mapped_column(String(500))
