"""``python -m geodata.migrations revision "Say what it adds"`` writes the next revision."""

import sys
import tempfile

from alembic import command
from sqlalchemy import create_engine

from geodata.core import geopackage
from geodata.core.types import SRID
from geodata.migrations import HERE, alembic_config, migrate


def write_revision(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/scratch.gpkg")
        with engine.begin() as connection:
            geopackage.register_functions(connection.connection.dbapi_connection)  # type: ignore[arg-type]
            geopackage.create_core_tables(connection, SRID)
            if any((HERE / "versions").glob("*.py")):
                migrate(connection)
            number = len(list((HERE / "versions").glob("[0-9]*.py"))) + 1
            command.revision(
                alembic_config(connection), message, autogenerate=True, rev_id=f"{number:04d}"
            )


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] != "revision":
        sys.exit('usage: python -m geodata.migrations revision "Say what it adds"')
    write_revision(sys.argv[2])
