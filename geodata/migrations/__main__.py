"""Write the next revision, and check that the revisions build what the models say.

python -m geodata.migrations revision "Say what it adds"
python -m geodata.migrations check [EMPTY_DATABASE_URL]
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from sqlalchemy import Connection, create_engine, inspect, make_url

from geodata.core import geopackage
from geodata.core.types import SRID
from geodata.migrations import HERE, alembic_config, drift, migrate


def write_revision(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder, _new_file(folder) as connection:
        geopackage.create_core_tables(connection, SRID)
        if any((HERE / "versions").glob("*.py")):
            migrate(connection)
        newest = max((path.name[:4] for path in (HERE / "versions").glob("[0-9]*.py")), default="0")
        command.revision(
            alembic_config(connection), message, autogenerate=True, rev_id=f"{int(newest) + 1:04d}"
        )


def check(url: str | None = None) -> list[Any]:
    """Differences between the models and a store that only the migrations have built.

    Parameters
    ----------
    url
        An empty database, which is migrated; None: a new GeoPackage, which is thrown away.

    Raises
    ------
    ValueError
        The database is not empty.
    """
    with tempfile.TemporaryDirectory() as folder, _new_file(folder, url) as connection:
        tables = set(inspect(connection).get_table_names()) - {"spatial_ref_sys"}
        if tables:
            raise ValueError(f"{url} holds tables ({min(tables)}): name an empty database")
        migrate(connection)
        return drift(connection)


@contextmanager
def _new_file(folder: str, url: str | None = None) -> Iterator[Connection]:
    """A connection to a new GeoPackage in the folder, or to the database that is named."""
    engine = create_engine(make_url(url or f"sqlite:///{folder}/scratch.gpkg"))
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                geopackage.register_functions(connection.connection.dbapi_connection)  # type: ignore[arg-type]
            yield connection
    finally:
        engine.dispose()


def main(arguments: list[str]) -> int:
    """The exit status: 1 where tables and models differ, 2 where the command is not understood."""
    match arguments:
        case ["revision", message]:
            write_revision(message)
            return 0
        case ["check", *urls] if len(urls) < 2:
            differences = check(*urls)
            for difference in differences:
                sys.stdout.write(f"{difference}\n")
            return 1 if differences else 0
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
