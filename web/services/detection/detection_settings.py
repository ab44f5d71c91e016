"""The parameters of detection that a council has chosen, kept as a setting."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy.orm import Session

from geodata.people import audit
from geodata.people.audit import Actor
from geodata.places import exposures
from geodata.store import settings
from hotspots.detection import DetectionParams

NAME = "detection_params"
EXPOSURE = "detection_exposure"


def current(session: Session) -> DetectionParams:
    """The council's parameters; the defaults where it has chosen none."""
    return from_record(settings.read(session, NAME, {}))


def save(session: Session, actor: Actor, params: DetectionParams) -> None:
    """Choose parameters for every run from now on; the log keeps what they were."""
    before = settings.read(session, NAME)
    settings.write(session, NAME, as_record(params))
    audit.write(
        session, actor, "change", "detection_params", before=before, after=as_record(params)
    )


def exposure(session: Session) -> str:
    """Key of what the council says dumping follows (``exposures``); empty: ground alone."""
    key: str = settings.read(session, EXPOSURE, "")
    return key


def save_exposure(session: Session, actor: Actor, key: str) -> None:
    """Choose what runs from now on hold places against; empty for ground alone.

    Raises
    ------
    RefusedError
        The store holds no such exposure.
    """
    before = exposure(session)
    if key == before:
        return
    if key:
        exposures.find(session, key)
    settings.write(session, EXPOSURE, key)
    audit.write(session, actor, "change", EXPOSURE, before={"key": before}, after={"key": key})


def as_record(params: DetectionParams) -> dict[str, Any]:
    """Parameters as JSON holds them."""
    return asdict(params) | {"radii_m": list(params.radii_m)}


def from_record(record: Mapping[str, Any]) -> DetectionParams:
    """Parameters from JSON: of a setting, or of a run's record.

    What this version does not know is left out; what the record does not say is the default.
    """
    known = {field.name for field in fields(DetectionParams)}
    values = {name: value for name, value in record.items() if name in known}
    if "radii_m" in values:
        values["radii_m"] = tuple(values["radii_m"])
    return DetectionParams(**values)
