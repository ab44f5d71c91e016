"""The committee's papers as pictures, page by page, to be looked at: two minutes, by hand.

A demo is made, its report written in both versions and all formats, and each Word, OpenDocument and
PDF file drawn as others will see it: by LibreOffice and Poppler (``soffice`` and ``pdftoppm``;
Debian's libreoffice-writer-nogui and poppler-utils).

    python -m tests.benchmarks.rendered_papers FOLDER
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

DOTS_PER_INCH = 60
WRITER = (".docx", ".odt")


def half_year(today: date) -> tuple[date, date]:
    """The last six whole months.

    >>> half_year(date(2026, 11, 29))
    (datetime.date(2026, 5, 1), datetime.date(2026, 10, 31))
    """
    last = today.replace(day=1) - timedelta(days=1)
    months = last.year * 12 + last.month - 6
    return date(months // 12, months % 12 + 1, 1), last


def write_papers(folder: Path, store: Path) -> None:
    """Both versions of the report, each in a folder of its own."""
    settings = os.environ | {"HOTSPOTS_DATABASE_URL": f"sqlite:///{store}"}
    hotspots = [sys.executable, "-c", "from web.cli import main; main()"]
    subprocess.run([*hotspots, "demo", "--no-serve"], env=settings, check=True)
    first, last = half_year(date.today())  # noqa: DTZ011 - of whoever runs it
    days = ["--from", first.isoformat(), "--to", last.isoformat()]
    for audience in ("public", "exempt"):
        command = ["report", "committee", *days, "--audience", audience]
        subprocess.run(
            [*hotspots, *command, "-o", str(folder / audience)], env=settings, check=True
        )


def draw(paper: Path, dots_per_inch: int) -> int:
    """A picture a page, beside the paper; how many."""
    pdf = paper
    if paper.suffix in WRITER:
        folder = paper.parent / f"{paper.suffix[1:]}-as-pdf"
        command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
        subprocess.run([*command, str(paper)], check=True, stdout=subprocess.DEVNULL)
        pdf = folder / paper.with_suffix(".pdf").name
    start = paper.parent / f"{paper.stem}-{paper.suffix[1:]}"
    subprocess.run(["pdftoppm", "-r", str(dots_per_inch), "-png", str(pdf), str(start)], check=True)
    return len(list(paper.parent.glob(f"{start.name}-*.png")))


def main() -> None:
    """Write and draw them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dpi", type=int, default=DOTS_PER_INCH)
    options = parser.parse_args()
    if missing := [name for name in ("soffice", "pdftoppm") if shutil.which(name) is None]:
        parser.error(f"{' and '.join(missing)} not installed")
    with tempfile.TemporaryDirectory() as folder:
        write_papers(options.folder, Path(folder) / "demo.gpkg")
    for paper in sorted(options.folder.glob("*/*")):
        if paper.suffix in (*WRITER, ".pdf"):
            print(f"{draw(paper, options.dpi):3} pages of {paper}")


if __name__ == "__main__":
    main()
