"""Opening one site of a house: its store as it is, never migrated on the way."""

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
        with store.reading() as session:
            if not migrations.is_newest(session.connection()):
                raise OtherVersionError(
                    f"the store of {site.name} ({site.code}) is of another version: run  "
                    f"hotspots house upgrade {site.code}"
                )
    except BaseException:
        store.close()
        raise
    return store
