"""Every layer that leaves the store as a file: its columns, and nothing else of its table.

No layer holds how to reach a reporter, what anybody wrote freely, or a penalty's recipient: a file
leaves the house.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from geodata.core.types import Geometry
from geodata.models import (
    ActionEvent,
    Base,
    Campaign,
    Clearance,
    DetectionRun,
    EnforcementAction,
    Hotspot,
    HotspotIdentity,
    Incident,
    IncidentEvent,
    Intervention,
    Order,
    OrderVersion,
    PatrolStop,
    PatrolVisit,
    Place,
    PosterEvent,
    PosterSite,
    Prohibition,
    Report,
    Street,
)


@dataclass(frozen=True)
class Layer:
    """A layer: its columns and where they come from.

    Attributes
    ----------
    columns
        The geometry first, where it has any; all of a row's own table, or of a joined one.
    joins
        Tables that are reached by a foreign key.
    newest_run_only
        Whether only what the newest detection run found goes out.
    """

    columns: tuple[Any, ...]
    joins: tuple[type[Base], ...] = ()
    newest_run_only: bool = False

    @property
    def has_geometry(self) -> bool:
        return isinstance(self.columns[0].type, Geometry)

    def query(self) -> Select[Any]:
        """All rows, ordered by their table's key."""
        main = self.columns[0].class_
        query = select(*self.columns).select_from(main)
        for table in self.joins:
            query = query.join(table, isouter=True)
        if OrderVersion in (main, *self.joins):  # not those that were taken back
            query = query.where(OrderVersion.withdrawn_at.is_(None))
        if self.newest_run_only:
            newest = select(DetectionRun.id).order_by(
                DetectionRun.as_of.desc(), DetectionRun.id.desc()
            )
            query = query.where(Hotspot.run_id == newest.limit(1).scalar_subquery())
        return query.order_by(main.id)


def _newest_event(column: Any, name: str) -> Any:
    """Of an action's newest event: its state now, and since when."""
    own = select(column).where(ActionEvent.action_id == EnforcementAction.id)
    newest = own.order_by(ActionEvent.id.desc()).limit(1)
    return newest.correlate(EnforcementAction).scalar_subquery().label(name)


HOTSPOT_COLUMNS = (
    Hotspot.geometry,
    HotspotIdentity.code,
    HotspotIdentity.name,
    Hotspot.rank,
    DetectionRun.as_of,
    Hotspot.incidents,
    Hotspot.reports,
    Hotspot.nights,
    Hotspot.expected,
    Hotspot.p_value,
    Hotspot.q_value,
    Hotspot.hotspot_class,
    Hotspot.last_incident_at,
    Hotspot.centre_x,
    Hotspot.centre_y,
    Hotspot.radius_m,
    Hotspot.area_m2,
    Hotspot.reason,
)

LAYERS = {
    "reports": Layer(
        (
            Report.geometry,
            Report.reference,
            Report.external_ref,
            Report.reported_at,
            Report.source,
            Report.channel,
            Report.accuracy_m,
            Report.charger_band,
            Report.chargers,
            Report.cylinders,
            Report.has_needles,
            Report.has_glass,
            Report.is_leaking,
            Report.from_vehicle,
            Report.first_seen_at,
            Report.last_clean_at,
        )
    ),
    "incidents": Layer(
        (
            Incident.geometry,
            Incident.key,
            Incident.state,
            Incident.first_reported_at,
            Incident.last_reported_at,
            Incident.first_public_at,
            Incident.due_at,
            Incident.due_rule,
            Incident.closed_at,
            Incident.reports,
            Incident.proactive_reports,
            Incident.chargers,
            Incident.cylinders,
            Incident.has_needles,
            Incident.has_glass,
            Incident.is_leaking,
            Incident.from_vehicle,
            Incident.first_seen_at,
            Incident.last_clean_at,
        )
    ),
    "clearances": Layer(
        (
            Clearance.geometry,
            Clearance.id,
            Clearance.external_ref,
            Clearance.occurred_at,
            Clearance.device_at,
            Clearance.recorded_at,
            Clearance.outcome,
            Report.reference.label("report_ref"),
            Clearance.charger_band,
            Clearance.chargers,
            Clearance.cylinders,
            Clearance.sacks,
            Clearance.weight_kg,
            Clearance.disposal,
            Clearance.contractor,
            Clearance.replaces_id,
            Clearance.voided_at,
        ),
        joins=(Report,),
    ),
    "places": Layer(
        (
            Place.geometry,
            Place.external_ref,
            Place.kind,
            Place.name,
            Place.code,
            Place.valid_from,
            Place.valid_to,
            Place.land_type,
            Place.landmark,
            Place.access,
        )
    ),
    "streets": Layer(
        (
            Street.geometry,
            Street.external_ref,
            Street.name,
            Street.road_class,
            Street.is_one_way,
        )
    ),
    "orders": Layer(
        (
            OrderVersion.geometry,
            OrderVersion.external_ref,
            Order.name,
            OrderVersion.number,
            OrderVersion.change,
            OrderVersion.made_on,
            OrderVersion.valid_from,
            OrderVersion.valid_to,
            OrderVersion.penalty_pence,
            OrderVersion.source,
            OrderVersion.is_verified,
        ),
        joins=(Order,),
    ),
    "actions": Layer(
        (
            EnforcementAction.geometry,
            EnforcementAction.reference,
            EnforcementAction.external_ref,
            EnforcementAction.kind,
            EnforcementAction.offence_code,
            EnforcementAction.conduct,
            EnforcementAction.offence_at,
            EnforcementAction.issued_on,
            EnforcementAction.given_on,
            EnforcementAction.amount_pence,
            EnforcementAction.discount_pence,
            EnforcementAction.discount_days,
            _newest_event(ActionEvent.state, "state"),
            _newest_event(ActionEvent.at, "state_at"),
            EnforcementAction.is_nitrous_oxide,
        )
    ),
    "interventions": Layer(
        (
            Intervention.geometry,
            Intervention.external_ref,
            Intervention.kind,
            Intervention.name,
            Intervention.valid_from,
            Intervention.valid_to,
            Intervention.cost_pence,
        )
    ),
    "poster_sites": Layer(
        (
            PosterSite.geometry,
            PosterSite.code,
            PosterSite.name,
            PosterSite.is_candidate,
            PosterSite.retired_at,
        )
    ),
    "poster_events": Layer(
        (PosterEvent.id, PosterSite.code.label("site"), PosterEvent.kind, PosterEvent.at),
        joins=(PosterSite,),
    ),
    "campaigns": Layer(
        (
            Campaign.id,
            Campaign.name,
            Campaign.valid_from,
            Campaign.valid_to,
            Campaign.review_on,
        )
    ),
    "prohibitions": Layer(
        (
            Prohibition.id,
            Order.name.label("order"),
            OrderVersion.number,
            Prohibition.code,
            Prohibition.text,
        ),
        joins=(OrderVersion, Order),
    ),
    "incident_events": Layer(
        (
            IncidentEvent.id,
            Incident.key.label("incident"),
            IncidentEvent.kind,
            IncidentEvent.at,
            IncidentEvent.recorded_at,
        ),
        joins=(Incident,),
    ),
    "action_events": Layer(
        (
            ActionEvent.id,
            EnforcementAction.reference.label("action"),
            ActionEvent.state,
            ActionEvent.at,
            ActionEvent.recorded_at,
        ),
        joins=(EnforcementAction,),
    ),
    "patrol_stops": Layer(
        (
            PatrolStop.geometry,
            PatrolStop.plan_id,
            PatrolStop.team,
            PatrolStop.position,
            PatrolStop.name,
            PatrolStop.arrives_at,
            PatrolStop.leaves_at,
            PatrolStop.reason,
        )
    ),
    "patrol_visits": Layer(
        (
            PatrolVisit.geometry,
            PatrolVisit.plan_id,
            PatrolVisit.stop_id,
            PatrolVisit.arrived_at,
            PatrolVisit.left_at,
            PatrolVisit.canisters_seen,
            PatrolVisit.chargers,
            PatrolVisit.cylinders,
            PatrolVisit.people_spoken_to,
        )
    ),
    "runs": Layer(
        (
            DetectionRun.id,
            DetectionRun.as_of,
            DetectionRun.run_at,
            DetectionRun.incidents,
            DetectionRun.code_version,
            DetectionRun.data_fingerprint,
        )
    ),
    "hotspots": Layer(HOTSPOT_COLUMNS, joins=(HotspotIdentity, DetectionRun), newest_run_only=True),
    "hotspot_history": Layer(HOTSPOT_COLUMNS, joins=(HotspotIdentity, DetectionRun)),
}
"""Every layer that can be exported, by name. ``hotspots`` are those of the newest run,
``hotspot_history`` those of all runs."""
