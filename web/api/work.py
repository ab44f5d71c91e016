"""The contractor's own system: it pulls the jobs of its contract and sends outcomes back."""

from typing import Annotated

from flask import Response
from pydantic import Field
from shapely.geometry import Point

from geodata.core.geography import from_lonlat
from geodata.core.vocabulary import ChargerBand, Outcome, Scope
from web.api.listing import position_of
from web.api.moments import Moment
from web.api.operations import (
    Incoming,
    Operation,
    as_json,
    holder,
    idempotency_key,
    operation,
    sent_content,
)
from web.api.schemas import Job, Jobs, Latitude, Longitude, RecordedOutcome
from web.api.sent_pictures import sent_pictures
from web.clock import utc_now
from web.database import close_session, read_session, store
from web.services.api import jobs
from web.services.clearing import NewClearance, worklist
from web.services.reporting.sending import key_of

Count = Annotated[int, Field(ge=0, le=9_999)]


class OutcomeBody(Incoming):
    """What your crew found and did."""

    outcome: Outcome
    occurred_at: Moment = Field(description="When it was done, with its offset from UTC")
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    accuracy_m: Annotated[float, Field(gt=0, le=100_000)] | None = None
    charger_band: ChargerBand | None = None
    cylinders: Count | None = None
    sacks: Count | None = None
    weight_kg: Annotated[float, Field(ge=0, le=99_999)] | None = None
    disposal: Annotated[str, Field(max_length=40)] | None = None
    land_owner: Annotated[str, Field(max_length=200)] | None = Field(
        default=None, description="Needed where the outcome is not_our_land"
    )
    no_photo_reason: Annotated[str, Field(max_length=200)] | None = Field(
        default=None, description="Needed where something cleared has no photo"
    )
    duplicate_of: Annotated[str, Field(max_length=40)] | None = None
    note: Annotated[str, Field(max_length=1_000)] | None = None
    replaces_id: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        default=None, description="`clearance_id` of the entry that this one corrects"
    )


@operation("/jobs", Operation("List open jobs", Jobs, Scope.JOBS_READ))
def job_list() -> Jobs:
    """Open jobs of the key's contract, due soonest first."""
    open_jobs = jobs.open_jobs(read_session(), holder(), now=utc_now())
    return Jobs(jobs=[_job(each) for each in open_jobs])


@operation(
    "/jobs/<reference>", Operation("Read a job", Job, Scope.JOBS_READ, may_find_nothing=True)
)
def job(reference: str) -> Job:
    """One job, whatever its state."""
    return _job(jobs.job(read_session(), holder(), reference.upper(), now=utc_now()))


@operation(
    "/jobs/<reference>/outcomes",
    Operation(
        "Send an outcome",
        RecordedOutcome,
        Scope.OUTCOMES_WRITE,
        body=OutcomeBody,
        status=201,
        takes_photos=True,
        may_find_nothing=True,
        may_refuse=True,
    ),
    "POST",
)
def send_outcome(reference: str, body: OutcomeBody) -> Response:
    """Stored once under its `Idempotency-Key`; photos come as parts `photos`."""
    key, now = key_of(holder(), idempotency_key(), sent_content(body)), utc_now()
    incident_id = jobs.incident_id(read_session(), holder(), reference.upper(), now=now)
    values = body.model_dump(exclude={"longitude", "latitude"})
    new = NewClearance(
        incident_id,
        idempotency_key=key,
        position=_point(body),
        pictures=sent_pictures(),
        **values,
    )
    close_session()
    with store().writing() as session:
        recorded = jobs.record(session, holder(), new, now=now)
    answer = RecordedOutcome(
        clearance_id=recorded.clearance_id,
        reference=recorded.incident_key,
        state=recorded.state,
        is_new=recorded.is_new,
    )
    return as_json(answer, 201 if recorded.is_new else 200)


def _point(body: OutcomeBody) -> Point | None:
    if body.longitude is None or body.latitude is None:
        return None
    x, y = from_lonlat(body.longitude, body.latitude)
    is_ours = 0 <= x < 700_000 and 0 <= y < 1_300_000
    return Point(float(x), float(y)) if is_ours else None


def _job(open_job: worklist.Job) -> Job:
    values = {name: getattr(open_job, name) for name in Job.model_fields if hasattr(open_job, name)}
    return Job(
        reference=open_job.key, position=position_of(open_job.easting, open_job.northing), **values
    )
