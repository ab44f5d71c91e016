from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Code, Instant, Key
from geodata.core.types import Document


class CommitteeDraft(Base):
    """A report to the committee while its words are written; its figures are not edited."""

    __tablename__ = "committee_draft"

    id: Mapped[Key]
    first_day: Mapped[date]
    """London's day with which its period begins."""
    last_day: Mapped[date]
    """The last of them, itself included."""
    audience: Mapped[Code]
    """``public`` or ``exempt``: which version it is."""
    known_by: Mapped[Instant]
    """When its figures were reckoned: what was told later is not in them."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Whose account made it; empty where the program did."""
    run_id: Mapped[int]
    """The detection run whose hotspots it shows."""
    code_version: Mapped[str] = mapped_column(String(40))
    """The program that reckoned it."""
    content: Mapped[dict[str, Any]] = mapped_column(Document)
    """The report as it was reckoned: headings, paragraphs, tables and pictures."""
    narrative: Mapped[dict[str, Any]] = mapped_column(Document)
    """What people wrote: summary, strengths and weaknesses, plan, recommendations."""


class CommitteeRelease(Base):
    """A report as it went to the committee. Never changed or deleted."""

    __tablename__ = "committee_release"

    id: Mapped[Key]
    first_day: Mapped[date]
    """London's day with which its period begins."""
    last_day: Mapped[date]
    """The last of them, itself included."""
    audience: Mapped[Code]
    """``public`` or ``exempt``: which version it is."""
    known_by: Mapped[Instant]
    """When its figures were reckoned: what was told later is not in them."""
    frozen_at: Mapped[Instant]
    """When it was published to the committee."""
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Whose account froze it; empty where the program did."""
    run_id: Mapped[int]
    """The detection run whose hotspots it shows."""
    code_version: Mapped[str] = mapped_column(String(40))
    """The program that reckoned it."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Of its content, in hexadecimal digits: it changes with any word or number."""
    content: Mapped[dict[str, Any]] = mapped_column(Document)
    """The report as it was reckoned: headings, paragraphs, tables and pictures."""
    narrative: Mapped[dict[str, Any]] = mapped_column(Document)
    """What people wrote, and what had become of the recommendations of the report before."""


class WordTemplate(Base):
    """A Word file of the council's own: reports take its styles and edges. The newest holds."""

    __tablename__ = "word_template"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200))
    """The file's name as it was sent."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """The file; empty: from then on the plain layout holds again."""
    taken_at: Mapped[Instant]
    """When it was taken in."""
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Whose account sent it."""


class WorkItem(Base):
    """What the committee asked for or has on its programme; its state is that of its last event."""

    __tablename__ = "work_item"

    id: Mapped[Key]
    kind: Mapped[Code]
    """``recommendation``: of a release. ``resolution``: of the committee. ``programme``: what a
    meeting is to hear. ``action``."""
    item: Mapped[str] = mapped_column(String(500))
    """What is to be heard or done."""
    owner: Mapped[str] = mapped_column(String(80))
    """A post, never a person's name."""
    meeting_on: Mapped[date | None]
    """The meeting that is to hear of it; empty where none is set."""
    due_on: Mapped[date | None]
    """By when it is to be done; empty where no day is set."""
    release_id: Mapped[int | None] = mapped_column(ForeignKey("committee_release.id"), index=True)
    """The release that recommended it; empty for other items."""
    created_at: Mapped[Instant]
    """When it was put on the programme."""


class WorkItemEvent(Base):
    """A step of a work item. Append-only."""

    __tablename__ = "work_item_event"

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"), index=True)
    """The work item that it is a step of."""
    at: Mapped[Instant]
    """When it was noted."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Whose account noted it; empty where the program did."""
    state: Mapped[Code]
    """How far the item is: ``open``, ``under_way``, ``done``, ``not_accepted``, ``dropped``."""
    note: Mapped[str] = mapped_column(String(500))
    """What is to be said of it; empty where nothing is."""
