"""Layers out to files; what leaves of enforcement is in the audit."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from geodata.clearances.contracts import crew_scope, firms_of
from geodata.core.errors import RefusedError
from geodata.exporters import export_gis, export_layer
from geodata.incidents.jobs import open_of
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.days import local_day
from web.services.enforcement import ENTITY

AUDITED_LAYERS = frozenset({"actions", "action_events"})
"""Their export writes to the audit, so it takes a session that may write."""


def export(session: Session, layer: str, path: Path, *, now: datetime) -> int:
    """Write a layer to a file; how many rows there are.

    Raises
    ------
    RefusedError
        See ``geodata.exporters.export_layer``.
    """
    rows = export_layer(session, layer, path)
    if layer in AUDITED_LAYERS:
        after = {"layer": layer, "rows": rows}
        audit.write(session, Actor(None, now), "export", ENTITY, after=after)
    return rows


def export_for_gis(
    session: Session, role: str, path: Path, *, firm: str | None, now: datetime
) -> dict[str, int]:
    """Write what a role may open in a GIS; rows by layer.

    Parameters
    ----------
    firm
        Whose open jobs a contractor's file holds; needed where the council keeps contracts.

    Raises
    ------
    RefusedError
        The firm holds no contract today, or see ``geodata.exporters.export_gis``.
    """
    if role != "contractor":
        return export_gis(session, role, path)
    day = local_day(now)
    scope = crew_scope(session, firm, day)
    if not scope.is_everything and scope.contractor is None:
        firms = ", ".join(sorted(firms_of(session, day))) or "nobody"
        raise RefusedError(
            f"{firm or 'nobody'} holds no contract today: give --contractor, of {firms}"
        )
    return export_gis(session, role, path, only={"jobs": open_of(scope)})
