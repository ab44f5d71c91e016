"""Incidents by square and month, kept with a run: a film of the record reads no incident."""

import json
import zlib
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.models import RunGrid
from geodata.rules.days import corresponding_day

NAME = "months"


@dataclass(frozen=True)
class MonthSquares:
    """How many incidents each square has in each month that it has any in.

    Attributes
    ----------
    size_m
        Side of the squares.
    first
        The first month, as "2020-12".
    months
        How many there are from it on, those without any incident included.
    x, y
        South-west corner of each square, EPSG:27700.
    square, month, incidents
        One entry for each square and month with incidents: places in ``x`` and after ``first``,
        and how many.
    """

    size_m: float
    first: str
    months: int
    x: list[float]
    y: list[float]
    square: list[int]
    month: list[int]
    incidents: list[int]

    @property
    def firsts(self) -> list[date]:
        """First days of the months."""
        begins = date.fromisoformat(f"{self.first}-01")
        return [corresponding_day(begins, n) for n in range(self.months)]


def save_month_squares(session: Session, run_id: int, squares: MonthSquares) -> None:
    """Keep them with a run."""
    content = zlib.compress(json.dumps(asdict(squares)).encode())
    session.add(RunGrid(run_id=run_id, name=NAME, content=content))
    session.flush()


def month_squares_of(session: Session, run_id: int) -> MonthSquares | None:
    """A run's; None where it kept none, as older runs did."""
    query = select(RunGrid.content).where(RunGrid.run_id == run_id, RunGrid.name == NAME)
    content = session.scalar(query)
    return None if content is None else MonthSquares(**json.loads(zlib.decompress(content)))
