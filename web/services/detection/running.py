"""Detection as the desk runs it: with the council's parameters, and all that follows a run."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.people.audit import Actor
from geodata.rules.days import date_in_words, local_day
from geodata.store.engine import Store
from hotspots.core.executors import IN_TURN, Executor
from hotspots.detection import DetectionParams
from web.services.detection import detecting, detection_settings, run_saving
from web.services.detection.run_saving import RunSummary

TRIES = 3
AfterRun = Callable[[Session, RunSummary], object]


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


def run_apart(
    store: Store,
    actor: Actor,
    *,
    as_of: datetime | None = None,
    params: DetectionParams | None = None,
    exposure: str | None = None,
    streets: gpd.GeoDataFrame | None = None,
    executor: Executor = IN_TURN,
    then: AfterRun = lambda _session, _summary: None,
) -> DeskRun:
    """Read and compute while others write, and hold the writer's lock only to save.

    Parameters
    ----------
    params, exposure
        None: the council's.
    streets
        Lines, EPSG:27700, along which places are read too; None: the store's.
    executor
        Does the parts of the detection (`hotspots.core.executors`).
    then
        What else belongs to the transaction that saves.

    Raises
    ------
    RefusedError
        The moment lies in the future, the store knows no borough, or incidents were taken out
        while it computed, each time that it tried.
    """
    moment = _moment(actor, as_of)
    for _ in range(TRIES):
        with store.reading() as session:
            chosen = params or detection_settings.current(session)
            detection = detecting.find(
                session,
                chosen,
                as_of=moment,
                now=actor.now,
                user_id=actor.user_id,
                exposure=exposure,
                streets=streets,
                executor=executor,
            )
        with store.writing() as session:
            if run_saving.is_current(session, detection):
                summary = run_saving.save(session, detection)
                then(session, summary)
                return DeskRun(summary, summary.suspected)
    raise RefusedError(
        "incidents were taken out of the record while hotspots were detected: run it again when "
        "the import or its undoing is done"
    )


def _moment(actor: Actor, as_of: datetime | None) -> datetime:
    moment = as_of or actor.now
    if moment > actor.now:
        raise RefusedError(
            f"{date_in_words(local_day(moment))} is in the future: give a day that has passed"
        )
    return moment
