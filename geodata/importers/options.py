"""How a file is to be understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from geodata.files.bounds import MOST_CELLS
from geodata.importers.when.times import Order


@dataclass(frozen=True)
class ImportOptions:
    """How a file is to be understood where it does not say so itself.

    Attributes
    ----------
    mapping
        The file's header to our field.
    crs
        Coordinate system, where the file names none.
    dates
        Order of day and month.
    layer
        Of a GeoPackage with several.
    ignore
        The file's headers that are to mean nothing.
    where
        Conditions that a row must fulfil, as ``geodata.importers.conditions`` reads them.
    profile
        Name of what is known of such files; what is said beside it wins.
    most_cells
        A file with more is refused: less from a page than from a command.
    utc
        The file's headers whose times without a zone are by UTC, and not by London's clock.
    constants
        Of our fields that the file does not say, what holds of all its rows.
    feed
        Name of the feed whose file of this night it is; empty: of none.
    withdraws_gone
        Whether what earlier files of the feed had and this one has not is to go from here too.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    crs: str | None = None
    dates: Order | None = None
    layer: str | None = None
    ignore: Sequence[str] = ()
    where: Sequence[str] = ()
    profile: str | None = None
    most_cells: int = MOST_CELLS
    utc: Sequence[str] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    feed: str = ""
    withdraws_gone: bool = False
