"""Each month's jobs are kept for the pages of clearance, and made anew after a change."""

from geodata.incidents import job_months
from geodata.store.engine import Store
from geodata.store.job_months import stale


def keep_changed(store: Store) -> int:
    """Make anew what is kept of the months that changed; how many.

    Each is read and packed while others write, and written for itself.
    """
    with store.reading() as session:
        months = stale(session.connection())
    for month in months:
        with store.reading() as session:
            row = job_months.keep(session, month)
        with store.writing() as session:
            job_months.put(session, row)
    return len(months)
