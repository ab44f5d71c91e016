"""The store's incidents as SaTScan's files: the council's question, put to another program."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from geodata import frames
from geodata.core import private_files
from geodata.core.errors import RefusedError
from hotspots.core.errors import HotspotsError
from hotspots.detection.satscan_question import satscan_question
from web.services.detection import detection_settings
from web.services.detection.at_risk import at_risk_of

ENDING = ".prm"
ENDINGS = ("geo", "cas", "pop", "prm")


def write(session: Session, path: Path, *, now: datetime) -> dict[str, int]:
    """Write the settings to a ``.prm`` and what they name beside it; lines of the others.

    Squares with counts go out, and no incident of its own. Months and exposure are the council's.

    Raises
    ------
    RefusedError
        The name does not end in .prm, a file is there already or cannot be written, or there is
        nothing to ask.
    """
    if path.suffix.lower() != ENDING:
        raise RefusedError(f"{path.name!r} must end in {ENDING}: the other files get its name")
    targets = {ending: path.with_suffix(f".{ending}") for ending in ENDINGS}
    for target in targets.values():
        if target.exists():
            raise RefusedError(f"{target} is there already: choose another name, or remove it")
    params = detection_settings.current(session)
    area = frames.study_area(session)
    if area.empty:
        raise RefusedError("this store knows no borough: make one with  hotspots init --area FILE")
    try:
        files = satscan_question(
            frames.incidents(session, as_of=now),
            area,
            as_of=now,
            months=params.months,
            exposure=at_risk_of(session, None).frame,
            max_radius_m=max(params.radii_m),
            name=path.stem,
        )
        texts = dict(zip(ENDINGS, (files.geo, files.cas, files.pop, files.prm), strict=True))
        for ending, target in targets.items():
            with private_files.written(target) as half:
                half.write_text(texts[ending], encoding="utf-8", newline="")
    except HotspotsError as error:
        raise RefusedError(str(error)) from None
    except OSError as error:
        raise RefusedError(f"{path} cannot be written: {error}") from None
    return {ending: texts[ending].count("\n") for ending in ENDINGS[:-1]}
