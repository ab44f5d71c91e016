"""What the library's reference shows of each room."""

from pathlib import Path

LIBRARY = Path(__file__).parents[2] / "hotspots"


def rooms() -> list[str]:
    """Every room of ``hotspots``."""
    return sorted(door.parent.name for door in LIBRARY.glob("*/__init__.py"))


def modules_of(room: str) -> str:
    """A section for each module of a room, for mkdocstrings to fill."""
    modules = sorted(path.stem for path in (LIBRARY / room).glob("[!_]*.py"))
    return "\n".join(
        f"## {module.replace('_', ' ').capitalize()}\n\n::: hotspots.{room}.{module}\n"
        for module in modules
    )
