"""Figures of a run cell by cell, kept with it: a map must not read the record to be drawn."""

import json
import zlib
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.models import RunGrid


@dataclass(frozen=True)
class Grid:
    """Square cells of a side in metres, each by its south-west corner (EPSG:27700) and a figure."""

    size_m: float
    x: list[float]
    y: list[float]
    figures: list[float]


def save_grid(session: Session, run_id: int, name: str, grid: Grid) -> None:
    """Keep a grid with a run."""
    content = zlib.compress(json.dumps(asdict(grid)).encode())
    session.add(RunGrid(run_id=run_id, name=name, content=content))
    session.flush()


def grid_of(session: Session, run_id: int, name: str) -> Grid | None:
    """A run's grid; None where it kept none, as older runs did."""
    query = select(RunGrid.content).where(RunGrid.run_id == run_id, RunGrid.name == name)
    content = session.scalar(query)
    return None if content is None else Grid(**json.loads(zlib.decompress(content)))
