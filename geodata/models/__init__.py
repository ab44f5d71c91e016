"""The tables, one idea a file. Only ``geodata`` imports them; others use its functions."""

from geodata.core.base import Base
from geodata.models.clearances import Clearance, ContractPeriod
from geodata.models.committee import (
    CommitteeDraft,
    CommitteeRelease,
    WordTemplate,
    WorkItem,
    WorkItemEvent,
)
from geodata.models.day_counts import DayCount
from geodata.models.detections import (
    DetectionRun,
    Hotspot,
    HotspotIdentity,
    HotspotIncident,
    HotspotNote,
    HotspotSuccession,
    HotspotWatch,
    RunGrid,
)
from geodata.models.enforcement import (
    ActionEvent,
    ActionEvidence,
    Authorisation,
    CctvRequest,
    EnforcementAction,
    Issuer,
    Order,
    OrderTask,
    OrderVersion,
    Prohibition,
)
from geodata.models.exchange import RemoteRequest, RemoteSystem
from geodata.models.following import AlertRule, Follower
from geodata.models.good_news import GoodNews, GoodNewsEvent
from geodata.models.holds import LegalHold
from geodata.models.importers import FeedChange, ImportBatch, MarkedText
from geodata.models.incidents import Incident, IncidentEvent
from geodata.models.indicators import Indicator, Observation, Population
from geodata.models.job_months import JobMonth, KeptJobs
from geodata.models.machines import ApiKey, MachineUpdate
from geodata.models.media import Photo, PhotoContent
from geodata.models.patrols import PatrolPlan, PatrolStop, PatrolVisit
from geodata.models.people import (
    AuditEntry,
    Invitation,
    OutboxMessage,
    RecoveryCode,
    SignInTry,
    User,
    UserSession,
)
from geodata.models.places import (
    CovariateFeature,
    ExposureFeature,
    GazetteerEntry,
    GazetteerWord,
    Place,
    Street,
)
from geodata.models.posters import (
    Campaign,
    CampaignWording,
    Intervention,
    PosterEvent,
    PosterSite,
)
from geodata.models.releases import FigureRelease
from geodata.models.reports import DraftPhoto, Report, ReportDraft, ReporterContact
from geodata.models.store import RuleRow, Setting
from geodata.models.translations import TranslatedText

__all__ = [
    "ActionEvent",
    "ActionEvidence",
    "AlertRule",
    "ApiKey",
    "AuditEntry",
    "Authorisation",
    "Base",
    "Campaign",
    "CampaignWording",
    "CctvRequest",
    "Clearance",
    "CommitteeDraft",
    "CommitteeRelease",
    "ContractPeriod",
    "CovariateFeature",
    "DayCount",
    "DetectionRun",
    "DraftPhoto",
    "EnforcementAction",
    "ExposureFeature",
    "FeedChange",
    "FigureRelease",
    "Follower",
    "GazetteerEntry",
    "GazetteerWord",
    "GoodNews",
    "GoodNewsEvent",
    "Hotspot",
    "HotspotIdentity",
    "HotspotIncident",
    "HotspotNote",
    "HotspotSuccession",
    "HotspotWatch",
    "ImportBatch",
    "Incident",
    "IncidentEvent",
    "Indicator",
    "Intervention",
    "Invitation",
    "Issuer",
    "JobMonth",
    "KeptJobs",
    "LegalHold",
    "MachineUpdate",
    "MarkedText",
    "Observation",
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
    "Population",
    "PosterEvent",
    "PosterSite",
    "Prohibition",
    "RecoveryCode",
    "RemoteRequest",
    "RemoteSystem",
    "Report",
    "ReportDraft",
    "ReporterContact",
    "RuleRow",
    "RunGrid",
    "Setting",
    "SignInTry",
    "Street",
    "TranslatedText",
    "User",
    "UserSession",
    "WordTemplate",
    "WorkItem",
    "WorkItemEvent",
]
