"""What a KML says of its places besides their names: data without a schema, tables in HTML."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser

import pandas as pd

OWN_COLUMNS = frozenset(
    {
        *("id", "Name", "name", "description", "timestamp", "begin", "end", "altitudeMode"),
        *("tessellate", "extrude", "visibility", "drawOrder", "icon", "snippet"),
    }
)
"""What each placemark has for its drawing; a column of its data says the same thing better."""
LONGEST_TABLE = 20_000
_MOSTLY = 0.9
_SCHEMA = re.compile(rb"<(?:\w+:)?Schema\b")
_DATUM = re.compile(
    rb"<(?P<p>\w+:)?SimpleData\s+name=(?P<name>\"[^\"<]*\"|'[^'<]*')\s*>(?P<value>[^<]*)"
    rb"</(?P=p)?SimpleData\s*>"
)
_PLAIN = rb"<\g<p>Data name=\g<name>><\g<p>value>\g<value></\g<p>value></\g<p>Data>"
_AROUND = re.compile(rb"</?(?:\w+:)?SchemaData\b[^<>]*>")


def with_plain_data(content: bytes) -> bytes:
    """A KML whose data names no schema, with its data as the reader takes it from any.

    >>> with_plain_data(b'<SchemaData><SimpleData name="a">1</SimpleData></SchemaData>')
    b'<Data name="a"><value>1</value></Data>'
    """
    if _SCHEMA.search(content):
        return content
    return _AROUND.sub(b"", _DATUM.sub(_PLAIN, content))


def with_described(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame with a column for each row of the tables in its descriptions, as ArcGIS writes them.

    Columns that are there already stay; nothing is added where one description in ten has none.
    """
    if "description" not in frame:
        return frame
    texts = [text if isinstance(text, str) else "" for text in frame["description"]]
    tables = [described(text) for text in texts]
    n_texts, n_tables = sum(map(bool, texts)), sum(map(bool, tables))
    if not n_tables or n_tables < _MOSTLY * n_texts:
        return frame
    names = dict.fromkeys(name for table in tables for name in table if name not in frame)
    return frame.assign(**{name: [table.get(name, "") for table in tables] for name in names})


def described(text: str) -> Mapping[str, str]:
    """The pairs of a description's table of two columns; empty where it has none.

    >>> described("<table><tr><td colspan=2>Heap</td></tr><tr><td>Ref</td><td>A1</td></tr></table>")
    {'Ref': 'A1'}
    """
    if "<table" not in text[:LONGEST_TABLE].lower() or len(text) > LONGEST_TABLE:
        return {}
    reader = _Pairs()
    reader.feed(text)
    return reader.pairs


class _Pairs(HTMLParser):
    """Rows of two cells; null as ArcGIS writes it is empty."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: dict[str, str] = {}
        self._cells: list[str] = []
        self._is_in_cell = False

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._cells = []
        elif tag in {"td", "th"}:
            self._cells.append("")
            self._is_in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._is_in_cell = False
        elif tag == "tr" and len(self._cells) == 2:
            name, value = (" ".join(cell.split()) for cell in self._cells)
            if name:
                self.pairs.setdefault(name, "" if value == "<Null>" else value)

    def handle_data(self, data: str) -> None:
        if self._is_in_cell and self._cells:
            self._cells[-1] += data
