"""The words that the store accepts. Each is written in the database as it is here."""

from enum import StrEnum


class Source(StrEnum):
    """Who noticed the canisters. Crew and patrol finds are proactive: no clock runs for them."""

    PUBLIC = "public"
    PARTNER = "partner"
    OFFICER = "officer"
    CREW = "crew"
    SYSTEM = "system"


class ChargerBand(StrEnum):
    """How many 8 g chargers lie there, as people estimate it."""

    NONE = "none"
    UP_TO_10 = "up_to_10"
    TO_50 = "11_to_50"
    TO_100 = "51_to_100"
    OVER_100 = "over_100"
    UNKNOWN = "unknown"


BAND_ESTIMATE = {  # the number that stands for a band where one is needed: its geometric middle
    ChargerBand.NONE: 0,
    ChargerBand.UP_TO_10: 5,
    ChargerBand.TO_50: 25,
    ChargerBand.TO_100: 75,
    ChargerBand.OVER_100: 150,
    ChargerBand.UNKNOWN: None,
}


def band_of(chargers: int) -> ChargerBand:
    """The band that a counted number of chargers falls in."""
    limits = ((0, "none"), (10, "up_to_10"), (50, "11_to_50"), (100, "51_to_100"))
    return ChargerBand(next((band for limit, band in limits if chargers <= limit), "over_100"))


class Outcome(StrEnum):
    """What the crew found and did. "Not found" is not "cleared"."""

    CLEARED = "cleared"
    NOT_FOUND = "not_found"
    NOT_OUR_LAND = "not_our_land"
    NO_ACCESS = "no_access"
    SPECIALIST = "specialist"
    DUPLICATE = "duplicate"
    TO_JOIN = "to_join"
    """The same as another job that the crew could not name: open until an officer joins them."""


CLOSING = frozenset({Outcome.CLEARED, Outcome.NOT_FOUND, Outcome.NOT_OUR_LAND, Outcome.DUPLICATE})


class IncidentState(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    CLEARED = "cleared"
    NOT_FOUND = "not_found"
    NOT_OUR_LAND = "not_our_land"
    DUPLICATE = "duplicate"
    LAPSED = "lapsed"


class IncidentEventKind(StrEnum):
    OPENED = "opened"
    REPORTED = "reported"
    CLEARANCE = "clearance"
    PAUSED = "paused"
    RESUMED = "resumed"
    REOPENED = "reopened"
    ESCALATED = "escalated"
    MERGED = "merged"
    SPLIT = "split"
    MOVED = "moved"
    REASSIGNED = "reassigned"
    REDACTED = "redacted"
    NOTE = "note"
    LAPSED = "lapsed"
    TIME_ACCEPTED = "time_accepted"


class Moderation(StrEnum):
    """Text and photos wait for an officer before others see them."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class PlaceKind(StrEnum):
    BOROUGH = "borough"
    WARD = "ward"
    CAR_PARK = "car_park"
    PARK = "park"
    STATION = "station"
    STREET = "street"
    BUILDING = "building"
    LAMP_COLUMN = "lamp_column"
    NEIGHBOUR = "neighbour"
    OTHER = "other"


class InterventionKind(StrEnum):
    POSTER = "poster"
    PATROL = "patrol"
    CCTV = "cctv"
    OPERATION = "operation"
    SCHOOL_VISIT = "school_visit"
    EVENT = "event"
    LIGHTING = "lighting"
    BIN = "bin"
    BARRIER = "barrier"
    OTHER = "other"


class ActionKind(StrEnum):
    """Ways to enforce. Dispersal is the police's alone, so it is only referred."""

    ADVICE = "advice"
    LITTER_FPN = "litter_fpn"
    FLY_TIPPING_FPN = "fly_tipping_fpn"
    PSPO_FPN = "pspo_fpn"
    KEEPER_PENALTY = "keeper_penalty"
    CAUTION = "caution"
    CPW = "cpw"
    CPN = "cpn"
    CPN_FPN = "cpn_fpn"
    REFERRAL = "referral"
    PROSECUTION = "prosecution"


class Conduct(StrEnum):
    """What a community protection warning, and the notice that follows it, is about."""

    LITTERING = "littering"
    DUMPING = "dumping"
    INHALING = "inhaling"
    GATHERING = "gathering"
    VEHICLE_NUISANCE = "vehicle_nuisance"
    NOISE = "noise"
    INTIMIDATION = "intimidation"
    LAND_NOT_KEPT = "land_not_kept"
    OTHER = "other"


CONDUCT_WORDS: dict[Conduct, str] = {
    Conduct.LITTERING: "Dropping or leaving litter",
    Conduct.DUMPING: "Dumping canisters or other waste",
    Conduct.INHALING: "Inhaling nitrous oxide in public",
    Conduct.GATHERING: "Gathering that troubles others",
    Conduct.VEHICLE_NUISANCE: "Nuisance by a vehicle",
    Conduct.NOISE: "Noise",
    Conduct.INTIMIDATION: "Threats or intimidation",
    Conduct.LAND_NOT_KEPT: "Letting litter lie on one's own land",
    Conduct.OTHER: "Something else, as the note says",
}


ACTION_WORDS: dict[ActionKind, str] = {
    ActionKind.ADVICE: "Words of advice",
    ActionKind.LITTER_FPN: "Litter penalty notice",
    ActionKind.FLY_TIPPING_FPN: "Fly-tipping penalty notice",
    ActionKind.PSPO_FPN: "Penalty notice for breach of an order",
    ActionKind.KEEPER_PENALTY: "Keeper's civil penalty (litter from a vehicle)",
    ActionKind.CAUTION: "Simple caution",
    ActionKind.CPW: "Community protection warning",
    ActionKind.CPN: "Community protection notice",
    ActionKind.CPN_FPN: "Penalty notice for breach of a community protection notice",
    ActionKind.REFERRAL: "Referral to the police",
    ActionKind.PROSECUTION: "Prosecution",
}
"""What people read for each."""


class Power(StrEnum):
    """What an issuer may be authorised for in writing."""

    LITTER = "epa1990_s88"
    ORDER = "asbcpa2014_s68"
    KEEPER = "si2018_171"
    COMMUNITY_PROTECTION = "asbcpa2014_s43"
    NOTICE_BREACH = "asbcpa2014_s52"
    FLY_TIPPING = "epa1990_s33za"


class PickUp(StrEnum):
    """Whether a person was given a chance to pick up what they dropped."""

    GIVEN = "given"
    NOT_GIVEN = "not_given"
    NOT_POSSIBLE = "not_possible"


class Recording(StrEnum):
    """What was recorded of an act, if anything was."""

    NO_RECORDING = "no_recording"
    BODY_WORN = "body_worn"
    CCTV = "cctv"


class CctvOutcome(StrEnum):
    """What came of a request for footage."""

    WAITING = "waiting"
    EXPORTED = "exported"
    NOTHING_USEFUL = "nothing_useful"
    REFUSED = "refused"


class IssuerKind(StrEnum):
    COUNCIL_OFFICER = "council_officer"
    CONTRACTOR = "contractor"
    PCSO = "pcso"
    CONSTABLE = "constable"


class NoticeState(StrEnum):
    """Where a penalty notice is in its life (DOMAIN.md section 3)."""

    DRAFT = "draft"
    ISSUED = "issued"
    REPRESENTATION = "representation"
    PAID_DISCOUNT = "paid_discount"
    PAID_FULL = "paid_full"
    UNPAID = "unpaid"
    REMINDER = "reminder"
    REFERRED_TO_LEGAL = "referred_to_legal"
    COURT = "court"
    CONVICTED = "convicted"
    ACQUITTED = "acquitted"
    WITHDRAWN = "withdrawn"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    VOID = "void"
    WRITTEN_OFF = "written_off"
    REJECTED = "representation_rejected"
    DISREGARDED = "representation_disregarded"
    APPEAL = "appeal"
    APPEAL_LATE = "appeal_late"
    APPEAL_ALLOWED = "appeal_allowed"
    APPEAL_DISMISSED = "appeal_dismissed"
    APPEAL_DIRECTED = "appeal_directed"
    INCREASED = "increased"
    ENFORCEMENT_NOTICE = "enforcement_notice"
    CIVIL_DEBT = "civil_debt"


class OrderChange(StrEnum):
    """How a version of an order came about."""

    MADE = "made"
    EXTENDED = "extended"
    VARIED = "varied"
    DISCHARGED = "discharged"


class AgeBand(StrEnum):
    """Held instead of a date of birth."""

    UNDER_10 = "under_10"
    TEN_TO_17 = "10_to_17"
    ADULT = "18_or_over"
    UNKNOWN = "unknown"


class WorkState(StrEnum):
    """How far the committee's work is."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    DONE = "done"
    NOT_ACCEPTED = "not_accepted"
    DROPPED = "dropped"


class NewsState(StrEnum):
    """What the press office made of a success."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    PARTNER = "partner"
    MEMBER = "member"
    CONTRACTOR = "contractor"
    OFFICER = "officer"
    MANAGER = "manager"
    ADMIN = "admin"


class Scope(StrEnum):
    """What a key of another system opens."""

    READ_PUBLIC = "read:public"
    READ_OFFICER = "read:officer"
    REPORTS_WRITE = "reports:write"
    JOBS_READ = "jobs:read"
    OUTCOMES_WRITE = "outcomes:write"


SCOPE_WORDS: dict[Scope, str] = {
    Scope.READ_PUBLIC: "Read what is published",
    Scope.READ_OFFICER: "Read reports, incidents and hotspots, as officers do",
    Scope.REPORTS_WRITE: "Send reports, and what their reporters add",
    Scope.JOBS_READ: "Read the jobs of a contract",
    Scope.OUTCOMES_WRITE: "Send outcomes of the jobs of a contract",
}
"""What people read for each."""
JOB_SCOPES = frozenset({Scope.JOBS_READ, Scope.OUTCOMES_WRITE})


class SystemKind(StrEnum):
    """What is exchanged with a system of somebody else's that this site calls."""

    JOBS = "jobs"
    TEAMS = "teams"
    SLACK = "slack"
    OPEN311 = "open311"


SYSTEM_WORDS: dict[SystemKind, str] = {
    SystemKind.JOBS: "The contractor’s job system: new jobs are pushed to it, signed",
    SystemKind.OPEN311: "FixMyStreet or another Open311 service: requests in, states back",
    SystemKind.TEAMS: "A channel in Microsoft Teams",
    SystemKind.SLACK: "A channel in Slack",
}
"""What people read for each."""
CHANNELS = (SystemKind.TEAMS, SystemKind.SLACK)


class AlertKind(StrEnum):
    """What an officer may ask to hear of."""

    NEW_HOTSPOT = "new_hotspot"
    OVERDUE = "overdue"


ALERT_WORDS: dict[AlertKind, str] = {
    AlertKind.NEW_HOTSPOT: "A new hotspot",
    AlertKind.OVERDUE: "Jobs that are overdue, each morning",
}
"""What people read for each."""


class AreaKind(StrEnum):
    """Areas that partners publish figures of."""

    WARD = "ward"
    BOROUGH = "borough"
    COUNTY = "county"
    FORCE = "force"


class Unit(StrEnum):
    """What an indicator is measured in; only counts are summed and tested."""

    COUNT = "count"
    PERCENT = "percent"
    RATE = "per_1000"
    POUNDS = "pounds"
    HOURS = "hours"
    DAYS = "days"


class Polarity(StrEnum):
    """Which way of an indicator is the better one."""

    LESS = "less"
    MORE = "more"
    NEUTRAL = "neutral"


class Disclosure(StrEnum):
    """Whom an indicator may be shown to; exempt ones have a paragraph of Schedule 12A."""

    PUBLIC = "public"
    EXEMPT = "exempt"
