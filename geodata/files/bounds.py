"""How much a file may hold: what is larger is refused before, or while, it is read.

A few kilobytes can stand for a hundred gigabytes, packed or repeated. These numbers are far above
what a council's own files hold, and far below what a server has.
"""

from geodata.files.problems import TooMuchError

MOST_BYTES = 500_000_000
"""Of a file that is read whole, and of all parts of a zip when unpacked."""
MOST_CELLS = 20_000_000
"""A million rows of twenty columns: 2 GB of memory."""
MOST_COLUMNS = 1_000
MOST_ROWS = 2_000_000
LONGEST_CELL = 1_000_000
"""Letters: the outline of a ward as text has some hundred thousand."""


def refuse_big(name: str, n_bytes: int, most_bytes: int | None = None) -> None:
    """Refuse what would not fit into memory.

    Raises
    ------
    TooMuchError
        It is bigger than ``most_bytes``, or ``MOST_BYTES`` where None.
    """
    most = MOST_BYTES if most_bytes is None else most_bytes
    if n_bytes > most:
        raise TooMuchError(f"{name} is bigger than {most / 1e6:,.0f} MB when unpacked: split it")


def refuse_many(name: str, number: int, most: int, things: str) -> None:
    """Refuse more things of a kind than there may be.

    Raises
    ------
    TooMuchError
        There are more than ``most``.
    """
    if number > most:
        raise TooMuchError(f"{name} has more than {most:,} {things}: split it")
