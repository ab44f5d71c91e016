"""Two detection runs side by side: what they were asked, and what became of each hotspot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata import detections

if TYPE_CHECKING:
    from geodata.models import DetectionRun


@dataclass(frozen=True)
class Side:
    """A hotspot in one of the runs."""

    rank: int
    incidents: int
    q_value: float
    hotspot_class: str | None


@dataclass(frozen=True)
class ComparedHotspot:
    """A hotspot that either run flagged; None where one did not."""

    code: str
    name: str
    first: Side | None
    second: Side | None

    @property
    def what(self) -> str:
        """In words what became of it."""
        if self.first is None:
            return "Came"
        if self.second is None:
            return "Went"
        more = self.second.incidents - self.first.incidents
        return f"{more:+d} dumps" if more else "As many dumps"


@dataclass(frozen=True)
class RunComparison:
    """``differing_params`` are the parameters that differ, with both values."""

    first: DetectionRun
    second: DetectionRun
    differing_params: list[tuple[str, object, object]]
    hotspots: list[ComparedHotspot]


def compare_runs(session: Session, first_id: int, second_id: int) -> RunComparison:
    """Compare two runs, by the identities of their hotspots.

    The earlier stands first, whichever was chosen first: what it lacks came, and never went.

    Raises
    ------
    NotFoundError
        One of them is not there.
    """
    chosen = [detections.find_run(session, key) for key in (first_id, second_id)]
    first, second = sorted(chosen, key=lambda run: (run.as_of, run.id))
    names = {**first.params, **second.params}
    differing = [
        (name, first.params.get(name), second.params.get(name))
        for name in names
        if first.params.get(name) != second.params.get(name)
    ]
    before, after = _sides(session, first.id), _sides(session, second.id)
    rows = [
        ComparedHotspot(*label, before.get(label), after.get(label)) for label in before | after
    ]
    return RunComparison(first, second, differing, sorted(rows, key=_order))


def _sides(session: Session, run_id: int) -> dict[tuple[str, str], Side]:
    return {
        (identity.code, identity.name): Side(
            hotspot.rank,
            hotspot.incidents,
            hotspot.q_value,
            hotspot.hotspot_class or hotspot.evidence.get("class"),
        )
        for hotspot, identity in detections.hotspots_of(session, run_id)
    }


def _order(row: ComparedHotspot) -> tuple[int, int, str]:
    """By rank in the second run; those that went come last."""
    if row.second is not None:
        return 0, row.second.rank, row.code
    return 1, row.first.rank if row.first else 0, row.code
