"""The declarative base: names of constraints, and what every row carries."""

from datetime import datetime
from typing import Annotated

from sqlalchemy import ForeignKey, Identity, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from geodata.core.types import UTCDateTime

Key = Annotated[int, mapped_column(Integer, Identity(), primary_key=True)]
Code = Annotated[str, mapped_column(String(40))]
Line = Annotated[str, mapped_column(String(200))]
Instant = Annotated[datetime, mapped_column(UTCDateTime)]


class Base(DeclarativeBase):
    """All tables. Each has one integer key, as a GeoPackage layer must."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Imported:
    """A row that may have come from a file.

    ``external_ref`` is the file's own reference, and ``fingerprint`` the hash of what the row says:
    the same row imported twice is recognised by it. ``batch_id`` takes a whole import out again.
    """

    external_ref: Mapped[str | None] = mapped_column(String(100), index=True)
    fingerprint: Mapped[str | None] = mapped_column(String(64), index=True)
    batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_batch.id", ondelete="RESTRICT"), index=True
    )
