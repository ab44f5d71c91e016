"""What stands in answers: the words of the record, with units and time zones in the names."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from web.api.operations import Outgoing

Longitude = Annotated[float, Field(ge=-180, le=180, description="WGS 84 degrees")]
Latitude = Annotated[float, Field(ge=-90, le=90, description="WGS 84 degrees")]


class Position(Outgoing):
    """A point, in both systems."""

    longitude: Longitude
    latitude: Latitude
    easting: float = Field(description="British National Grid (EPSG:27700), metres")
    northing: float


class Step(Outgoing):
    """What happened, in words, and when."""

    at: AwareDatetime
    what: str


class SentReport(Outgoing):
    """A report that was stored."""

    reference: str = Field(description="Names the report. Whoever knows it can follow it")
    incident: str = Field(description="The dump that it speaks of")
    is_new: bool = Field(description="False where the same request had been sent before")
    has_opened_incident: bool
    due_at: AwareDatetime | None = Field(description="By when it is to be cleared; null: no clock")


class FollowedReport(Outgoing):
    """What its reporter may know of a report."""

    reference: str
    reported_at: AwareDatetime
    status: str
    explanation: str
    due: str = Field(description="By when, in words; empty where it is done")
    is_overdue: bool
    history: list[Step]


class Report(Outgoing):
    """A report without what was written freely."""

    reference: str
    reported_at: AwareDatetime
    source: str
    channel: str
    position: Position
    accuracy_m: float | None
    chargers: int | None = Field(description="8 g chargers, the middle of a band")
    cylinders: int | None


class Incident(Outgoing):
    """One dump: the reports that speak of it, until it is cleared."""

    reference: str
    state: str
    position: Position
    first_reported_at: AwareDatetime
    last_reported_at: AwareDatetime
    due_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    reports: int
    chargers: int | None
    cylinders: int | None
    has_needles: bool
    has_glass: bool
    is_leaking: bool


class Clearance(Outgoing):
    """What a crew did about an incident."""

    id: int
    report: str | None
    outcome: str
    occurred_at: AwareDatetime
    recorded_at: AwareDatetime
    chargers: int | None
    cylinders: int | None
    sacks: int | None
    weight_kg: float | None
    disposal: str | None
    contractor: str | None
    replaces_id: int | None
    voided_at: AwareDatetime | None


class Hotspot(Outgoing):
    """A place where dumps recur more than chance explains, as of the newest run."""

    code: str
    name: str
    rank: int
    as_of: AwareDatetime
    centre: Position
    radius_m: float
    area_m2: float
    incidents: int
    reports: int
    nights: int
    expected: float
    p_value: float
    q_value: float
    hotspot_class: str | None
    last_incident_at: AwareDatetime | None


class Page(Outgoing):
    """A page of a list. ``next`` is the address of the page after it."""

    next: str | None = Field(description="Address of the next page; null on the last one")


class Reports(Page):
    reports: list[Report]


class Incidents(Page):
    incidents: list[Incident]


class Clearances(Page):
    clearances: list[Clearance]


class Hotspots(Page):
    hotspots: list[Hotspot]


class Job(Outgoing):
    """What lies where, by when it is to be cleared, and with what care."""

    reference: str
    state: str
    due_at: AwareDatetime | None
    urgency: str
    first_reported_at: AwareDatetime
    reports: int
    ward: str
    place: str
    landmark: str
    land_type: str
    access: str
    position: Position
    grid_ref: str
    chargers: str
    cylinders: int | None
    hazards: list[str]
    care: list[str]
    contractor: str


class Jobs(Outgoing):
    jobs: list[Job]


class RecordedOutcome(Outgoing):
    """An outcome that was stored, and what the incident is now."""

    clearance_id: int
    reference: str
    state: str
    is_new: bool = Field(description="False where the same request had been sent before")


class Order(Outgoing):
    """A public spaces protection order that is in force."""

    name: str
    version: int
    valid_from: date
    valid_to: date | None
    prohibitions: list[str]


class Orders(Outgoing):
    orders: list[Order]


class Figure(Outgoing):
    """Released figures of an area in a period; null: withheld or not published for it."""

    period: str
    area: str
    reported: int | None
    fell_due: int | None
    cleared: int | None
    cleared_in_time: int | None
    cleared_in_time_percent: int | None
    released_at: AwareDatetime
    revised_at: AwareDatetime | None


class Figures(Outgoing):
    figures: list[Figure]


class Penalties(Outgoing):
    """How many of a kind were given in a year; null: so few that they are withheld."""

    year: str
    kind: str
    words: str
    given: int | None
    paid: int | None
    cancelled: int | None
    court: int | None
    other: int | None
    released_at: AwareDatetime


class PenaltyCounts(Outgoing):
    penalties: list[Penalties]
