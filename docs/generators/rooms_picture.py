"""The picture of the house: rooms in the rows of the import contracts, arrows from the imports.

An arrow means "imports". Arrows that follow from others (a over b over c) are left out.
"""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

BOX_WIDTH, BOX_HEIGHT, GAP, ROW = 92, 26, 8, 52
MARGIN, HEADING = 14, 30
COLOURS = {"web": "#fff4e0", "hotspots": "#e3f2e8", "geodata": "#e4eefa"}


@dataclass(frozen=True)
class Package:
    """A package, or a part of one, with its rooms.

    Attributes
    ----------
    name
        Dotted, such as ``web.services``.
    about
        What its heading says.
    rows
        Names of its rooms, the row that may import all others first.
    """

    name: str
    about: str
    rows: list[list[str]]

    @property
    def width(self) -> int:
        most = max(len(row) for row in self.rows)
        return 2 * MARGIN + most * BOX_WIDTH + (most - 1) * GAP

    @property
    def height(self) -> int:
        return HEADING + len(self.rows) * ROW


def rooms_picture(root: Path) -> str:
    """The house as SVG."""
    pages, services, hotspots, geodata = packages(root)
    width = max(pages.width, hotspots.width + geodata.width + 3 * GAP)
    middle = width / 2
    floor = pages.height + services.height + 3 * ROW
    left = middle - (hotspots.width + geodata.width + 3 * GAP) / 2
    places = [
        (pages, middle - pages.width / 2, 0.0),
        (services, middle - services.width / 2, pages.height + ROW),
        (hotspots, left, floor - ROW),
        (geodata, left + hotspots.width + 3 * GAP, floor - ROW),
    ]
    height = floor - ROW + max(hotspots.height, geodata.height)
    parts = [_drawn(package, x, y, root) for package, x, y in places]
    parts += _between(places)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-6 -6 {width + 12} {height + 12}" '
        'role="img" font-family="Arial, sans-serif" font-size="13">'
        "<title>Rooms of the three packages, and which imports which</title>"
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#555"/></marker></defs>'
        f'<rect x="-6" y="-6" width="{width + 12}" height="{height + 12}" fill="#fff"/>'
        f"{''.join(parts)}</svg>"
    )


def packages(root: Path) -> list[Package]:
    """Pages, use cases, analysis and store, with the rows that import-linter holds."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    rows = {
        contract["containers"][0]: [
            [room.strip() for room in layer.split("|")] for layer in contract["layers"]
        ]
        for contract in contracts
        if contract["type"] == "layers" and "containers" in contract
    }
    audiences = next(c["modules"] for c in contracts if c["type"] == "independence")
    pages = [[module.rpartition(".")[2] for module in audiences]]
    return [
        Package("web", "web: pages, one package an audience", pages),
        Package("web.services", "web.services: use cases, no Flask", rows["web.services"]),
        Package("hotspots", "hotspots: analysis, frames in and out", rows["hotspots"]),
        Package("geodata", "geodata: store, rules, files", rows["geodata"]),
    ]


def room_imports(root: Path, package: Package) -> set[tuple[str, str]]:
    """(importing room, imported room) of every import inside a package."""
    folder = root / package.name.replace(".", "/")
    rooms = {room for row in package.rows for room in row}
    edges = set()
    for room in rooms:
        for path in (folder / room).rglob("*.py"):
            if not path.stem.isidentifier():  # a migration: run by Alembic, imported by nobody
                continue
            for name in _imported(ast.parse(path.read_text(encoding="utf-8"))):
                target = name.removeprefix(f"{package.name}.").partition(".")[0]
                if name.startswith(f"{package.name}.") and target in rooms - {room}:
                    edges.add((room, target))
    return edges


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def without_shortcuts(edges: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The edges that no longer path implies.

    >>> sorted(without_shortcuts({("a", "b"), ("b", "c"), ("a", "c")}))
    [('a', 'b'), ('b', 'c')]
    """
    targets: dict[str, set[str]] = {}
    for start, end in edges:
        targets.setdefault(start, set()).add(end)

    def reached(start: str) -> set[str]:
        ends = targets.get(start, set())
        return ends.union(*(reached(end) for end in ends))

    return {
        (start, end)
        for start, end in edges
        if not any(end in reached(other) for other in targets[start] - {end})
    }


def _drawn(package: Package, x: float, y: float, root: Path) -> str:
    colour = COLOURS[package.name.partition(".")[0]]
    floor = (
        f'<rect x="{x}" y="{y}" width="{package.width}" height="{package.height}" rx="6" '
        f'fill="{colour}" stroke="#888"/>'
    )
    heading = (
        f'<text x="{x + MARGIN}" y="{y + 20}" font-weight="bold">{escape(package.about)}</text>'
    )
    parts = [floor, heading]
    centres = _centres(package, x, y)
    for start, end in sorted(without_shortcuts(room_imports(root, package))):
        parts.append(_arrow(*_shifted(centres[start], 1), *_shifted(centres[end], -1)))
    for room, (middle, level) in centres.items():
        parts.append(
            f'<rect x="{middle - BOX_WIDTH / 2}" y="{level - BOX_HEIGHT / 2}" rx="4" '
            f'width="{BOX_WIDTH}" height="{BOX_HEIGHT}" fill="#fff" stroke="#444"/>'
            f'<text x="{middle}" y="{level + 4.5}" text-anchor="middle">{escape(room)}</text>'
        )
    return "".join(parts)


def _centres(package: Package, x: float, y: float) -> dict[str, tuple[float, float]]:
    places = {}
    for number, row in enumerate(package.rows):
        length = len(row) * BOX_WIDTH + (len(row) - 1) * GAP
        start = x + (package.width - length + BOX_WIDTH) / 2
        for position, room in enumerate(row):
            level = y + HEADING + number * ROW + BOX_HEIGHT / 2 + 4
            places[room] = (start + position * (BOX_WIDTH + GAP), level)
    return places


def _shifted(centre: tuple[float, float], direction: int) -> tuple[float, float]:
    return centre[0], centre[1] + direction * BOX_HEIGHT / 2


def _arrow(x1: float, y1: float, x2: float, y2: float, width: float = 1) -> str:
    bend = (y2 - y1) / 2
    return (
        f'<path d="M{x1} {y1}C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2}" fill="none" '
        f'stroke="#555" stroke-opacity="0.7" stroke-width="{width}" marker-end="url(#tip)"/>'
    )


def _between(places: list[tuple[Package, float, float]]) -> list[str]:
    """Pages call use cases; use cases compose analysis and store, which never import each other."""
    (pages, x, y), (services, sx, sy), *lower = places
    centre, bottom = sx + services.width / 2, sy + services.height
    arrows = [_arrow(x + pages.width / 2, y + pages.height, centre, sy, 3)]
    for package, left, top in lower:
        arrows.append(_arrow(centre, bottom, left + package.width / 2, top, 3))
    return arrows
