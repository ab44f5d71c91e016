"""Names of files as whoever sends them calls them."""

from werkzeug.utils import secure_filename

LONGEST = 100
"""A disk keeps 255 letters, of which a tool that works on the file may need some."""


def kept_name(sent: str | None) -> str:
    """A name as a disk keeps it, with its ending; empty where nothing of it can be kept.

    >>> kept_name("../my map.geojson"), len(kept_name("x" * 300 + ".csv"))
    ('my_map.geojson', 100)
    """
    return secure_filename(sent or "")[-LONGEST:].lstrip("._")
