"""The tables' history. ``migrate`` brings a store up to date; nothing else changes its shape.

A new revision: change the models, then
``python -m geodata.migrations revision "Say what it adds"``.
"""

from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from geodata.core import geopackage
from geodata.core.errors import NewerStoreError
from geodata.core.types import SRID, Document, Geometry, UTCDateTime
from geodata.models import Base

HERE = Path(__file__).parent


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config


def migrate(connection: Connection) -> None:
    """Bring the store to the newest revision, inside the caller's transaction.

    Raises
    ------
    NewerStoreError
        The store's revision is unknown here: a newer program wrote it.
    """
    current = revision(connection)
    if current is not None and current not in _known():
        raise NewerStoreError(
            f"a newer version of this program wrote this store (revision {current}): upgrade it"
        )
    if current != head():
        if connection.dialect.name == "sqlite":
            geopackage.create_core_tables(connection, SRID)
        else:
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")
        command.upgrade(alembic_config(connection), "head")


def head() -> str | None:
    """The newest revision that this program knows."""
    return next(iter(_known()), None)


@cache
def _known() -> tuple[str, ...]:
    """The revisions that this program knows, the newest first; to read them runs each script."""
    scripts = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    return tuple(script.revision for script in scripts)


def revision(connection: Connection) -> str | None:
    """The revision that a store is at; None where it has no tables of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def is_newest(connection: Connection) -> bool:
    """Whether a store's tables are those of this program."""
    return revision(connection) == head()


def _is_ours(_: object, name: str | None, type_: str, reflected: bool, __: object) -> bool:
    """What the drift check compares: not what GeoPackage, PostGIS or a full-text index add."""
    added = ("gpkg_", "rtree_", "spatial_ref_sys", "sqlite_", "alembic_version")
    if type_ == "index" and reflected and name and name.endswith("_geometry"):
        return False
    return not (type_ == "table" and name and name.startswith(added))


def drift(connection: Connection) -> list[Any]:
    """Differences between the models and a migrated store; an empty list when there is none."""
    context = MigrationContext.configure(connection, opts=COMPARED)
    return list(compare_metadata(context, Base.metadata))


def _is_other_type(_: object, __: object, ___: object, ____: object, mapped: object) -> bool | None:
    """Geometry reads back without its kind; leave other types to Alembic."""
    return False if isinstance(mapped, Geometry | Document | UTCDateTime) else None


COMPARED: dict[str, Any] = {"include_object": _is_ours, "compare_type": _is_other_type}
"""How models and a store are compared, by the drift check and for a new revision alike."""
