"""MkDocs hooks: fill the marks ``<!-- generated: NAME -->`` of the pages from the code.

Nothing that is made here is committed, so that none of it can be out of date.
"""

import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from docs.generators import gallery, library_rooms, rooms_picture  # noqa: E402
from docs.generators.data_dictionary import data_dictionary  # noqa: E402
from docs.generators.keeper_picture import keeper_steps  # noqa: E402
from docs.generators.settings_table import settings_table  # noqa: E402

MARK = re.compile(r"<!-- generated: (\w+)(?: (\w+))? -->")
TEXTS = {
    "data_dictionary": data_dictionary,
    "settings_table": settings_table,
    "keeper_steps": keeper_steps,
    "gallery": lambda: "\n".join(gallery.section(script) for script in gallery.examples()),
    "door_of": library_rooms.door_of,
    "modules_of": library_rooms.modules_of,
}
ROOT_PAGES = {
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "reporting-a-weakness.md",
}
"""Pages that hosts of code look for in the root; the site shows them too."""


def on_files(files: Files, config: Any) -> Files:
    """Add the pages of the root, the figures and the picture."""
    for name, page in ROOT_PAGES.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=as_seen_from_docs(text)))
    for script in gallery.examples():
        figure = gallery.figure_of(script)
        files.append(File.generated(config, f"gallery/{script.stem}.svg", content=figure))
    picture = rooms_picture.rooms_picture(ROOT)
    files.append(File.generated(config, "rooms.svg", content=picture))
    return files


def as_seen_from_docs(text: str) -> str:
    """The links of a page in the root, as a page in ``docs/`` writes them."""
    for name, page in ROOT_PAGES.items():
        text = text.replace(f"]({name}", f"]({page}")
    return text.replace("](docs/", "](").replace("](README.md)", "](index.md)")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put in what the code says."""
    return MARK.sub(lambda mark: TEXTS[mark[1]](*filter(None, [mark[2]])), markdown)
