"""A report before it is drawn: headings, paragraphs, lists, tables and figures, in order.

Four files draw the same document, so what one version leaves out is in none of its files.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

SHORT = 1_500
"""A table of no more letters is kept on one page."""


@dataclass(frozen=True)
class Heading:
    """``level`` is 1 for a section, 2 for a part of it."""

    text: str
    level: int = 1
    is_on_new_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    """``lead`` is set in bold before the text, as the question that it answers."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Note:
    """What must not be overlooked, such as what is withheld."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """Items of a list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows under a caption; the first cell of each heads it.

    Attributes
    ----------
    columns
        Their headings.
    rows
        As many cells each as there are columns.
    widths
        Shares of the page's width.
    numeric
        Places of columns of numbers, set to the right.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numeric: tuple[int, ...] = ()

    @property
    def is_short(self) -> bool:
        """Whether it is kept on one page."""
        return sum(len(cell) for row in self.rows for cell in row) <= SHORT


@dataclass(frozen=True)
class Figure:
    """A picture (PNG) with its caption, and with what those read who do not see it.

    ``name`` is what its address ends with; it is unlike those of the report's other figures.
    """

    caption: str
    alt: str
    png: bytes
    name: str

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return Image.open(BytesIO(self.png)).size


Block = Heading | Paragraph | Note | Bullets | Table | Figure


@dataclass(frozen=True)
class Document:
    """A whole report.

    Attributes
    ----------
    council
        Whose it is: the only author that a file names.
    marking
        At the head of every page; empty in the public's version.
    mark
        At the foot of every page, such as that the data are synthetic.
    map_a3
        The map on a sheet of its own, a PDF.
    """

    title: str
    subtitle: str
    council: str
    marking: str
    mark: str
    blocks: tuple[Block, ...]
    map_a3: bytes = b""


def fingerprint(blocks: Sequence[Block]) -> str:
    """Twelve hexadecimal digits that change with any word or number."""
    words = [
        repr((each.caption, each.alt)) if isinstance(each, Figure) else repr(each)
        for each in blocks
    ]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]
