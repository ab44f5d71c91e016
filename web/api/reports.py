"""Reports of other systems: sent, and followed by their reference."""

from typing import Annotated, Literal

from flask import Response, url_for
from pydantic import Field

from geodata.core.vocabulary import ChargerBand, Scope, Source
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
from web.api.schemas import FollowedReport, Latitude, Longitude, SentReport, Step
from web.api.sent_pictures import sent_pictures
from web.clock import utc_now
from web.database import close_session, read_session, store
from web.services.reporting import receipts, sending
from web.services.reporting.intake import NewReport

Count = Annotated[int, Field(ge=0, le=9_999)]


class NewReportBody(Incoming):
    """What somebody told your system. Leave out who they are: it is not kept."""

    longitude: Longitude
    latitude: Latitude
    accuracy_m: Annotated[float, Field(gt=0, le=100_000)] | None = None
    source: Literal["public", "partner", "officer", "crew", "system"] = Field(
        default="public", description="Who noticed it: a clock runs for the public's reports alone"
    )
    reported_at: Moment | None = Field(default=None, description="When they told it; left out: now")
    charger_band: ChargerBand = ChargerBand.UNKNOWN
    cylinders: Count | None = None
    has_balloons: bool = False
    has_needles: bool = False
    has_glass: bool = False
    is_leaking: bool = False
    landmark: Annotated[str, Field(max_length=200)] | None = None
    description: Annotated[str, Field(max_length=sending.LONGEST_TEXT)] | None = None


@operation(
    "/reports",
    Operation(
        "Send a report",
        SentReport,
        Scope.REPORTS_WRITE,
        body=NewReportBody,
        status=201,
        takes_photos=True,
        may_refuse=True,
    ),
    "POST",
)
def send_report(body: NewReportBody) -> Response:
    """Stored once under its `Idempotency-Key`; it joins the open dump that it speaks of."""
    key = sending.key_of(holder(), idempotency_key(), sent_content(body))
    spot = sending.spot_of(sending.Position(body.longitude, body.latitude, body.accuracy_m))
    now, pictures = utc_now(), sent_pictures()
    values = body.model_dump(exclude={"longitude", "latitude", "accuracy_m", "reported_at"})
    new = NewReport(
        position=spot.point,
        accuracy_m=spot.accuracy_m,
        channel="api",
        reported_at=body.reported_at or now,
        idempotency_key=key,
        **values | {"source": Source(body.source).value},
    )
    close_session()
    with store().writing() as session:
        taken = sending.send(session, spot, new, pictures, now=now)
    answer = SentReport(
        reference=taken.reference,
        incident=taken.incident_key,
        is_new=taken.is_new,
        has_opened_incident=taken.has_opened,
        due_at=taken.due_at,
    )
    response = as_json(answer, 201 if taken.is_new else 200)
    response.headers["Location"] = url_for(".follow_report", reference=taken.reference)
    return response


@operation(
    "/reports/<reference>",
    Operation("Follow a report", FollowedReport, Scope.READ_PUBLIC, may_find_nothing=True),
)
def follow_report(reference: str) -> FollowedReport:
    """What its reporter sees of it, by its reference."""
    tracked = receipts.track(read_session(), reference, now=utc_now())
    return FollowedReport(
        reference=tracked.reference,
        reported_at=tracked.reported_at,
        status=tracked.status,
        explanation=tracked.explanation,
        due=tracked.due,
        is_overdue=tracked.is_overdue,
        history=[Step(at=at, what=what) for at, what in tracked.history],
    )
