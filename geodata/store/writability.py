"""Whether a store takes writes just now, asked without writing and without waiting for a writer."""

import sqlite3
from contextlib import closing

from geodata.store.engine import Store

WAIT_S = 0.2


def takes_writes(store: Store) -> bool:
    """False where the file, its folder or its disk is read-only, or the server is a standby.

    A store that somebody else is writing to takes writes: this does not wait for its turn.
    """
    if store.path is None:
        with store.engine.connect() as connection:
            return bool(connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "off")
    address = f"{store.path.resolve().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=WAIT_S)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    return True
