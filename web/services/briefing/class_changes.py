"""What became of the hotspots since the run of the day before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata import detections
from geodata.rules.days import day_starts, local_day

if TYPE_CHECKING:
    from geodata.models import DetectionRun

UNCLASSED = "not classed"


@dataclass(frozen=True)
class ClassChange:
    """A hotspot that came, went, or is of another class; ``before`` or ``after`` empty: none."""

    code: str
    name: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """What became of it.

        >>> ClassChange("H-0001", "Park", "", "new").words
        'New on the list: new'
        """
        if not self.before:
            return f"New on the list: {self.after}"
        if not self.after:
            return f"No hotspot any more, was {self.before}"
        return f"Was {self.before}, is {self.after}"


@dataclass(frozen=True)
class ClassChanges:
    """``since`` is when the run looks from that is compared with; None: there is no such run."""

    as_of: datetime | None
    since: datetime | None
    rows: tuple[ClassChange, ...] = ()


def class_changes(session: Session) -> ClassChanges:
    """The newest run against the last of an earlier day: a second run of a day hides nothing."""
    run = detections.latest_run(session)
    if run is None:
        return ClassChanges(None, None)
    before = detections.latest_run(session, as_of=day_starts(local_day(run.as_of)))
    if before is None:
        return ClassChanges(run.as_of, None)
    then, now = _classes(session, before), _classes(session, run)
    changed = [key for key in {**now, **then} if then.get(key) != now.get(key)]
    rows = tuple(ClassChange(*key, then.get(key, ""), now.get(key, "")) for key in changed)
    return ClassChanges(run.as_of, before.as_of, rows)


def _classes(session: Session, run: DetectionRun) -> dict[tuple[str, str], str]:
    return {
        (identity.code, identity.name): (
            hotspot.hotspot_class or hotspot.evidence.get("class") or UNCLASSED
        )
        for hotspot, identity in detections.hotspots_of(session, run.id)
    }
