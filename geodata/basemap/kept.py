"""Where the ground lies, and what it says of itself."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geodata.basemap import archive

LAYER = "ground"
"""The one layer of our files; each feature has ``theme``, ``kind`` and ``name``."""
ENDING = ".basemap.pmtiles"


@dataclass(frozen=True)
class Basemap:
    """A ground that can be drawn.

    Attributes
    ----------
    attribution
        Whose map data it is: printed and shown wherever it is drawn.
    version
        Changes with the file.
    last_zoom
        Of its tiles; the browser enlarges them beyond it.
    """

    path: Path
    attribution: str
    version: str
    last_zoom: int


def path_beside(store: Path | None) -> Path:
    """Where the ground of a store lies; of a store on a server, in the working folder."""
    store = store or Path("hotspots")
    return store.with_name(f"{store.stem}{ENDING}")


def find(path: Path) -> Basemap | None:
    """The ground at a path; None where there is none that can be read."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return _read(path, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=8)
def _read(path: Path, changed_ns: int, size: int) -> Basemap | None:
    try:
        with path.open("rb") as file:
            header = archive.read_header(file)
            attribution = str(archive.read_metadata(file).get("attribution") or "")
    except (OSError, archive.ArchiveError):
        return None
    return Basemap(path, attribution, f"{changed_ns:x}-{size:x}", header.zooms[1])
