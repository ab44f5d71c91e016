"""The tables, one idea a file. Only ``geodata`` imports them; others use its functions."""

from geodata.base import Base
from geodata.models.actions import ActionEvent, Authorisation, EnforcementAction, Issuer
from geodata.models.administration import AuditEntry, OutboxMessage, RuleRow, Setting, User
from geodata.models.clearances import Clearance, ContractPeriod
from geodata.models.detections import (
    DetectionRun,
    Hotspot,
    HotspotIdentity,
    HotspotIncident,
    HotspotNote,
    HotspotSuccession,
    HotspotWatch,
)
from geodata.models.drafts import DraftPhoto, ReportDraft
from geodata.models.gazetteer import GazetteerEntry, GazetteerWord
from geodata.models.imports import ImportBatch
from geodata.models.incidents import Incident, IncidentEvent
from geodata.models.interventions import (
    Campaign,
    CampaignWording,
    Intervention,
    PosterEvent,
    PosterSite,
)
from geodata.models.orders import Order, OrderTask, OrderVersion, Prohibition
from geodata.models.patrols import PatrolPlan, PatrolStop, PatrolVisit
from geodata.models.photos import Photo, PhotoContent
from geodata.models.places import Place
from geodata.models.reports import Report, ReporterContact
from geodata.models.streets import Street

__all__ = [
    "ActionEvent",
    "AuditEntry",
    "Authorisation",
    "Base",
    "Campaign",
    "CampaignWording",
    "Clearance",
    "ContractPeriod",
    "DetectionRun",
    "DraftPhoto",
    "EnforcementAction",
    "GazetteerEntry",
    "GazetteerWord",
    "Hotspot",
    "HotspotIdentity",
    "HotspotIncident",
    "HotspotNote",
    "HotspotSuccession",
    "HotspotWatch",
    "ImportBatch",
    "Incident",
    "IncidentEvent",
    "Intervention",
    "Issuer",
    "Order",
    "OrderTask",
    "OrderVersion",
    "OutboxMessage",
    "PatrolPlan",
    "PatrolStop",
    "PatrolVisit",
    "Photo",
    "PhotoContent",
    "Place",
    "PosterEvent",
    "PosterSite",
    "Prohibition",
    "Report",
    "ReportDraft",
    "ReporterContact",
    "RuleRow",
    "Setting",
    "Street",
    "User",
]
