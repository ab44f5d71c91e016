from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Code, Instant, Key, Line
from geodata.core.sealed_columns import SealedDocument
from geodata.core.types import Document, UTCDateTime


class ImportBatch(Base):
    """One file taken in; undone, it takes its rows out again."""

    __tablename__ = "import_batch"
    __table_args__ = (
        Index(
            "ix_import_batch_is_loading",
            "is_loading",
            sqlite_where=text("is_loading"),
            postgresql_where=text("is_loading"),
        ),
    )

    id: Mapped[Key]
    kind: Mapped[Code]
    file_name: Mapped[Line]
    sha256: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[Instant]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    read: Mapped[int]
    accepted: Mapped[int]
    rejected: Mapped[int]
    unchanged: Mapped[int]
    warnings: Mapped[list[Any]] = mapped_column(Document)
    feed: Mapped[str | None] = mapped_column(String(40))
    """Name of the feed whose file of one night it was; empty: of none."""
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_loading: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Its rows are written piece by piece, or taken out so: nobody sees any of them meanwhile."""


class MarkedText(Base):
    """A text of an imported row that may name somebody, kept apart until a person has looked."""

    __tablename__ = "marked_text"

    id: Mapped[Key]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)
    row_table: Mapped[Code]
    """Table of the row that it belongs to; meanwhile the row has it without what was found."""
    row_id: Mapped[int]
    row_column: Mapped[Code]
    words: Mapped[str] = mapped_column(Text)
    """As the file has it, but for mail addresses, telephone numbers and number plates."""
    marked_at: Mapped[Instant]


class FeedChange(Base):
    """A report as it stood before a night's file of a feed changed it or took it out."""

    __tablename__ = "feed_change"

    id: Mapped[Key]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)
    """The file's import: undone, it puts the report back."""
    report_id: Mapped[int] = mapped_column(index=True)
    """The report's key; the report itself may be gone."""
    before: Mapped[dict[str, Any]] = mapped_column(SealedDocument("feed_change.before"))
    """The columns that the file changed, or all of a report that it withdrew."""
    after: Mapped[dict[str, Any] | None] = mapped_column(SealedDocument("feed_change.after"))
    """The same columns as the file left them; empty: the report was withdrawn."""
    changed_at: Mapped[Instant] = mapped_column(index=True)
    """When the file was taken in; thirty days later the row goes."""
