"""The record as officers read it: incidents, reports, clearances, hotspots."""

from typing import Any

from geodata.core.errors import NotFoundError
from geodata.core.vocabulary import Scope
from geodata.exporters.layer_pages import Row
from web.api.listing import ListQuery, position, position_of, row_of, rows_of
from web.api.operations import Operation, operation
from web.api.schemas import (
    Clearance,
    Clearances,
    Hotspot,
    Hotspots,
    Incident,
    Incidents,
    Report,
    Reports,
)

OFFICER = Scope.READ_OFFICER


@operation("/incidents", Operation("List incidents", Incidents, OFFICER, ListQuery))
def incidents(query: ListQuery) -> Incidents:
    """Every dump, in the order in which it became known here."""
    rows, after = rows_of("incidents", query)
    return Incidents(incidents=[_incident(row) for row in rows], next=after)


@operation(
    "/incidents/<reference>",
    Operation("Read an incident", Incident, OFFICER, may_find_nothing=True),
)
def incident(reference: str) -> Incident:
    """One dump, by its reference."""
    return _incident(_row("incidents", "incident", reference.upper()))


@operation("/reports", Operation("List reports", Reports, OFFICER, ListQuery))
def report_list(query: ListQuery) -> Reports:
    """Every report; `since` finds also those whose incident changed."""
    rows, after = rows_of("reports", query)
    listed = [
        Report(reference=r.reference, position=position(r), **_but(r, "reference")) for r in rows
    ]
    return Reports(reports=listed, next=after)


@operation("/clearances", Operation("List clearances", Clearances, OFFICER, ListQuery))
def clearance_list(query: ListQuery) -> Clearances:
    """What crews did. One that `replaces_id` names was corrected by that row."""
    rows, after = rows_of("clearances", query)
    return Clearances(clearances=[_clearance(row) for row in rows], next=after)


@operation("/hotspots", Operation("List hotspots of the newest run", Hotspots, OFFICER, ListQuery))
def hotspot_list(query: ListQuery) -> Hotspots:
    """What the newest detection run found; `since` finds it where the run is that new."""
    rows, after = rows_of("hotspots", query)
    return Hotspots(hotspots=[_hotspot(row) for row in rows], next=after)


@operation("/hotspots/<code>", Operation("Read a hotspot", Hotspot, OFFICER, may_find_nothing=True))
def hotspot(code: str) -> Hotspot:
    """One hotspot of the newest run, by its code, such as H-0001."""
    return _hotspot(_row("hotspots", "hotspot of the newest run", code.upper()))


def _row(layer: str, what: str, reference: str) -> Row:
    row = row_of(layer, reference)
    if row is None:
        raise NotFoundError(f"There is no {what} {reference[:40]!r}: check the reference")
    return row


def _but(row: Row, *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.values.items() if name not in names}


def _incident(row: Row) -> Incident:
    return Incident(reference=row.reference, position=position(row), **_but(row, "key"))


def _clearance(row: Row) -> Clearance:
    return Clearance(report=row.values["report_ref"], **_but(row))


def _hotspot(row: Row) -> Hotspot:
    centre = position_of(row.values["centre_x"], row.values["centre_y"])
    return Hotspot(centre=centre, **_but(row))
