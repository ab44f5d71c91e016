"""The gallery: each script of ``docs/gallery`` is run; figure and source become a section."""

import ast
import io
import runpy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import matplotlib as mpl
import matplotlib.pyplot as plt

GALLERY = Path(__file__).parents[1] / "gallery"


def examples() -> list[Path]:
    """The scripts, by name."""
    return sorted(GALLERY.glob("*.py"))


def figure_of(script: Path) -> str:
    """Run a script as a reader would, and take what it shows as SVG."""
    # A fixed salt and no date: the same figure is the same file.
    with mpl.rc_context({"svg.hashsalt": script.stem}), _shown_nowhere():
        runpy.run_path(str(script), run_name="__main__")
        if len(plt.get_fignums()) != 1:
            raise RuntimeError(f"{script.name} drew {len(plt.get_fignums())} figures: draw one")
        drawing = io.StringIO()
        plt.gcf().savefig(drawing, format="svg", metadata={"Date": None})
    return drawing.getvalue()


@contextmanager
def _shown_nowhere() -> Iterator[None]:
    backend = mpl.get_backend()
    plt.switch_backend("Agg")
    try:
        with patch.object(plt, "show"):
            yield
    finally:
        plt.close("all")
        plt.switch_backend(backend)


def section(script: Path) -> str:
    """Title, figure, explanation and source of one example, as Markdown."""
    source = script.read_text(encoding="utf-8")
    title, text = parted(source)
    code = source.split('"""', 2)[2].strip()
    return (
        f"## {title}\n\n{text}\n\n![{title}]({script.stem}.svg)\n\n"
        f"`docs/gallery/{script.name}`\n\n```python\n{code}\n```\n"
    )


def parted(source: str) -> tuple[str, str]:
    """The first line of a script's docstring without its full stop, and the paragraphs after."""
    title, _, text = (ast.get_docstring(ast.parse(source)) or "").partition("\n\n")
    return title.rstrip("."), text
