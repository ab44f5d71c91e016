"""Opening one site of a house: its store as it is, never migrated on the way."""

from sqlalchemy import Connection, inspect

from geodata import migrations
from geodata.core.errors import StoreError
from geodata.store.engine import PAGE_CACHE_KB, Store, open_store
from web.house.house_file import Site

MOST_OPEN = 40
"""Applications held at a time: 6 MB each, besides what their stores keep in memory."""
LEAST_CACHE_KB = 4_000


class OtherVersionError(StoreError):
    """A store's tables are those of another version of this program."""


def open_site_store(site: Site, *, shared_by: int = 1) -> Store:
    """The store of a site. Nothing is migrated: a visitor's request is no time for it.

    Parameters
    ----------
    shared_by
        Among how many open stores the memory for pages of files is shared.

    Raises
    ------
    OtherVersionError
        Its tables are of another version.
    StoreError
        It cannot be opened.
    """
    store = open_store(
        site.config.database_url,
        site_key=site.config.secret_key,
        migrates=False,
        page_cache_kb=max(PAGE_CACHE_KB // shared_by, LEAST_CACHE_KB),
    )
    try:
        # No session yet: that reads a table, and there may be none.
        with store.engine.connect() as connection:
            _refuse_other_schema(site, connection)
            if not migrations.is_newest(connection):
                raise OtherVersionError(
                    f"the store of {site.name} ({site.code}) is of another version: run  "
                    f"hotspots house upgrade {site.code}"
                )
    except BaseException:
        store.close()
        raise
    return store


def migrated_site_store(site: Site, *, create: bool = False) -> Store:
    """The store of a site, brought to this version, or made.

    Raises
    ------
    StoreError
        It cannot be opened, or its schema is not there.
    """
    if site.schema:
        look = open_store(site.config.database_url, migrates=False)
        try:
            with look.engine.connect() as connection:
                _refuse_other_schema(site, connection)
        finally:
            look.close()
    return open_store(site.config.database_url, site_key=site.config.secret_key, create=create)


def _refuse_other_schema(site: Site, connection: Connection) -> None:
    """Where the schema is missing, or closed to the role, PostgreSQL would go on to `public`."""
    if not site.schema:
        return
    schema = connection.exec_driver_sql("SELECT current_schema()").scalar()
    if schema != site.schema:
        raise StoreError(
            f"the schema {site.schema} of {site.name} ({site.code}) is not there for its account: "
            "let the database's administrator run what  hotspots house sql  prints"
        )
    tables = inspect(connection).get_table_names(schema="public")
    if others := len([name for name in tables if name != "spatial_ref_sys"]):
        raise StoreError(
            f"{site.code} shares a database whose schema public holds {others} tables of a store: "
            "give that store a schema of its own (ALTER TABLE … SET SCHEMA), or another database"
        )
