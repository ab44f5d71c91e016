"""Detection as the desk runs it: with the council's parameters, and all that follows a run."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.people.audit import Actor
from web.services.hotspots import detecting, detection_settings, suspecting
from web.services.hotspots.detecting import RunSummary


@dataclass(frozen=True)
class DeskRun:
    """A run, with how many of its hotspots are asked about."""

    summary: RunSummary
    suspected: int

    @property
    def sentence(self) -> str:
        """What an officer reads when it is done."""
        flagged = len(self.summary.hotspots)
        text = (
            f"Run {self.summary.run_id}: {flagged} hotspot{'' if flagged == 1 else 's'} among "
            f"{self.summary.incidents} incidents."
        )
        if self.suspected:
            text += f" Of these, {self.suspected} may be none: see the mark."
        return text


def run_now(session: Session, actor: Actor, *, as_of: datetime | None = None) -> DeskRun:
    """Run detection, mark what may be no hotspot, and save both.

    Raises
    ------
    RefusedError
        The moment lies in the future, or the store knows no borough.
    """
    moment = as_of or actor.now
    if moment > actor.now:
        raise RefusedError(f"{moment:%d/%m/%Y} is in the future: give a day that has passed")
    params = detection_settings.current(session)
    summary = detecting.run(session, params, as_of=moment, now=actor.now, user_id=actor.user_id)
    return DeskRun(summary, len(suspecting.mark_run(session, summary.run_id)))
