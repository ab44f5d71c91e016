"""What the library's reference shows of each room."""

from importlib import import_module
from pathlib import Path

LIBRARY = Path(__file__).parents[2] / "hotspots"


def rooms() -> list[str]:
    """Every room of ``hotspots``."""
    return sorted(door.parent.name for door in LIBRARY.glob("*/__init__.py"))


def door_of(room: str) -> str:
    """Which names a room's door offers, and how to import them."""
    names = getattr(import_module(f"hotspots.{room}"), "__all__", [])
    if not names:
        return "Import from its modules, such as `from hotspots.core.frames import check_points`."
    listed = ", ".join(f"`{name}`" for name in names)
    return f"Importable from `hotspots.{room}`: {listed}."


def modules_of(room: str) -> str:
    """A section for each module of a room, for mkdocstrings to fill."""
    modules = sorted(path.stem for path in (LIBRARY / room).glob("[!_]*.py"))
    return "\n\n".join(f"::: hotspots.{room}.{module}" for module in modules)
