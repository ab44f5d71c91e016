"""The English texts as they stand in templates, modules and scripts; and the files after them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
WEB = HERE.parent
TEMPLATE = HERE / "messages.pot"
PYTHON_KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
SCRIPT_KEYWORDS: dict[str, Any] = {"say": None, "self.say": None}
JINJA = {"trimmed": "true", "silent": "false", "extensions": "jinja2.ext.do"}
PATTERNS: tuple[tuple[str, str, dict[str, Any], dict[str, str]], ...] = (
    ("templates/**/*.html", "jinja2", PYTHON_KEYWORDS, JINJA),
    ("**/*.py", "python", PYTHON_KEYWORDS, {}),
    ("static/*.js", "javascript", SCRIPT_KEYWORDS, {}),
)
MARKS = re.compile(r"\b(_|N_|n?gettext|say)\(|{%-? trans")
"""To look for them costs a hundredth of reading a file as code."""
NO_TEXTS = {"speaking.py"}
"""Its examples are no texts of pages."""
MADE = datetime(2026, 11, 30, tzinfo=UTC)
"""One date for all: the hour of each run would be a conflict of every merge."""


def extracted() -> Catalog:
    """The texts as they stand in the source, each with the files that show it."""
    catalogue = Catalog(project="canister-hotspots", charset="utf-8", creation_date=MADE)
    for path, message in sorted(_marked(), key=lambda text: text[0]):
        catalogue.add(message, locations=[(path, 1)])
    return catalogue


def _marked() -> Iterator[tuple[str, Any]]:
    for pattern, method, keywords, options in PATTERNS:
        for path in sorted(WEB.glob(pattern)):
            is_marked = MARKS.search(path.read_text(encoding="utf-8"))
            if not is_marked or path.name in NO_TEXTS or HERE in path.parents:
                continue
            for _, message, _, _ in extract_from_file(
                method, path, keywords=keywords, options=options
            ):
                yield path.relative_to(WEB).as_posix(), message


def update() -> None:
    """Write the template and bring each language's file forward; no text is guessed."""
    template = extracted()
    _write(template, TEMPLATE)
    for path in sorted(HERE.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.stem)
        catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
        catalogue.obsolete.clear()
        _write(catalogue, path)


def _write(catalogue: Catalog, path: Path) -> None:
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, omit_header=False, include_lineno=False)
